#ifndef SALES_SRC_STORE_PLAN_ROWS_H_
#define SALES_SRC_STORE_PLAN_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/plan.h"
#include "src/sql/driver.h"
#include "src/store/list.h"

namespace sales::store {

absl::StatusOr<std::optional<Plan>> LoadPlan(sql::Connection& db, const std::string& workspace,
                                             const std::string& plan,
                                             const std::string& currency_code);
// The plan of a quarter, team and seller.
absl::StatusOr<std::optional<Plan>> FindPlan(sql::Connection& db, const std::string& workspace,
                                             int64_t quarter, const std::string& team,
                                             const std::string& seller,
                                             const std::string& currency_code);
// All of a quarter: the studio's, then by team and seller.
absl::StatusOr<std::vector<Plan>> PlansOfQuarter(sql::Connection& db, const std::string& workspace,
                                                 int64_t quarter, const std::string& currency_code);
// The least quarter from this one on that there is a plan for.
absl::StatusOr<std::optional<int64_t>> NextPlannedQuarter(sql::Connection& db,
                                                          const std::string& workspace,
                                                          int64_t quarter);
// Writes it, be it new or not.
absl::Status SavePlan(sql::Connection& db, const std::string& workspace, const Plan& plan);

absl::StatusOr<std::vector<Plan>> ListPlans(sql::Connection& db, const std::string& workspace,
                                            const std::string& currency_code, const ListPlan& plan);
const ListSchema& PlanListSchema();
int64_t PlanOrderKey(const Plan& plan, const ListPlan& list);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_PLAN_ROWS_H_
