#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/conditions.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

constexpr absl::Duration kDurationMax = absl::Hours(24 * 366);
constexpr int64_t kExpectationMax = 5;

absl::Status CheckActivity(const LogActivity& command) {
  if (command.kind == ActivityKind::kUnspecified) {
    return FieldError(Reason::kFieldRequired, "kind", "is needed");
  }
  if (*ActivityKindName(command.kind) == '\0') {
    return FieldError(Reason::kEnumUnknown, "kind", "is no kind of activity");
  }
  if (command.direction == Direction::kUnspecified) {
    return FieldError(Reason::kFieldRequired, "direction", "is needed");
  }
  if (*DirectionName(command.direction) == '\0') {
    return FieldError(Reason::kEnumUnknown, "direction", "is no direction of an activity");
  }
  if (command.duration < absl::ZeroDuration() || command.duration > kDurationMax) {
    return FieldError(Reason::kFieldInvalid, "duration", "is not from 0 to 366 days");
  }
  if (command.expectation != 0) {
    SALES_RETURN_IF_ERROR(CheckRange("expectation", command.expectation, 1, kExpectationMax));
  }
  return CheckText("text", command.text, limits::text_bytes_max);
}

size_t CountAll(const ActivityCounts& counts) {
  int64_t sum = 0;
  for (const auto& directions : counts) {
    for (int64_t count : directions) sum += count;
  }
  return static_cast<size_t>(sum);
}

// A client who writes is there again. One who wrote before he was put to nurture is not.
bool ReopensByItself(const LogActivity& command, const Lead& lead, absl::Time at) {
  return command.direction == Direction::kIn && lead.state == LeadState::kNurtured &&
         (!lead.close_time.has_value() || at >= *lead.close_time);
}

// Nobody asked for the reopening, so nobody can be refused it, and nobody can override: the lead
// goes back to the furthest stage up to its own whose conditions hold. If not even those of the
// first do, it stays as it is.
absl::Status ReopenByItself(const DecideContext& context, LeadRecord& record) {
  Lead& lead = record.lead;
  int stage = std::max(0, StageIndex(context.policy, lead.stage));
  const auto lacks = [&](int index) {
    std::vector<MissingCondition> missing;
    AddMissing(context.policy.stages[index], record, context.occur_time, missing);
    return !missing.empty();
  };
  while (stage >= 0 && lacks(stage)) --stage;
  if (stage < 0) return absl::OkStatus();
  lead.stage = context.policy.stages[stage].key;
  return OpenAgain(context.occur_time, record);
}

// Facts may be recorded late, so a first response is the earliest, not the first recorded.
void AnswerClient(absl::Time at, LeadRecord& record) {
  Lead& lead = record.lead;
  if (at >= lead.receive_time &&
      (!lead.first_response_time.has_value() || at < *lead.first_response_time)) {
    lead.first_response_time = at;
  }
  if (record.awaiting_since.has_value() && at >= *record.awaiting_since) {
    StopWaiting(at, record);
  } else if (record.last_response.has_value() && at >= record.last_response->start_time &&
             at < record.last_response->stop_time) {
    record.last_response->stop_time = at;
  }
}

}  // namespace

void RunClocks(Direction direction, absl::Time at, LeadRecord& record) {
  if (!record.last_activity_time.has_value() || at > *record.last_activity_time) {
    record.last_activity_time = at;
  }
  if (direction == Direction::kIn && record.lead.state == LeadState::kOpen &&
      !record.awaiting_since.has_value()) {
    record.awaiting_since = at;
  }
  if (direction == Direction::kOut) AnswerClient(at, record);
}

void AddActivity(Activity activity, const DecideContext& context, LeadRecord& record,
                 Effect& effect) {
  const auto kind = static_cast<size_t>(activity.kind);
  const auto direction = static_cast<size_t>(activity.direction);
  ++record.activity_counts[kind][direction];
  RunClocks(activity.direction, context.occur_time, record);
  activity.occur_time = context.occur_time;
  activity.actor = context.actor;
  effect.changes.push_back(
      {"activity", "",
       std::string(ActivityKindName(activity.kind)) + "/" + DirectionName(activity.direction)});
  if (activity.expectation != 0) {
    effect.changes.push_back({"expectation", "", std::to_string(activity.expectation)});
    record.expectation = activity.expectation;
  }
  effect.activity = std::move(activity);
}

void KeepReason(const std::string& reason, const DecideContext& context, LeadRecord& record,
                Effect& effect) {
  if (reason.empty()) return;
  Activity note;
  note.kind = ActivityKind::kNote;
  note.direction = Direction::kInternal;
  note.text = reason;
  AddActivity(std::move(note), context, record, effect);
}

absl::StatusOr<Effect> DecideOn(const LogActivity& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckActivity(command));
  SALES_RETURN_IF_ERROR(
      CheckRoom("activities", CountAll(record.activity_counts), limits::activities_max));
  if (ReopensByItself(command, record.lead, context.occur_time)) {
    SALES_RETURN_IF_ERROR(ReopenByItself(context, record));
  }
  Activity activity;
  activity.kind = command.kind;
  activity.direction = command.direction;
  activity.duration = command.duration;
  activity.text = command.text;
  activity.expectation = command.expectation;
  Effect effect;
  effect.type = EventType::kActivityLogged;
  AddActivity(std::move(activity), context, record, effect);
  return effect;
}

}  // namespace sales
