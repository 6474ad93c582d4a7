#ifndef SALES_SRC_ENGINE_TEAM_CACHE_H_
#define SALES_SRC_ENGINE_TEAM_CACHE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/team.h"
#include "src/sql/driver.h"

namespace sales::internal {

// Who may be given leads, and how.
struct TeamSheet {
  // Unset: there is none.
  std::optional<AssignmentPolicy> policy;
  // By id.
  std::vector<Seller> sellers;
};

// The sheets of workspaces, read once and kept until one of their parts changes. Safe from any
// thread.
class TeamCache {
 public:
  // `team_revision` is the workspace's as `db` sees it.
  absl::StatusOr<std::shared_ptr<const TeamSheet>> Get(sql::Connection& db,
                                                       const std::string& workspace,
                                                       int64_t team_revision);
  // Forgets everything: after a commit failed, a revision number may come again.
  void Clear();

 private:
  struct Entry {
    int64_t team_revision = 0;
    std::shared_ptr<const TeamSheet> sheet;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_TEAM_CACHE_H_
