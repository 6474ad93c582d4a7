#ifndef SALES_SRC_DECIDE_REPORT_PLAN_H_
#define SALES_SRC_DECIDE_REPORT_PLAN_H_

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/calendar.h"
#include "sales/plan.h"
#include "src/decide/report_speed.h"

namespace sales {

// A quarter as ParseQuarter counts them, in civil days and in instants.
Window DaysOf(int64_t quarter);
// The quarter that the day is in.
int64_t QuarterOf(absl::CivilDay day);

// How far a quarter has gone by an instant.
struct PlanPace {
  absl::Duration elapsed;
  absl::Duration total;
};
PlanPace PaceOf(int64_t quarter, absl::Time at, absl::TimeZone zone,
                const WorkingTime& working_time);

// A plan's targets against the sums of the leads that it is of, in the quarter's days, and what of
// them waits. The plan may be one that nobody made: without id and targets.
PlanProgress MakePlanProgress(const Plan& plan, const std::string& currency_code,
                              const PlanPace& pace, const SpeedSums& facts);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_PLAN_H_
