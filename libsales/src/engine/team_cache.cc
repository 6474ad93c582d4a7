#include "src/engine/team_cache.h"

#include <utility>

#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/store/assignment_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {

absl::StatusOr<std::shared_ptr<const TeamSheet>> TeamCache::Get(sql::Connection& db,
                                                                const std::string& workspace,
                                                                int64_t team_revision) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(workspace);
    if (found != entries_.end() && found->second.team_revision == team_revision) {
      return found->second.sheet;
    }
  }
  TeamSheet sheet;
  SALES_ASSIGN_OR_RETURN(sheet.policy, store::LoadAssignmentPolicy(db, workspace, /*version=*/0));
  SALES_ASSIGN_OR_RETURN(sheet.sellers, store::ListSellers(db, workspace, "", limits::sellers_max));
  auto shared = std::make_shared<const TeamSheet>(std::move(sheet));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (entries_.size() >= limits::teams_cached_max) entries_.clear();
  entries_[workspace] = {team_revision, shared};
  return shared;
}

void TeamCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.clear();
}

}  // namespace sales::internal
