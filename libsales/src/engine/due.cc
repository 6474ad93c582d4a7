#include "src/engine/due.h"

#include <utility>

#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/engine/leads.h"

namespace sales::internal {
namespace {

template <typename Scope>
absl::StatusOr<WorkingTime> DefaultWorkingTime(Scope& scope) {
  return scope.core.calendars().Get(scope.db, scope.workspace(),
                                    scope.row.workspace.default_calendar,
                                    scope.row.Stamp(scope.row.calendar_revision));
}

template <typename Scope>
absl::StatusOr<ClockSources> SourcesOf(Scope& scope, const Lead& lead, absl::TimeZone zone) {
  ClockSources sources;
  sources.zone = zone;
  SALES_ASSIGN_OR_RETURN(sources.policy, scope.Policy(lead.funnel));
  SALES_ASSIGN_OR_RETURN(sources.working_time, DefaultWorkingTime(scope));
  return sources;
}

}  // namespace

absl::StatusOr<WorkingTime> WorkingTimeOf(ReadScope& scope) { return DefaultWorkingTime(scope); }

absl::StatusOr<ClockSources> ClockSourcesOf(WriteScope& scope, const Lead& lead) {
  return SourcesOf(scope, lead, scope.zone);
}

absl::StatusOr<ClockSources> ClockSourcesOf(ReadScope& scope, const Lead& lead) {
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                         LoadZone("time_zone", scope.row.workspace.time_zone));
  return SourcesOf(scope, lead, zone);
}

void RefreshDueTime(const ClockSources& sources, LeadRecord& record) {
  const LeadState state = record.lead.state;
  if (state == LeadState::kOpen || state == LeadState::kNurtured) {
    record.due_time = NextDue(record, sources.context());
  } else {
    record.due_time.reset();
  }
}

absl::Status RefreshDueTime(WriteScope& scope, LeadRecord& record) {
  SALES_ASSIGN_OR_RETURN(const ClockSources sources, ClockSourcesOf(scope, record.lead));
  RefreshDueTime(sources, record);
  record.lead.clocks = ClocksOf(record, sources.context(), scope.now);
  return absl::OkStatus();
}

absl::Status KeepFacts(WriteScope& scope, const LeadRecord& before, LeadRecord& after) {
  SALES_ASSIGN_OR_RETURN(const ClockSources sources, ClockSourcesOf(scope, after.lead));
  RefreshDueTime(sources, after);
  after.lead.clocks = ClocksOf(after, sources.context(), scope.now);
  KeepRuns(sources.context(), before, after);
  KeepDeclines(before, after);
  return absl::OkStatus();
}

absl::Status RecordDue(WriteScope& scope, const LeadRecord& record, std::vector<DueEffect> due) {
  // Nothing of what falls due is in a track.
  const Track track = TrackOf(record);
  for (DueEffect& entry : due) {
    Event event = LeadEvent(record.lead, track, track, entry.effect);
    event.occur_time = entry.due_time;
    SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
  }
  return absl::OkStatus();
}

}  // namespace sales::internal
