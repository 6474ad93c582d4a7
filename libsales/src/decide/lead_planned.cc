// Next steps: planned, completed by an activity, or cancelled.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

constexpr char kPlannedChange[] = "planned_activity";

absl::Status CheckPlan(const PlanActivity& command, const DecideContext& context) {
  if (command.kind != ActivityKind::kUnspecified && *ActivityKindName(command.kind) == '\0') {
    return FieldError(Reason::kEnumUnknown, "kind", "is no kind of activity");
  }
  SALES_RETURN_IF_ERROR(CheckTime("due_time", command.due_time));
  if (command.due_time <= context.occur_time) {
    return FieldError(Reason::kDueInPast, "due_time", "is not after the time of the call");
  }
  SALES_RETURN_IF_ERROR(CheckText("text", command.text, limits::text_bytes_max));
  return CheckOptionalId("owner", command.owner);
}

// Takes a planned activity off the lead's list.
absl::StatusOr<PlannedActivity> TakePlanned(const std::string& id, LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckId("planned_activity", id));
  std::vector<PlannedActivity>& planned = record.lead.planned_activities;
  const auto found = std::find_if(planned.begin(), planned.end(),
                                  [&](const PlannedActivity& entry) { return entry.id == id; });
  if (found == planned.end()) {
    return FieldError(Reason::kPlannedActivityNotFound, "planned_activity",
                      "is none of the lead's that is still to be done");
  }
  PlannedActivity taken = std::move(*found);
  planned.erase(found);
  return taken;
}

}  // namespace

void AddPlanned(PlannedActivity planned, LeadRecord& record, Effect& effect) {
  planned.id = std::to_string(++record.planned_count);
  effect.changes.push_back({kPlannedChange, "", planned.id});
  effect.changes.push_back({"planned_due", "", std::to_string(ToMicros(planned.due_time))});
  record.lead.planned_activities.push_back(std::move(planned));
}

absl::StatusOr<Effect> DecideOn(const PlanActivity& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckPlan(command, context));
  SALES_RETURN_IF_ERROR(RequireOpenOrNurtured(record.lead));
  SALES_RETURN_IF_ERROR(CheckRoom("planned activities", record.lead.planned_activities.size(),
                                  limits::planned_activities_max));
  PlannedActivity planned;
  planned.kind = command.kind;
  planned.due_time = command.due_time;
  planned.text = command.text;
  planned.owner = command.owner.empty() ? record.lead.seller : command.owner;
  planned.plan_time = context.occur_time;
  planned.actor = context.actor;
  Effect effect;
  effect.type = EventType::kActivityPlanned;
  AddPlanned(std::move(planned), record, effect);
  return effect;
}

absl::StatusOr<Effect> DecideOn(const CompletePlannedActivity& command,
                                const DecideContext& context, LeadRecord& record) {
  SALES_ASSIGN_OR_RETURN(const PlannedActivity planned,
                         TakePlanned(command.planned_activity, record));
  LogActivity activity = command.activity;
  if (activity.kind == ActivityKind::kUnspecified) activity.kind = planned.kind;
  absl::StatusOr<Effect> effect = DecideOn(activity, context, record);
  if (!effect.ok()) return UnderField(effect.status(), "activity.");
  effect->changes.push_back({kPlannedChange, planned.id, ""});
  return effect;
}

absl::StatusOr<Effect> DecideOn(const CancelPlannedActivity& command, const DecideContext&,
                                LeadRecord& record) {
  SALES_ASSIGN_OR_RETURN(const PlannedActivity planned,
                         TakePlanned(command.planned_activity, record));
  Effect effect;
  effect.type = EventType::kPlannedActivityCancelled;
  effect.changes.push_back({kPlannedChange, planned.id, ""});
  return effect;
}

}  // namespace sales
