#include "src/engine/handoff_limits.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "src/decide/civil.h"
#include "src/decide/errors.h"
#include "src/decide/handoff.h"
#include "src/store/handoff_rows.h"

namespace sales::internal {
namespace {

absl::Status RecordBreach(WriteScope& scope, const Handoff& handoff, const HandoffLimit& limit) {
  Event event;
  event.type = EventType::kLimitBreached;
  event.occur_time = limit.due_time;
  event.lead = handoff.id;
  event.contact = handoff.contact;
  event.subject = "handoffs/" + handoff.id;
  event.changes = {{"clock", "", limit.clock},
                   {"clock_start", "", std::to_string(ToMicros(handoff.open_time))}};
  return scope.Record(std::move(event));
}

// The earliest open limit from a time on: what fell due before is noted.
std::optional<absl::Time> NextFrom(const Handoff& handoff, absl::Time from) {
  std::optional<absl::Time> next;
  for (const HandoffLimit& limit : OpenLimits(handoff)) {
    if (limit.due_time >= from) next = std::min(next.value_or(limit.due_time), limit.due_time);
  }
  return next;
}

}  // namespace

absl::StatusOr<int> NoteHandoffLimits(WriteScope& scope, const Handoff& handoff, absl::Time at) {
  SALES_ASSIGN_OR_RETURN(const std::optional<absl::Time> due,
                         store::LimitDueTime(scope.db, scope.workspace(), handoff.id));
  if (!due.has_value() || *due >= at) return 0;
  int noted = 0;
  for (const HandoffLimit& limit : OpenLimits(handoff)) {
    if (limit.due_time < *due || limit.due_time >= at) continue;
    SALES_RETURN_IF_ERROR(RecordBreach(scope, handoff, limit));
    ++noted;
  }
  SALES_RETURN_IF_ERROR(
      store::SetLimitDueTime(scope.db, scope.workspace(), handoff.id, NextFrom(handoff, at)));
  return noted;
}

absl::Status RefreshHandoffLimits(WriteScope& scope, const Handoff& handoff, bool anew) {
  std::optional<absl::Time> from = absl::InfinitePast();
  if (!anew) {
    SALES_ASSIGN_OR_RETURN(from, store::LimitDueTime(scope.db, scope.workspace(), handoff.id));
    if (!from.has_value()) return absl::OkStatus();
  }
  return store::SetLimitDueTime(scope.db, scope.workspace(), handoff.id, NextFrom(handoff, *from));
}

}  // namespace sales::internal
