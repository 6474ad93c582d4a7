// The limits of handoffs: each that passes is noted once, by the sweep or by the write that comes
// before it.
#ifndef SALES_SRC_ENGINE_HANDOFF_LIMITS_H_
#define SALES_SRC_ENGINE_HANDOFF_LIMITS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/handoff.h"
#include "src/engine/core.h"

namespace sales::internal {

// Records the limits that passed before `at` and were not noted yet, and gives how many.
absl::StatusOr<int> NoteHandoffLimits(WriteScope& scope, const Handoff& handoff, absl::Time at);

// Finds out, after a change that is kept, when the next limit falls due; `anew` for a handoff that
// was just opened, of which nothing was noted.
absl::Status RefreshHandoffLimits(WriteScope& scope, const Handoff& handoff, bool anew);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_HANDOFF_LIMITS_H_
