// The words that policies, errors and events use for the values of enumerations.
#ifndef SALES_SRC_DECIDE_POLICY_WORDS_H_
#define SALES_SRC_DECIDE_POLICY_WORDS_H_

#include <optional>
#include <string_view>

#include "sales/funnel.h"
#include "sales/lead.h"

namespace sales {

// "requirements_agreed"; empty for a value that the type does not list. So in all of these.
const char* FactName(Fact fact);
// What must be true, as a sentence.
const char* FactDescription(Fact fact);
// "=", "!=", "<", "<=", ">", ">=", "set".
const char* ComparisonSign(Comparison comparison);
// "CALL".
const char* ActivityKindName(ActivityKind kind);
// "OUT".
const char* DirectionName(Direction direction);
// "SENT".
const char* ProposalStateName(ProposalState state);
// "LET_GO".
const char* StanceName(Stance stance);

// The inverses; names of kinds and directions in lower case, as people write them in policies.
std::optional<Fact> ParseFact(std::string_view name);
std::optional<Comparison> ParseComparison(std::string_view sign);
std::optional<ActivityKind> ParseActivityKind(std::string_view name);
std::optional<Direction> ParseDirection(std::string_view name);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_POLICY_WORDS_H_
