// Whether a lead meets the conditions of a funnel policy, and which ones it does not.
#ifndef SALES_SRC_DECIDE_CONDITIONS_H_
#define SALES_SRC_DECIDE_CONDITIONS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/error.h"
#include "sales/funnel.h"
#include "src/decide/record.h"

namespace sales {

// Whether the condition is met at a time. An attribute that the lead does not have, or whose value
// is none of the type it has now, meets no comparison, "!=" included: what is not known is no
// evidence.
bool Holds(const Condition& condition, const LeadRecord& record, absl::Time at);

// The condition in the policy's words: "requirements_agreed", "interest >= 50",
// "activity(CALL, OUT) >= 2", "attribute(region) = 'north'", "any_of(need_known, budget_known)".
std::string ConditionText(const Condition& condition);

// Adds a condition that a stage asks for and that is not met, unless `missing` has it already, for
// whichever stage.
void AddMissingCondition(const std::string& stage, const Condition& condition,
                         std::vector<MissingCondition>& missing);

// Adds what is missing for a stage: each condition by itself, alternatives and negations as one.
// A condition that `missing` has already, for whichever stage, is not added again.
void AddMissing(const Stage& stage, const LeadRecord& record, absl::Time at,
                std::vector<MissingCondition>& missing);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_CONDITIONS_H_
