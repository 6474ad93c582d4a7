// How many sellers the load needs.
#ifndef SALES_SRC_DECIDE_STAFFING_H_
#define SALES_SRC_DECIDE_STAFFING_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/load.h"

namespace sales {

// FIELD_INVALID (metadata `min`, `max`): handling_time, wait_limit, goal, simulation_rounds.
absl::Status CheckStaffing(const StaffingQuery& query);

// By Erlang C, each hour of the week by itself. `hours` are those of a load report; the plan's
// window and revision are left to the caller. Errors: STAFFING_GOAL_UNREACHABLE (metadata
// `hour_of_week`, `limit`).
absl::StatusOr<StaffingPlan> PlanSellers(const StaffingQuery& query,
                                         const std::vector<HourLoad>& hours);

// The recorded arrivals, simulated: one queue, first come first served; handling times are
// exponential with the query's mean; a seller whose hour ends finishes what he does; everybody
// waits until he is served. Each round draws other handling times. The same query and arrivals give
// the same figures on every machine: draws are those of decide/staffing_draws.h, times whole
// microseconds.
//
// `arrivals` ascend. After the last of them clocks are not changed any more. `proceed` is asked
// before each round: with false the simulation is given up, and what it gives is of no use.
//
// The interval is between the quantiles (type 7) of the rounds at 2.5 % and 97.5 %; p90_wait is
// over buckets of at most 1 % relative error. further_sellers is 1000 where 1000 do not do either.
StaffingSimulation SimulateSellers(const StaffingQuery& query,
                                   const std::vector<HourStaffing>& hours,
                                   const std::vector<absl::Time>& arrivals, absl::TimeZone zone,
                                   absl::FunctionRef<bool()> proceed);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_STAFFING_H_
