// How the assignment policy gives leads to sellers. All of it happens in the writer's turn: what a
// decision is made from cannot change before it is kept, so nobody is given a place twice.
#ifndef SALES_SRC_ENGINE_ASSIGNMENTS_H_
#define SALES_SRC_ENGINE_ASSIGNMENTS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/team.h"
#include "src/engine/capture_draft.h"
#include "src/engine/core.h"

namespace sales::internal {

// Lets the policy choose the seller of a lead that is being captured, if it does so at capture and
// none was named; adds the event.
absl::StatusOr<std::optional<AssignmentRecord>> AssignCaptured(WriteScope& scope,
                                                               CaptureDraft& draft,
                                                               std::vector<DraftEvent>& events);
// Keeps the decision, if there was one, once the lead's row is kept: the record, and the seller's
// turn or the lead's place in the queue.
absl::Status KeepAssignment(WriteScope& scope, const std::optional<AssignmentRecord>& record);

// Puts a lead that became open again into the queue, if it has no seller and would have been
// assigned at its capture. Imports do not pass here.
absl::Status QueueReopened(WriteScope& scope, const Lead& before, const Lead& after);

// The work units that each seller has open.
absl::StatusOr<std::map<std::string, int64_t>> OpenWorkUnitsOf(WriteScope& scope);

// Gives an open lead to whom the policy chooses; if nobody is available it stays without a seller.
// Errors: ASSIGNMENT_POLICY_NOT_SET, LEAD_NOT_OPEN, NOBODY_AVAILABLE for a lead that has a seller.
absl::StatusOr<Lead> AssignByPolicy(WriteScope& scope, const std::string& lead,
                                    AssignmentCause cause);

// Assigns the leads of the queue for which somebody is available now, each in a write of its own.
// Looks at up to `leads_max` of them; adds to both counts.
absl::Status SweepQueue(EngineCore& core, const std::string& workspace, const Call& call,
                        int leads_max, int& leads_assigned, int& looked_at);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_ASSIGNMENTS_H_
