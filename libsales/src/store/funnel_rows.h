#ifndef SALES_SRC_STORE_FUNNEL_ROWS_H_
#define SALES_SRC_STORE_FUNNEL_ROWS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/funnel.h"
#include "src/sql/driver.h"

namespace sales::store {

// A version of a funnel's policy; 0: the one in force.
absl::StatusOr<std::optional<FunnelPolicy>> LoadFunnelPolicy(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& funnel,
                                                             int version);
// Puts a policy in force in place of the version before.
absl::Status InsertFunnelPolicy(sql::Connection& db, const std::string& workspace,
                                const FunnelPolicy& policy);
// Up to `count` policies in force of funnels after `after`, by id.
absl::StatusOr<std::vector<FunnelPolicy>> ListFunnelPolicies(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& after, int count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_FUNNEL_ROWS_H_
