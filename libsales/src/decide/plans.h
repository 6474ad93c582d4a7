// Plans: what is aimed at in a quarter.
#ifndef SALES_SRC_DECIDE_PLANS_H_
#define SALES_SRC_DECIDE_PLANS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "sales/event.h"
#include "sales/plan.h"

namespace sales {

// Quarters since the first of year 0, from "2026-Q1" of a year from 1970 to 2199; nothing for any
// other text.
std::optional<int64_t> ParseQuarter(std::string_view text);
std::string FormatQuarter(int64_t quarter);

// FIELD_REQUIRED (quarter, or no target at all), FIELD_INVALID, ID_INVALID, MONEY_INVALID,
// CURRENCY_MISMATCH.
absl::Status CheckPlan(const SetPlan& command, const std::string& currency_code);

// The difference of two plans' targets, a change a field.
std::vector<Change> TargetChanges(const PlanTargets& before, const PlanTargets& after);
// Applies such a change; false if it cannot be one.
bool ApplyTargetChange(const Change& change, const std::string& currency_code,
                       PlanTargets& targets);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_PLANS_H_
