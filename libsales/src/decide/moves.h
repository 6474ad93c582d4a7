// Moving through a funnel: where a lead may go, what it lacks, and what a move changes.
#ifndef SALES_SRC_DECIDE_MOVES_H_
#define SALES_SRC_DECIDE_MOVES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/error.h"
#include "sales/funnel.h"
#include "src/decide/record.h"

namespace sales {

// The place of a stage in the policy, -1 if it has none of that key.
int StageIndex(const FunnelPolicy& policy, const std::string& key);

// Whether the policy lets a lead go from one stage to another at all, conditions aside. A stage
// that the policy does not have (index -1) lets it go anywhere.
bool MoveAllowed(const FunnelPolicy& policy, int from, int to);

// Whether it lets a lead be won from a stage: from the last one, and from each that a move may go
// from to the last.
bool WinAllowed(const FunnelPolicy& policy, int from);

// What a lead lacks to enter a stage: forward, of every stage on the way and the target; back, of
// the target alone.
std::vector<MissingCondition> MissingForMove(const DecideContext& context, const LeadRecord& record,
                                             int to);
// What it lacks to be won: the conditions of every stage after its own.
std::vector<MissingCondition> MissingForWin(const DecideContext& context, const LeadRecord& record);

// GUARD_UNMET with every missing condition, unless nothing is missing or an override is given;
// then the override is told in `effect`. `to` is empty for a win.
absl::Status PassGuard(std::vector<MissingCondition> missing, const std::string& override_reason,
                       const std::string& from, const std::string& to, Effect& effect);

// Whether PassGuard told an override in it.
bool HasOverride(const Effect& effect);

// MOVE_NOT_ALLOWED with the stages that are.
absl::Status MoveNotAllowed(const FunnelPolicy& policy, int from, const std::string& to);

// Puts a lead into a stage, be it open or not: the visits of an open one follow. Errors:
// LIMIT_REACHED.
absl::Status EnterStage(const FunnelPolicy& policy, const std::string& stage, absl::Time at,
                        LeadRecord& record);

// The client waits no more for an answer.
void StopWaiting(absl::Time at, LeadRecord& record);

// Ends the visit and the waiting of an open lead, and gives it another state.
void CloseLead(LeadState state, absl::Time at, LeadRecord& record);

// Makes a lead that is not open so again, in the stage it was in last. Errors: LIMIT_REACHED.
absl::Status OpenAgain(absl::Time at, LeadRecord& record);

// LIMIT_REACHED unless one more may be added to `size` entries.
absl::Status CheckRoom(const std::string& what, size_t size, int max);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_MOVES_H_
