#include <algorithm>
#include <set>
#include <utility>

#include "sales/limits.h"
#include "src/decide/assignment.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/errors.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

std::string At(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

// Ids, each once.
absl::Status CheckIds(const std::string& field, const std::vector<std::string>& ids, int max) {
  SALES_RETURN_IF_ERROR(CheckList(field, ids.size(), max));
  std::set<std::string> seen;
  for (size_t i = 0; i < ids.size(); ++i) {
    SALES_RETURN_IF_ERROR(CheckId(At(field, i), ids[i]));
    if (!seen.insert(ids[i]).second) {
      return FieldError(Reason::kFieldInvalid, At(field, i), "is given twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckIntake(const Intake& intake) {
  SALES_RETURN_IF_ERROR(CheckRange("intake.leads", intake.leads, 1, limits::intake_leads_max));
  SALES_RETURN_IF_ERROR(
      CheckRange("intake.periods", intake.periods, 1, limits::intake_periods_max));
  switch (intake.unit) {
    case IntakeUnit::kDay:
    case IntakeUnit::kWeek:
    case IntakeUnit::kMonth:
      return absl::OkStatus();
    case IntakeUnit::kUnspecified:
      return FieldError(Reason::kFieldRequired, "intake.unit", "is needed: day, week or month");
  }
  return FieldError(Reason::kEnumUnknown, "intake.unit", "is neither day, week nor month");
}

absl::Status CheckAttributeTest(const std::string& path, const AttributeTest& test) {
  SALES_RETURN_IF_ERROR(CheckId(path + ".key", test.key));
  if (test.comparison == Comparison::kUnspecified) {
    return FieldError(Reason::kFieldRequired, path + ".operator", "is needed");
  }
  if (*ComparisonSign(test.comparison) == '\0') {
    return FieldError(Reason::kEnumUnknown, path + ".operator", "is no comparison");
  }
  return CheckText(path + ".value", test.value, limits::attribute_value_bytes_max);
}

absl::Status CheckRule(const std::string& path, const AssignmentRule& rule,
                       const std::string& currency_code) {
  SALES_RETURN_IF_ERROR(CheckIds(path + ".channels", rule.channels, limits::rule_terms_max));
  SALES_RETURN_IF_ERROR(CheckIds(path + ".funnels", rule.funnels, limits::rule_terms_max));
  SALES_RETURN_IF_ERROR(
      CheckList(path + ".campaigns", rule.campaigns.size(), limits::rule_terms_max));
  for (size_t i = 0; i < rule.campaigns.size(); ++i) {
    SALES_RETURN_IF_ERROR(CheckId(At(path + ".campaigns", i), rule.campaigns[i].channel));
    SALES_RETURN_IF_ERROR(CheckId(At(path + ".campaigns", i), rule.campaigns[i].campaign));
  }
  if (rule.expected_value_at_least.has_value()) {
    SALES_RETURN_IF_ERROR(CheckMoney(path + ".expected_value_at_least",
                                     *rule.expected_value_at_least, currency_code));
  }
  if (rule.expected_value_below.has_value()) {
    SALES_RETURN_IF_ERROR(
        CheckMoney(path + ".expected_value_below", *rule.expected_value_below, currency_code));
    const int64_t from = rule.expected_value_at_least.value_or(Money{}).minor_units;
    if (rule.expected_value_below->minor_units <= from) {
      return FieldError(Reason::kFieldInvalid, path + ".expected_value_below",
                        "is not above expected_value_at_least, so the rule never matches");
    }
  }
  SALES_RETURN_IF_ERROR(
      CheckList(path + ".attributes", rule.attributes.size(), limits::rule_terms_max));
  for (size_t i = 0; i < rule.attributes.size(); ++i) {
    SALES_RETURN_IF_ERROR(CheckAttributeTest(At(path + ".attributes", i), rule.attributes[i]));
  }
  SALES_RETURN_IF_ERROR(CheckIds(path + ".skills", rule.skills, limits::skills_max));
  return CheckId(path + ".team", rule.team);
}

}  // namespace

absl::Status CheckSeller(const Seller& seller) {
  SALES_RETURN_IF_ERROR(
      CheckText("display_name", seller.display_name, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(CheckOptionalId("team", seller.team));
  SALES_RETURN_IF_ERROR(CheckOptionalId("calendar", seller.calendar));
  SALES_RETURN_IF_ERROR(CheckText("role", seller.role, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(CheckIds("skills", seller.skills, limits::skills_max));
  SALES_RETURN_IF_ERROR(CheckRange("capacity", seller.capacity, 0, limits::capacity_max));
  SALES_RETURN_IF_ERROR(CheckRange("weight", seller.weight, 1, limits::weight_max));
  return seller.intake.has_value() ? CheckIntake(*seller.intake) : absl::OkStatus();
}

absl::Status CheckAssignmentPolicy(const AssignmentPolicy& policy,
                                   const std::string& currency_code) {
  switch (policy.method) {
    case AssignmentMethod::kRoundRobin:
    case AssignmentMethod::kLeastLoad:
    case AssignmentMethod::kWeighted:
      break;
    case AssignmentMethod::kUnspecified:
      return FieldError(Reason::kFieldRequired, "method", "is needed");
    default:
      return FieldError(Reason::kEnumUnknown, "method", "is none of the methods");
  }
  SALES_RETURN_IF_ERROR(CheckOptionalId("default_team", policy.default_team));
  SALES_RETURN_IF_ERROR(CheckList("rules", policy.rules.size(), limits::assignment_rules_max));
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    SALES_RETURN_IF_ERROR(CheckRule(At("rules", i), policy.rules[i], currency_code));
  }
  return absl::OkStatus();
}

absl::Status CheckRoomFor(const std::string& what, size_t size, int max) {
  if (size < static_cast<size_t>(max)) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = Reason::kLimitReached;
  detail.metadata["limit"] = std::to_string(max);
  detail.metadata["what"] = what;
  return MakeError(std::move(detail),
                   "There are as many " + what + " as there may be: " + std::to_string(max) + ".");
}

absl::Status AddAbsence(const Absence& absence, std::vector<Absence>& absences) {
  SALES_RETURN_IF_ERROR(CheckDay("first_day", absence.first_day));
  SALES_RETURN_IF_ERROR(CheckDay("last_day", absence.last_day));
  if (absence.last_day < absence.first_day) {
    return FieldError(Reason::kAbsenceInvalid, "last_day", "is before the first day");
  }
  for (const Absence& other : absences) {
    if (other.last_day < absence.first_day || absence.last_day < other.first_day) continue;
    ErrorDetail detail;
    detail.reason = Reason::kAbsenceOverlaps;
    detail.metadata["first_day"] = FormatDay(other.first_day);
    detail.metadata["last_day"] = FormatDay(other.last_day);
    detail.fields.push_back({"first_day", "overlaps another absence of the seller"});
    return MakeError(std::move(detail), "The seller is absent from " + FormatDay(other.first_day) +
                                            " to " + FormatDay(other.last_day) + " already.");
  }
  SALES_RETURN_IF_ERROR(CheckRoomFor("absences", absences.size(), limits::absences_max));
  absences.insert(std::upper_bound(
                      absences.begin(), absences.end(), absence,
                      [](const Absence& a, const Absence& b) { return a.first_day < b.first_day; }),
                  absence);
  return absl::OkStatus();
}

absl::Status TakeAbsence(absl::CivilDay first_day, std::vector<Absence>& absences) {
  const auto found =
      std::find_if(absences.begin(), absences.end(),
                   [first_day](const Absence& absence) { return absence.first_day == first_day; });
  if (found == absences.end()) {
    return MakeError(Reason::kAbsenceNotFound,
                     "The seller has no absence that begins on this day.");
  }
  absences.erase(found);
  return absl::OkStatus();
}

}  // namespace sales
