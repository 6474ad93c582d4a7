#include "src/decide/conditions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "src/decide/attribute_schema.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

// A number of any size, so that no comparison overflows.
struct Number {
  bool negative = false;
  // Without leading zeros; empty: 0.
  std::string_view digits;
  // Without zeros at its end; empty: a whole number.
  std::string_view fraction;
};

std::optional<Number> ParseWholeNumber(std::string_view text) {
  Number number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  while (!text.empty() && text[0] == '0') text.remove_prefix(1);
  number.digits = text;
  if (text.empty()) number.negative = false;
  return number;
}

// Of a value of type NUMBER: its whole part may be 0 while its sign counts.
Number ParseDecimal(std::string_view text) {
  Number number;
  const size_t point = text.find('.');
  if (point != std::string_view::npos) {
    number.fraction = text.substr(point + 1);
    while (!number.fraction.empty() && number.fraction.back() == '0') {
      number.fraction.remove_suffix(1);
    }
  }
  const std::string_view whole = text.substr(0, point);
  if (const std::optional<Number> parsed = ParseWholeNumber(whole)) number.digits = parsed->digits;
  const bool zero = number.digits.empty() && number.fraction.empty();
  number.negative = !zero && !whole.empty() && whole.front() == '-';
  return number;
}

// Less than, equal to or greater than 0, as a is to b.
int Compare(const Number& a, const Number& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = a.digits.compare(b.digits);
  if (a.digits.size() != b.digits.size()) order = a.digits.size() < b.digits.size() ? -1 : 1;
  if (order == 0) order = a.fraction.compare(b.fraction);
  return a.negative ? -order : order;
}

int CompareUntyped(std::string_view a, std::string_view b) {
  const std::optional<Number> number_a = ParseWholeNumber(a);
  const std::optional<Number> number_b = ParseWholeNumber(b);
  if (number_a.has_value() && number_b.has_value()) return Compare(*number_a, *number_b);
  return a.compare(b);
}

int CompareValues(AttributeType type, std::string_view a, std::string_view b) {
  switch (type) {
    case AttributeType::kUnspecified:
      return CompareUntyped(a, b);
    case AttributeType::kNumber:
      return Compare(ParseDecimal(a), ParseDecimal(b));
    default:
      // ISO 8601 days are in the order of their texts.
      return a.compare(b);
  }
}

bool AttributeHolds(const Condition& condition, const Lead& lead) {
  const auto found = lead.attributes.find(condition.key);
  if (found == lead.attributes.end() || found->second.empty()) return false;
  if (condition.comparison == Comparison::kSet) return true;
  // Written before the attribute had its type, and none of that type's values.
  if (!FitsType(condition.attribute_type, found->second) ||
      !FitsType(condition.attribute_type, condition.value)) {
    return false;
  }
  const int order = CompareValues(condition.attribute_type, found->second, condition.value);
  switch (condition.comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessOrEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterOrEqual:
      return order >= 0;
    case Comparison::kSet:
    case Comparison::kUnspecified:
      break;
  }
  return false;
}

// Activities of a kind and direction; unspecified: of any.
int64_t CountActivities(const ActivityCounts& counts, ActivityKind kind, Direction direction) {
  int64_t sum = 0;
  for (size_t k = 0; k < counts.size(); ++k) {
    if (kind != ActivityKind::kUnspecified && k != static_cast<size_t>(kind)) continue;
    for (size_t d = 0; d < counts[k].size(); ++d) {
      if (direction != Direction::kUnspecified && d != static_cast<size_t>(direction)) continue;
      sum += counts[k][d];
    }
  }
  return sum;
}

bool HasProposal(const Lead& lead, bool (*matches)(const Proposal&)) {
  return std::any_of(lead.proposals.begin(), lead.proposals.end(), matches);
}

bool IsOffered(const Proposal& proposal) {
  return proposal.send_time.has_value() && proposal.state != ProposalState::kWithdrawn;
}

bool IsAccepted(const Proposal& proposal) { return proposal.state == ProposalState::kAccepted; }

bool FactHolds(Fact fact, const LeadRecord& record) {
  const Lead& lead = record.lead;
  switch (fact) {
    case Fact::kSellerAssigned:
      return !lead.seller.empty();
    case Fact::kResponded:
      return CountActivities(record.activity_counts, ActivityKind::kUnspecified, Direction::kOut) >
             0;
    case Fact::kNeedKnown:
      return lead.need.find_first_not_of(" \t\r\n") != std::string::npos;
    case Fact::kBudgetKnown:
      return lead.budget.has_value();
    case Fact::kDecisionMakerKnown:
      return lead.decision_maker_known;
    case Fact::kRequirementsAgreed:
      return !lead.requirements.empty();
    case Fact::kPriceOffered:
      return HasProposal(lead, IsOffered);
    case Fact::kPriceAccepted:
      return HasProposal(lead, IsAccepted);
    case Fact::kUnspecified:
      break;
  }
  return false;
}

bool ExpectedValueHolds(const Condition& condition, const Lead& lead) {
  return condition.money.has_value() && lead.expected_value.has_value() &&
         lead.expected_value->currency_code == condition.money->currency_code &&
         lead.expected_value->minor_units >= condition.money->minor_units;
}

int64_t DaysInStage(const Lead& lead, absl::Time at) {
  if (lead.visits.empty()) return 0;
  return absl::ToInt64Hours(at - lead.visits.back().enter_time) / 24;
}

std::string OrAny(const char* name) { return *name == '\0' ? "ANY" : name; }

std::string ListText(const char* name, const std::vector<Condition>& children) {
  std::string text = std::string(name) + "(";
  for (size_t i = 0; i < children.size(); ++i) {
    if (i > 0) text += ", ";
    text += ConditionText(children[i]);
  }
  return text + ")";
}

std::string AttributeText(const Condition& condition) {
  std::string text = "attribute(" + condition.key + ") " + ComparisonSign(condition.comparison);
  if (condition.comparison != Comparison::kSet) text += " '" + condition.value + "'";
  return text;
}

std::string Describe(const Condition& condition) {
  const std::string number = std::to_string(condition.number);
  switch (condition.kind) {
    case Condition::Kind::kFact:
      return FactDescription(condition.fact);
    case Condition::Kind::kInterestAtLeast:
      return "Our interest in the project is at least " + number + " of 100.";
    case Condition::Kind::kExpectedValueAtLeast:
      return "The lead's expected value is at least the amount, in minor units.";
    case Condition::Kind::kAttribute:
      return "The lead's attribute has such a value.";
    case Condition::Kind::kActivity:
      return "At least " + number + " such activities are logged.";
    case Condition::Kind::kDaysInStageAtLeast:
      return "The lead has been in its stage for at least " + number + " days.";
    case Condition::Kind::kAnyOf:
      return "At least one of these is met.";
    case Condition::Kind::kNot:
      return "This is not the case.";
    case Condition::Kind::kAllOf:
      break;
  }
  return "All of these are met.";
}

void AddUnmet(const std::string& stage, const Condition& condition, const LeadRecord& record,
              absl::Time at, std::vector<MissingCondition>& missing) {
  if (condition.kind == Condition::Kind::kAllOf) {
    for (const Condition& child : condition.children) AddUnmet(stage, child, record, at, missing);
    return;
  }
  if (!Holds(condition, record, at)) AddMissingCondition(stage, condition, missing);
}

}  // namespace

bool Holds(const Condition& condition, const LeadRecord& record, absl::Time at) {
  const auto child_holds = [&](const Condition& child) { return Holds(child, record, at); };
  const std::vector<Condition>& children = condition.children;
  switch (condition.kind) {
    case Condition::Kind::kAllOf:
      return std::all_of(children.begin(), children.end(), child_holds);
    case Condition::Kind::kAnyOf:
      return std::any_of(children.begin(), children.end(), child_holds);
    case Condition::Kind::kNot:
      return std::none_of(children.begin(), children.end(), child_holds);
    case Condition::Kind::kFact:
      return FactHolds(condition.fact, record);
    case Condition::Kind::kInterestAtLeast:
      return record.lead.interest >= condition.number;
    case Condition::Kind::kExpectedValueAtLeast:
      return ExpectedValueHolds(condition, record.lead);
    case Condition::Kind::kAttribute:
      return AttributeHolds(condition, record.lead);
    case Condition::Kind::kActivity:
      return CountActivities(record.activity_counts, condition.activity_kind,
                             condition.direction) >= condition.number;
    case Condition::Kind::kDaysInStageAtLeast:
      return DaysInStage(record.lead, at) >= condition.number;
  }
  return false;
}

std::string ConditionText(const Condition& condition) {
  const std::string number = std::to_string(condition.number);
  switch (condition.kind) {
    case Condition::Kind::kAllOf:
      return ListText("all_of", condition.children);
    case Condition::Kind::kAnyOf:
      return ListText("any_of", condition.children);
    case Condition::Kind::kNot:
      return ListText("not", condition.children);
    case Condition::Kind::kFact:
      return FactName(condition.fact);
    case Condition::Kind::kInterestAtLeast:
      return "interest >= " + number;
    case Condition::Kind::kExpectedValueAtLeast:
      if (!condition.money.has_value()) return "expected_value >= ?";
      return "expected_value >= " + std::to_string(condition.money->minor_units) + " " +
             condition.money->currency_code;
    case Condition::Kind::kAttribute:
      return AttributeText(condition);
    case Condition::Kind::kActivity:
      return "activity(" + OrAny(ActivityKindName(condition.activity_kind)) + ", " +
             OrAny(DirectionName(condition.direction)) + ") >= " + number;
    case Condition::Kind::kDaysInStageAtLeast:
      return "days_in_stage >= " + number;
  }
  return "";
}

void AddMissingCondition(const std::string& stage, const Condition& condition,
                         std::vector<MissingCondition>& missing) {
  std::string text = ConditionText(condition);
  for (const MissingCondition& known : missing) {
    if (known.condition == text) return;
  }
  missing.push_back({stage, std::move(text), Describe(condition)});
}

void AddMissing(const Stage& stage, const LeadRecord& record, absl::Time at,
                std::vector<MissingCondition>& missing) {
  AddUnmet(stage.key, stage.entry, record, at, missing);
}

}  // namespace sales
