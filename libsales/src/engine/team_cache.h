#ifndef SALES_SRC_ENGINE_TEAM_CACHE_H_
#define SALES_SRC_ENGINE_TEAM_CACHE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/limits.h"
#include "sales/team.h"
#include "src/engine/revision_cache.h"
#include "src/sql/driver.h"

namespace sales::internal {

// Who may be given leads, and how.
struct TeamSheet {
  // Unset: there is none.
  std::optional<AssignmentPolicy> policy;
  // By id.
  std::vector<Seller> sellers;
};

// The sheets of workspaces, read once and kept until one of their parts changes.
class TeamCache {
 public:
  // `team_revision` is the workspace's as `db` sees it.
  absl::StatusOr<std::shared_ptr<const TeamSheet>> Get(sql::Connection& db,
                                                       const std::string& workspace,
                                                       int64_t team_revision);
  void Clear() { kept_.Clear(); }

 private:
  RevisionCache<std::string, std::shared_ptr<const TeamSheet>> kept_{limits::teams_cached_max};
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_TEAM_CACHE_H_
