// Plans against facts.
#ifndef SALES_SRC_ENGINE_REPORT_PLAN_H_
#define SALES_SRC_ENGINE_REPORT_PLAN_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/plan.h"
#include "src/engine/core.h"

namespace sales::internal {

// How the plans stand that have no snapshot yet of the last day that had ended by `now`: up to that
// day's end, as it is known at the revision that is read. None of plans that were made later.
absl::StatusOr<std::vector<PlanSnapshot>> SnapshotsDue(ReadScope& scope, absl::Time now);

// When the next day ends that plans will have a snapshot of; nullopt without plans.
absl::StatusOr<std::optional<absl::Time>> NextSnapshotTime(sql::Connection& db,
                                                           const Workspace& workspace,
                                                           absl::Time now);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REPORT_PLAN_H_
