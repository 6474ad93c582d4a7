// One decision a command. Each checks the command's fields, then the lead's state, then the policy,
// and changes the record. On an error the record may be half changed.
#ifndef SALES_SRC_DECIDE_LEAD_DECISIONS_H_
#define SALES_SRC_DECIDE_LEAD_DECISIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/lead.h"
#include "src/decide/record.h"

namespace sales {

// lead_moves.cc
absl::StatusOr<Effect> DecideOn(const AssignLead& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const AdvanceLead& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const ReopenLead& command, const DecideContext& context,
                                LeadRecord& record);
// lead_activities.cc
absl::StatusOr<Effect> DecideOn(const LogActivity& command, const DecideContext& context,
                                LeadRecord& record);
// lead_planned.cc
absl::StatusOr<Effect> DecideOn(const PlanActivity& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const CompletePlannedActivity& command,
                                const DecideContext& context, LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const CancelPlannedActivity& command, const DecideContext& context,
                                LeadRecord& record);
// lead_proposals.cc
absl::StatusOr<Effect> DecideOn(const AgreeRequirements& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const RequestProposal& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const SendProposal& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const AnswerProposal& command, const DecideContext& context,
                                LeadRecord& record);
// lead_outcomes.cc
absl::StatusOr<Effect> DecideOn(const DeclineLead& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const LoseLead& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const DisqualifyLead& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const NurtureLead& command, const DecideContext& context,
                                LeadRecord& record);
absl::StatusOr<Effect> DecideOn(const WinLead& command, const DecideContext& context,
                                LeadRecord& record);

// lead_stance.cc
absl::StatusOr<Effect> DecideOn(const SetStance& command, const DecideContext& context,
                                LeadRecord& record);

// LEAD_NOT_OPEN (metadata `state`) unless the lead is open; the second lets nurtured ones pass too.
absl::Status RequireOpen(const Lead& lead);
absl::Status RequireOpenOrNurtured(const Lead& lead);

// The text of a reason, which may be empty but not blank: FIELD_REQUIRED, TEXT_TOO_LONG,
// TEXT_INVALID.
absl::Status CheckOptionalReason(const char* field, const std::string& reason);

// Adds an activity to the effect and the counts.
void AddActivity(Activity activity, const DecideContext& context, LeadRecord& record,
                 Effect& effect);

// What an activity does to the lead's clocks.
void RunClocks(Direction direction, absl::Time at, LeadRecord& record);

// Keeps why something was done as an internal note of the lead, for events carry no free text.
// Nothing if there is no reason.
void KeepReason(const std::string& reason, const DecideContext& context, LeadRecord& record,
                Effect& effect);

// Adds a next step to the lead, and tells it in the effect.
void AddPlanned(PlannedActivity planned, LeadRecord& record, Effect& effect);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_LEAD_DECISIONS_H_
