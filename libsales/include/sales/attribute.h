#ifndef SALES_ATTRIBUTE_H_
#define SALES_ATTRIBUTE_H_

#include <string>
#include <vector>

namespace sales {

enum class AttributeType {
  kUnspecified = 0,
  kText = 1,
  // A decimal number of any size: "-12.5".
  kNumber = 2,
  // "true" or "false".
  kBoolean = 3,
  // An ISO 8601 civil day: "2026-01-31".
  kDate = 4,
  // One of AttributeDefinition::values.
  kEnum = 5,
};

// What an attribute of leads is called and what its values are.
struct AttributeDefinition {
  std::string key;
  std::string display_name;
  AttributeType type = AttributeType::kUnspecified;
  // Of kEnum, at least one.
  std::vector<std::string> values;
};

}  // namespace sales

#endif  // SALES_ATTRIBUTE_H_
