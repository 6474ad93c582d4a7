#ifndef SALES_SRC_ENGINE_ATTRIBUTE_CACHE_H_
#define SALES_SRC_ENGINE_ATTRIBUTE_CACHE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "sales/limits.h"
#include "src/decide/attribute_schema.h"
#include "src/engine/revision_cache.h"
#include "src/sql/driver.h"

namespace sales::internal {

// The attributes that workspaces define, read once and kept until they change.
class AttributeCache {
 public:
  // `attribute_revision` is the workspace's as `db` sees it.
  absl::StatusOr<std::shared_ptr<const AttributeSchema>> Get(sql::Connection& db,
                                                             const std::string& workspace,
                                                             int64_t attribute_revision);
  void Clear() { kept_.Clear(); }

 private:
  RevisionCache<std::string, std::shared_ptr<const AttributeSchema>> kept_{
      limits::attribute_schemas_cached_max};
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_ATTRIBUTE_CACHE_H_
