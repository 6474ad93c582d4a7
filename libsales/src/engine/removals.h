// The rows of workspaces that are removed, and of imports that failed.
#ifndef SALES_SRC_ENGINE_REMOVALS_H_
#define SALES_SRC_ENGINE_REMOVALS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/call.h"
#include "src/engine/core.h"
#include "src/sql/driver.h"

namespace sales::internal {

// Removes some rows of an id that is unfinished, and with the last of them the mark that it is.
// Gives how many: 0 when all are gone. For a write of its own.
absl::StatusOr<int64_t> RemoveSome(sql::Connection& db, const std::string& workspace);

// Removes some rows of an id that nobody fills, if there is one, and gives how many.
absl::StatusOr<int64_t> SweepRemovals(EngineCore& core, const Call& call);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REMOVALS_H_
