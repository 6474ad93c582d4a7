#include "src/store/funnel_rows.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

absl::StatusOr<FunnelPolicy> ReadPolicy(const sql::Row& row) {
  absl::StatusOr<FunnelPolicy> policy = ParseFunnelPolicy(TextOf(row, 0));
  if (!policy.ok()) {
    return MakeError(Reason::kStoreCorrupt, "A funnel policy in the store cannot be read.");
  }
  policy->version = static_cast<int>(row.Int(1));
  policy->activate_time = TimeOf(row, 2);
  return policy;
}

}  // namespace

absl::StatusOr<std::optional<FunnelPolicy>> LoadFunnelPolicy(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& funnel,
                                                             int version) {
  std::optional<FunnelPolicy> found;
  absl::Status read;
  const auto on_row = [&](const sql::Row& row) {
    absl::StatusOr<FunnelPolicy> policy = ReadPolicy(row);
    read = policy.status();
    if (policy.ok()) found = *std::move(policy);
  };
  if (version == 0) {
    SALES_RETURN_IF_ERROR(
        db.Query("SELECT policy, version, activate_time FROM funnel_policies WHERE "
                 "workspace = $1 AND funnel = $2 AND in_force = 1",
                 {std::string_view(workspace), std::string_view(funnel)}, on_row));
  } else {
    SALES_RETURN_IF_ERROR(db.Query(
        "SELECT policy, version, activate_time FROM funnel_policies WHERE "
        "workspace = $1 AND funnel = $2 AND version = $3",
        {std::string_view(workspace), std::string_view(funnel), int64_t{version}}, on_row));
  }
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status InsertFunnelPolicy(sql::Connection& db, const std::string& workspace,
                                const FunnelPolicy& policy) {
  SALES_RETURN_IF_ERROR(
      db.Apply("UPDATE funnel_policies SET in_force = 0 WHERE workspace = $1 AND funnel = $2 "
               "AND in_force = 1",
               {std::string_view(workspace), std::string_view(policy.id)}));
  const std::string json = FunnelPolicyToJson(policy);
  return db.Apply(
      "INSERT INTO funnel_policies (workspace, funnel, version, in_force, policy, "
      "activate_time) VALUES ($1, $2, $3, 1, $4, $5)",
      {std::string_view(workspace), std::string_view(policy.id), int64_t{policy.version},
       std::string_view(json), ToMicros(policy.activate_time)});
}

absl::StatusOr<std::vector<FunnelPolicy>> ListFunnelPolicies(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& after, int count) {
  std::vector<FunnelPolicy> policies;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT policy, version, activate_time FROM funnel_policies WHERE workspace = $1 "
               "AND funnel > $2 AND in_force = 1 ORDER BY funnel LIMIT $3",
               {std::string_view(workspace), std::string_view(after), int64_t{count}},
               [&](const sql::Row& row) {
                 absl::StatusOr<FunnelPolicy> policy = ReadPolicy(row);
                 read.Update(policy.status());
                 if (policy.ok()) policies.push_back(*std::move(policy));
               }));
  SALES_RETURN_IF_ERROR(read);
  return policies;
}

}  // namespace sales::store
