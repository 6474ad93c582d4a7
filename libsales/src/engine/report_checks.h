// What every question about the past may ask for.
#ifndef SALES_SRC_ENGINE_REPORT_CHECKS_H_
#define SALES_SRC_ENGINE_REPORT_CHECKS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/report.h"
#include "src/engine/core.h"

namespace sales::internal {

// WINDOW_INVALID unless it starts before it ends and is within bounds.
absl::Status CheckWindow(const Window& window);

// The revision that a report stands for; 0 asks for the last. Errors: REVISION_INVALID.
absl::StatusOr<int64_t> RevisionOf(const ReadScope& scope, int64_t as_of_revision);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REPORT_CHECKS_H_
