#ifndef SALES_SRC_ENGINE_POLICY_CACHE_H_
#define SALES_SRC_ENGINE_POLICY_CACHE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "sales/funnel.h"
#include "sales/limits.h"
#include "src/engine/revision_cache.h"
#include "src/sql/driver.h"

namespace sales::internal {

// The policies in force, read once and kept until another is put in force. Their conditions know
// by which type they compare attributes.
class PolicyCache {
 public:
  // `funnel_revision` is the workspace's as `db` sees it: what was kept under another one is read
  // again. Errors: FUNNEL_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<const FunnelPolicy>> Get(sql::Connection& db,
                                                          const std::string& workspace,
                                                          const std::string& funnel,
                                                          int64_t funnel_revision);
  void Clear() { kept_.Clear(); }

 private:
  RevisionCache<std::pair<std::string, std::string>, std::shared_ptr<const FunnelPolicy>> kept_{
      limits::policies_cached_max};
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_POLICY_CACHE_H_
