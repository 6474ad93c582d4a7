// Scores of leads: what outcomes are told with, and what they rest on.
#ifndef SALES_SRC_ENGINE_SCORES_H_
#define SALES_SRC_ENGINE_SCORES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/decide/record.h"
#include "src/decide/score.h"
#include "src/engine/core.h"

namespace sales::internal {

// By every outcome recorded until now, those of this batch and this write among them.
absl::StatusOr<ScoreModel> ModelOf(WriteScope& scope);

// Puts into a lead that a decision closed what the outcome is counted by: its features, and what
// the outcomes before it promised; takes both away from one that is open again. Does nothing where
// the workspace has no features.
absl::Status ScoreOutcome(WriteScope& scope, LeadState before, LeadRecord& record);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_SCORES_H_
