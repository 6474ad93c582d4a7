// Leads as they were read last, so that one which is asked for again before anybody wrote in its
// workspace is not read again. Only where every write to the store is made by this engine: what
// others write, it could not know without asking the store, which is most of what reading costs.
#ifndef SALES_SRC_ENGINE_LEAD_CACHE_H_
#define SALES_SRC_ENGINE_LEAD_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "src/decide/record.h"
#include "src/engine/clock_sources.h"

namespace sales::internal {

// A lead as callers see it, but for the time.
struct SeenLead {
  LeadRecord record;
  ClockSources sources;

  // With its clocks as they stand then.
  Lead At(absl::Time time) const;
};

// Safe from any thread; commits are one at a time.
class LeadCache {
 public:
  // Keeps nothing where the engine is not the only one that writes.
  explicit LeadCache(bool only_writer) : only_writer_(only_writer) {}

  // What is known before a lead is read.
  struct Found {
    // Null: it is to be read.
    std::shared_ptr<const SeenLead> lead;
    // How many commits there were; none while one is under way, of which a read may or may not see
    // what it writes.
    std::optional<int64_t> commits;
  };
  Found Find(const std::string& workspace, const std::string& lead);
  // Keeps what was read after `found`, unless something was committed since. Forgets everything
  // rather than keep more than limits::leads_cached_bytes_max.
  void Keep(const std::string& workspace, const std::string& lead, const Found& found,
            std::shared_ptr<const SeenLead> seen);

  // Around a commit: from before anybody can see what it writes until everybody does, nothing is
  // kept, and of the workspaces in which it writes nothing is found.
  void BeginCommit();
  void Forget(const std::string& workspace);
  void EndCommit();

 private:
  using Leads = absl::flat_hash_map<std::string, std::shared_ptr<const SeenLead>>;

  const bool only_writer_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, Leads> workspaces_;  // guarded by mutex_
  size_t bytes_ = 0;                                    // guarded by mutex_
  int64_t commits_ = 0;                                 // guarded by mutex_
  bool committing_ = false;                             // guarded by mutex_
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_LEAD_CACHE_H_
