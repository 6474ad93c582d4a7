#include "src/engine/policy_cache.h"

#include <optional>

#include "src/decide/attribute_schema.h"
#include "src/decide/errors.h"
#include "src/store/attribute_schema_rows.h"
#include "src/store/funnel_rows.h"

namespace sales::internal {

absl::StatusOr<std::shared_ptr<const FunnelPolicy>> PolicyCache::Get(sql::Connection& db,
                                                                     const std::string& workspace,
                                                                     const std::string& funnel,
                                                                     int64_t funnel_revision) {
  using Shared = std::shared_ptr<const FunnelPolicy>;
  return kept_.Get({workspace, funnel}, funnel_revision, [&]() -> absl::StatusOr<Shared> {
    SALES_ASSIGN_OR_RETURN(std::optional<FunnelPolicy> policy,
                           store::LoadFunnelPolicy(db, workspace, funnel, /*version=*/0));
    if (!policy.has_value()) {
      return MakeError(Reason::kFunnelNotFound, "There is no policy in force for this funnel.");
    }
    SALES_ASSIGN_OR_RETURN(const AttributeSchema schema, store::LoadAttributeSchema(db, workspace));
    TypeComparedAttributes(schema, *policy);
    return std::make_shared<const FunnelPolicy>(*std::move(policy));
  });
}

}  // namespace sales::internal
