// How plans stood at the end of days.
#ifndef SALES_SRC_STORE_PLAN_SNAPSHOT_ROWS_H_
#define SALES_SRC_STORE_PLAN_SNAPSHOT_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "sales/plan.h"
#include "src/sql/driver.h"

namespace sales::store {

// Writes it; false if there was one of that plan and day already, which stays as it is.
absl::StatusOr<bool> InsertPlanSnapshot(sql::Connection& db, const std::string& workspace,
                                        const PlanSnapshot& snapshot);
// The plans of a quarter that were made before `made_before` and have no snapshot of the day.
absl::StatusOr<std::vector<std::string>> PlansWithoutSnapshot(sql::Connection& db,
                                                              const std::string& workspace,
                                                              int64_t quarter, absl::CivilDay day,
                                                              absl::Time made_before);
// Up to `count` of a plan's snapshots of days after `after`, by day.
absl::StatusOr<std::vector<PlanSnapshot>> ListPlanSnapshots(
    sql::Connection& db, const std::string& workspace, const std::string& plan,
    const std::string& currency_code, std::optional<absl::CivilDay> after, int count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_PLAN_SNAPSHOT_ROWS_H_
