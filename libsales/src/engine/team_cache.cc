#include "src/engine/team_cache.h"

#include <utility>

#include "src/decide/errors.h"
#include "src/store/assignment_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {

absl::StatusOr<std::shared_ptr<const TeamSheet>> TeamCache::Get(sql::Connection& db,
                                                                const std::string& workspace,
                                                                int64_t team_revision) {
  using Shared = std::shared_ptr<const TeamSheet>;
  return kept_.Get(workspace, team_revision, [&]() -> absl::StatusOr<Shared> {
    TeamSheet sheet;
    SALES_ASSIGN_OR_RETURN(sheet.policy, store::LoadAssignmentPolicy(db, workspace, /*version=*/0));
    SALES_ASSIGN_OR_RETURN(sheet.sellers,
                           store::ListSellers(db, workspace, "", limits::sellers_max));
    return std::make_shared<const TeamSheet>(std::move(sheet));
  });
}

}  // namespace sales::internal
