#ifndef SALES_SRC_ENGINE_ATTRIBUTE_CACHE_H_
#define SALES_SRC_ENGINE_ATTRIBUTE_CACHE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "src/decide/attribute_schema.h"
#include "src/sql/driver.h"

namespace sales::internal {

// The attributes that workspaces define, read once and kept until they change. Safe from any
// thread.
class AttributeCache {
 public:
  // `attribute_revision` is the workspace's as `db` sees it.
  absl::StatusOr<std::shared_ptr<const AttributeSchema>> Get(sql::Connection& db,
                                                             const std::string& workspace,
                                                             int64_t attribute_revision);
  // Forgets everything: after a commit failed, a revision number may come again.
  void Clear();

 private:
  struct Entry {
    int64_t attribute_revision = 0;
    std::shared_ptr<const AttributeSchema> schema;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_ATTRIBUTE_CACHE_H_
