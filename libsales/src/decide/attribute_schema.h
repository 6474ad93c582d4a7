// The attributes that a workspace's leads may have: what a schema is, whether values fit it, and
// whether policies compare them as their types allow.
#ifndef SALES_SRC_DECIDE_ATTRIBUTE_SCHEMA_H_
#define SALES_SRC_DECIDE_ATTRIBUTE_SCHEMA_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "sales/attribute.h"
#include "sales/funnel.h"

namespace sales {

// By key, in the order that the workspace gave. Empty: every attribute may be, as text.
using AttributeSchema = std::vector<AttributeDefinition>;

// "NUMBER"; empty for what is no type.
const char* AttributeTypeName(AttributeType type);

// Checks a schema. Errors: LIST_TOO_LONG, ID_INVALID, FIELD_REQUIRED, FIELD_INVALID, ENUM_UNKNOWN,
// TEXT_TOO_LONG, TEXT_INVALID.
absl::Status CheckAttributeSchema(std::string_view field, const AttributeSchema& schema);

// Whether every attribute is one of the schema's and has a value of its type. Errors:
// ATTRIBUTE_UNKNOWN, ATTRIBUTE_INVALID (metadata `attribute`, `type`); no message repeats a value.
absl::Status CheckAttributeValues(std::string_view field,
                                  const std::map<std::string, std::string>& attributes,
                                  const AttributeSchema& schema);

// Whether a text is a value of the type; those of an ENUM are the schema's to say.
bool FitsType(AttributeType type, std::string_view value);

// Every comparison of a policy that the schema's attributes cannot have: ATTRIBUTE_UNKNOWN,
// VALUE_INVALID, COMPARISON_INVALID, each with its path. None for an empty schema.
std::vector<PolicyFault> CheckComparedAttributes(const FunnelPolicy& policy,
                                                 const AttributeSchema& schema);

// The type of the attribute; kUnspecified for one that the schema lacks.
AttributeType TypeOfAttribute(const AttributeSchema& schema, const std::string& key);

// Says in each comparison of an attribute by which type it compares.
void TypeComparedAttributes(const AttributeSchema& schema, FunnelPolicy& policy);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_ATTRIBUTE_SCHEMA_H_
