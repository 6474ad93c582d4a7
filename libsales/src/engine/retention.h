// Compacts the events of leads that are older than their workspace keeps them.
#ifndef SALES_SRC_ENGINE_RETENTION_H_
#define SALES_SRC_ENGINE_RETENTION_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/call.h"
#include "src/engine/core.h"

namespace sales::internal {

// REVISION_COMPACTED, with the oldest revision, unless `revision` is kept.
absl::Status CheckKept(const Workspace& workspace, int64_t revision);

// What a call of SweepRetention did.
struct Compaction {
  int64_t events = 0;
  // More is left to do.
  bool undone = false;
};
// Raises the oldest revision, once a day, and compacts the events of some leads before it.
absl::StatusOr<Compaction> SweepRetention(EngineCore& core, const std::string& workspace,
                                          const Call& call);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_RETENTION_H_
