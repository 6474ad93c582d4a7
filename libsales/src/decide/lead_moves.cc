#include <algorithm>
#include <string>
#include <utility>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"

namespace sales {
namespace {

absl::Status StageUnknown(const FunnelPolicy& policy) {
  std::string stages;
  for (const Stage& stage : policy.stages) {
    if (!stages.empty()) stages += ", ";
    stages += stage.key;
  }
  return WithMetadata(
      FieldError(Reason::kStageUnknown, "stage", "is no stage of the lead's funnel"), "stages",
      stages);
}

absl::Status TimeOrder(const char* what) {
  return FieldError(Reason::kTimeOrder, "occur_time", std::string("is before ") + what);
}

absl::Status CheckMoveTime(const Lead& lead, absl::Time at) {
  if (at < lead.receive_time) return TimeOrder("the lead was received");
  if (!lead.visits.empty() && at < lead.visits.back().enter_time) {
    return TimeOrder("the lead entered its stage");
  }
  return absl::OkStatus();
}

// Keeps the reasons of a command, that of an override only if there was something to override.
void KeepReasons(const std::string& reason, const std::string& override_reason,
                 const DecideContext& context, LeadRecord& record, Effect& effect) {
  std::string text = reason;
  if (HasOverride(effect)) text += (text.empty() ? "" : "\n") + override_reason;
  KeepReason(text, context, record, effect);
}

}  // namespace

absl::StatusOr<Effect> DecideOn(const AssignLead& command, const DecideContext&,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckOptionalId("seller", command.seller));
  if (command.unassign && !command.seller.empty()) {
    return FieldError(Reason::kFieldInvalid, "unassign", "cannot be said beside a seller");
  }
  record.lead.seller = command.seller;
  Effect effect;
  effect.type = EventType::kLeadAssigned;
  return effect;
}

absl::StatusOr<Effect> DecideOn(const AdvanceLead& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckId("stage", command.stage));
  SALES_RETURN_IF_ERROR(CheckOptionalReason("reason", command.reason));
  SALES_RETURN_IF_ERROR(CheckOptionalReason("override_reason", command.override_reason));
  SALES_RETURN_IF_ERROR(RequireOpen(record.lead));
  const int from = StageIndex(context.policy, record.lead.stage);
  const int to = StageIndex(context.policy, command.stage);
  if (to < 0) return StageUnknown(context.policy);
  if (!MoveAllowed(context.policy, from, to)) {
    return MoveNotAllowed(context.policy, from, command.stage);
  }
  if (to < from && command.reason.empty()) {
    return FieldError(Reason::kMoveReasonRequired, "reason", "is needed for a move back");
  }
  SALES_RETURN_IF_ERROR(CheckMoveTime(record.lead, context.occur_time));
  Effect effect;
  effect.type = EventType::kLeadMoved;
  SALES_RETURN_IF_ERROR(PassGuard(MissingForMove(context, record, to), command.override_reason,
                                  record.lead.stage, command.stage, effect));
  SALES_RETURN_IF_ERROR(EnterStage(context.policy, command.stage, context.occur_time, record));
  KeepReasons(command.reason, command.override_reason, context, record, effect);
  return effect;
}

absl::StatusOr<Effect> DecideOn(const ReopenLead& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckRequiredText("reason", command.reason, limits::reason_bytes_max));
  SALES_RETURN_IF_ERROR(CheckOptionalReason("override_reason", command.override_reason));
  Lead& lead = record.lead;
  if (lead.state == LeadState::kOpen) {
    return MakeError(Reason::kLeadOpen, "The lead is open already.");
  }
  if (lead.close_time.has_value() && context.occur_time < *lead.close_time) {
    return TimeOrder("the lead was closed");
  }
  Effect effect;
  effect.type = EventType::kLeadReopened;
  // Where the policy does not have its stage any more the lead begins anew.
  const int stage = std::max(0, StageIndex(context.policy, lead.stage));
  const std::string& key = context.policy.stages[stage].key;
  SALES_RETURN_IF_ERROR(PassGuard(MissingForMove(context, record, stage), command.override_reason,
                                  lead.stage, key, effect));
  lead.stage = key;
  SALES_RETURN_IF_ERROR(OpenAgain(context.occur_time, record));
  KeepReasons(command.reason, command.override_reason, context, record, effect);
  return effect;
}

}  // namespace sales
