#include "src/engine/policy_cache.h"

#include <optional>

#include "sales/limits.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/errors.h"
#include "src/store/attribute_schema_rows.h"
#include "src/store/funnel_rows.h"

namespace sales::internal {

absl::StatusOr<std::shared_ptr<const FunnelPolicy>> PolicyCache::Get(sql::Connection& db,
                                                                     const std::string& workspace,
                                                                     const std::string& funnel,
                                                                     int64_t funnel_revision) {
  const std::pair<std::string, std::string> key(workspace, funnel);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.funnel_revision == funnel_revision) {
      return found->second.policy;
    }
  }
  SALES_ASSIGN_OR_RETURN(std::optional<FunnelPolicy> policy,
                         store::LoadFunnelPolicy(db, workspace, funnel, /*version=*/0));
  if (!policy.has_value()) {
    return MakeError(Reason::kFunnelNotFound, "There is no policy in force for this funnel.");
  }
  SALES_ASSIGN_OR_RETURN(const AttributeSchema schema, store::LoadAttributeSchema(db, workspace));
  TypeComparedAttributes(schema, *policy);
  auto shared = std::make_shared<const FunnelPolicy>(*std::move(policy));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (entries_.size() >= limits::policies_cached_max) entries_.clear();
  entries_[key] = {funnel_revision, shared};
  return shared;
}

void PolicyCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.clear();
}

}  // namespace sales::internal
