#ifndef SALES_SRC_ENGINE_POLICY_CACHE_H_
#define SALES_SRC_ENGINE_POLICY_CACHE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "sales/funnel.h"
#include "src/sql/driver.h"

namespace sales::internal {

// The policies in force, read once and kept until another is put in force. Their conditions know
// by which type they compare attributes. Safe from any thread.
class PolicyCache {
 public:
  // `funnel_revision` is the workspace's as `db` sees it: what was kept under another one is read
  // again. Errors: FUNNEL_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<const FunnelPolicy>> Get(sql::Connection& db,
                                                          const std::string& workspace,
                                                          const std::string& funnel,
                                                          int64_t funnel_revision);
  // Forgets everything: after a commit failed, a revision number may come again.
  void Clear();

 private:
  struct Entry {
    int64_t funnel_revision = 0;
    std::shared_ptr<const FunnelPolicy> policy;
  };
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Entry> entries_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_POLICY_CACHE_H_
