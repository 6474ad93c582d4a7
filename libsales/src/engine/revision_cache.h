#ifndef SALES_SRC_ENGINE_REVISION_CACHE_H_
#define SALES_SRC_ENGINE_REVISION_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace sales::internal {

// Values made from the store, each kept until the revision that last changed what it is made of is
// another one. Safe from any thread.
template <typename Key, typename Value>
class RevisionCache {
 public:
  // Forgets everything rather than keep more than `size_max` values.
  explicit RevisionCache(size_t size_max) : size_max_(size_max) {}

  // The value of that revision: the one that is kept, else what `load` makes, without a lock held.
  absl::StatusOr<Value> Get(const Key& key, int64_t revision,
                            absl::FunctionRef<absl::StatusOr<Value>()> load) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = entries_.find(key);
      if (found != entries_.end() && found->second.revision == revision) return found->second.value;
    }
    absl::StatusOr<Value> value = load();
    if (!value.ok()) return value;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (entries_.size() >= size_max_) entries_.clear();
    entries_.insert_or_assign(key, Entry{revision, *value});
    return value;
  }

  // Forgets everything: after a commit failed, a revision number may come again.
  void Clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    entries_.clear();
  }

 private:
  struct Entry {
    int64_t revision = 0;
    Value value;
  };
  const size_t size_max_;
  std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REVISION_CACHE_H_
