#include "src/decide/attribute_schema.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

#include "absl/time/civil_time.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

std::string At(std::string_view path, size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

const AttributeDefinition* Find(const AttributeSchema& schema, const std::string& key) {
  for (const AttributeDefinition& definition : schema) {
    if (definition.key == key) return &definition;
  }
  return nullptr;
}

bool AreDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "0", "-12.5": written in one way only, but for zeros at the end of a fraction.
bool IsNumber(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (!AreDigits(whole) || (whole.size() > 1 && whole.front() == '0')) return false;
  return point == std::string_view::npos || AreDigits(text.substr(point + 1));
}

bool IsDay(std::string_view text) {
  const std::optional<absl::CivilDay> day = ParseDay(text);
  return day.has_value() && CheckDay("", *day).ok();
}

bool Fits(const AttributeDefinition& definition, std::string_view value) {
  if (definition.type != AttributeType::kEnum) return FitsType(definition.type, value);
  return std::find(definition.values.begin(), definition.values.end(), value) !=
         definition.values.end();
}

// What a value is to be, for people.
std::string Expected(const AttributeDefinition& definition) {
  constexpr size_t kListed = 12;
  std::string text;
  switch (definition.type) {
    case AttributeType::kNumber:
      return "a decimal number, such as -12.5";
    case AttributeType::kBoolean:
      return "true or false";
    case AttributeType::kDate:
      return "an ISO 8601 day from 1970 up to 2200, such as 2026-01-31";
    case AttributeType::kEnum:
      for (size_t i = 0; i < definition.values.size() && i < kListed; ++i) {
        text += (i == 0 ? "one of " : ", ") + definition.values[i];
      }
      if (definition.values.size() <= kListed) return text;
      return text + " and " + std::to_string(definition.values.size() - kListed) + " more";
    default:
      return "a text";
  }
}

absl::Status CheckChoices(const std::string& path, const AttributeDefinition& definition) {
  if (definition.type != AttributeType::kEnum) {
    if (definition.values.empty()) return absl::OkStatus();
    return FieldError(Reason::kFieldInvalid, path, "only an attribute of type ENUM lists values");
  }
  if (definition.values.empty()) {
    return FieldError(Reason::kFieldRequired, path, "an attribute of type ENUM needs a value");
  }
  SALES_RETURN_IF_ERROR(CheckList(path, definition.values.size(), limits::attribute_values_max));
  std::set<std::string> seen;
  for (size_t i = 0; i < definition.values.size(); ++i) {
    const std::string& value = definition.values[i];
    SALES_RETURN_IF_ERROR(
        CheckRequiredText(At(path, i), value, limits::attribute_choice_bytes_max));
    if (!seen.insert(value).second) {
      return FieldError(Reason::kFieldInvalid, At(path, i), "stands in the list already");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDefinition(const std::string& path, const AttributeDefinition& definition) {
  SALES_RETURN_IF_ERROR(CheckId(path + ".key", definition.key));
  SALES_RETURN_IF_ERROR(
      CheckText(path + ".display_name", definition.display_name, limits::display_name_bytes_max));
  if (definition.type == AttributeType::kUnspecified) {
    return FieldError(Reason::kFieldRequired, path + ".type", "is needed");
  }
  if (*AttributeTypeName(definition.type) == '\0') {
    return FieldError(Reason::kEnumUnknown, path + ".type", "is no type of attributes");
  }
  return CheckChoices(path + ".values", definition);
}

// Walks a policy's conditions with their paths, which are those of ValidateFunnelPolicy.
template <typename ConditionType, typename Visit>
void ForEachComparison(const std::string& path, ConditionType& condition, const Visit& visit) {
  const auto children = [&](const std::string& list) {
    for (size_t i = 0; i < condition.children.size(); ++i) {
      ForEachComparison(At(list, i), condition.children[i], visit);
    }
  };
  switch (condition.kind) {
    case Condition::Kind::kAllOf:
      return children(path + ".all_of");
    case Condition::Kind::kAnyOf:
      return children(path + ".any_of");
    case Condition::Kind::kNot:
      for (auto& child : condition.children) ForEachComparison(path + ".not", child, visit);
      return;
    case Condition::Kind::kAttribute:
      return visit(path + ".attribute", condition);
    default:
      return;
  }
}

template <typename Policy, typename Visit>
void ForEachComparison(Policy& policy, const Visit& visit) {
  for (size_t i = 0; i < policy.stages.size(); ++i) {
    ForEachComparison(At("stages", i) + ".entry", policy.stages[i].entry, visit);
  }
}

bool HasOrder(AttributeType type) {
  return type != AttributeType::kBoolean && type != AttributeType::kEnum;
}

bool AsksForOrder(Comparison comparison) {
  return comparison != Comparison::kEqual && comparison != Comparison::kNotEqual &&
         comparison != Comparison::kSet;
}

}  // namespace

const char* AttributeTypeName(AttributeType type) {
  switch (type) {
    case AttributeType::kText:
      return "TEXT";
    case AttributeType::kNumber:
      return "NUMBER";
    case AttributeType::kBoolean:
      return "BOOLEAN";
    case AttributeType::kDate:
      return "DATE";
    case AttributeType::kEnum:
      return "ENUM";
    case AttributeType::kUnspecified:
      break;
  }
  return "";
}

bool FitsType(AttributeType type, std::string_view value) {
  switch (type) {
    case AttributeType::kNumber:
      return IsNumber(value);
    case AttributeType::kBoolean:
      return value == "true" || value == "false";
    case AttributeType::kDate:
      return IsDay(value);
    default:
      return true;
  }
}

absl::Status CheckAttributeSchema(std::string_view field, const AttributeSchema& schema) {
  SALES_RETURN_IF_ERROR(CheckList(field, schema.size(), limits::attributes_max));
  std::set<std::string> keys;
  for (size_t i = 0; i < schema.size(); ++i) {
    const std::string path = At(field, i);
    SALES_RETURN_IF_ERROR(CheckDefinition(path, schema[i]));
    if (!keys.insert(schema[i].key).second) {
      return FieldError(Reason::kFieldInvalid, path + ".key", "is another attribute's already");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAttributeValues(std::string_view field,
                                  const std::map<std::string, std::string>& attributes,
                                  const AttributeSchema& schema) {
  if (schema.empty()) return absl::OkStatus();
  for (const auto& [key, value] : attributes) {
    const std::string path = std::string(field) + "[\"" + key + "\"]";
    const AttributeDefinition* const definition = Find(schema, key);
    if (definition == nullptr) {
      return WithMetadata(FieldError(Reason::kAttributeUnknown, path,
                                     "is none of the attributes that the workspace defines"),
                          "attribute", key);
    }
    if (Fits(*definition, value)) continue;
    return WithMetadata(
        WithMetadata(FieldError(Reason::kAttributeInvalid, path, "is not " + Expected(*definition)),
                     "attribute", key),
        "type", AttributeTypeName(definition->type));
  }
  return absl::OkStatus();
}

std::vector<PolicyFault> CheckComparedAttributes(const FunnelPolicy& policy,
                                                 const AttributeSchema& schema) {
  std::vector<PolicyFault> faults;
  if (schema.empty()) return faults;
  ForEachComparison(policy, [&](const std::string& path, const Condition& condition) {
    const AttributeDefinition* const definition = Find(schema, condition.key);
    if (definition == nullptr) {
      faults.push_back({path + ".key", "ATTRIBUTE_UNKNOWN",
                        "is none of the attributes that the workspace defines"});
      return;
    }
    if (AsksForOrder(condition.comparison) && !HasOrder(definition->type)) {
      faults.push_back({path + ".operator", "COMPARISON_INVALID",
                        std::string("values of type ") + AttributeTypeName(definition->type) +
                            " have no order; ask with =, != or set"});
    }
    if (condition.comparison != Comparison::kSet && !Fits(*definition, condition.value)) {
      faults.push_back({path + ".value", "VALUE_INVALID", "is not " + Expected(*definition)});
    }
  });
  return faults;
}

AttributeType TypeOfAttribute(const AttributeSchema& schema, const std::string& key) {
  const AttributeDefinition* const definition = Find(schema, key);
  return definition == nullptr ? AttributeType::kUnspecified : definition->type;
}

void TypeComparedAttributes(const AttributeSchema& schema, FunnelPolicy& policy) {
  ForEachComparison(policy, [&](const std::string&, Condition& condition) {
    condition.attribute_type = TypeOfAttribute(schema, condition.key);
  });
}

}  // namespace sales
