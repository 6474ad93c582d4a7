// What the verbs of leads share: how a decision is kept.
#ifndef SALES_SRC_ENGINE_LEADS_H_
#define SALES_SRC_ENGINE_LEADS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/decide/record.h"
#include "src/engine/core.h"

namespace sales::internal {

absl::Status LeadNotFound();

// Errors: LEAD_NOT_FOUND.
absl::StatusOr<LeadRecord> FindLead(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, const std::string& currency_code);

DecideContext ContextOf(const WriteScope& scope, const FunnelPolicy& policy, absl::Time occur_time);

// Keeps a decided change of a lead: the row, the activity, the event, the tallies, and what a
// changed outcome means for the decline that the lead came out of. Fills in the activity's id.
absl::Status KeepChange(WriteScope& scope, const LeadRecord& before, LeadRecord& after,
                        Effect& effect);

// Counts a lead that a seller is given now, if he had it not before.
absl::Status NoteGiven(WriteScope& scope, const std::string& before, const std::string& seller);

// Gives the lead this write's time and revision.
void Stamp(const WriteScope& scope, Lead& lead);

// An event that is still to be recorded.
Event LeadEvent(const Lead& lead, const Track& before, const Track& after, const Effect& effect);

// Moves the leads of a stage that a new policy no longer has.
absl::Status MoveToMappedStage(WriteScope& scope, const FunnelPolicy& policy,
                               const std::string& from, const std::string& to);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_LEADS_H_
