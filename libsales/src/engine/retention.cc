// Retention: the sweep first raises the revision before which nothing is told any more, then
// compacts lead after lead: its events up to there give way to the track they fold into, in one
// write, so that at every moment bases and events together fold into what they always did. Only
// leads that are closed are compacted, and only events that are a lead's: what others fold into is
// kept.
#include "src/engine/retention.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/errors.h"
#include "src/decide/track.h"
#include "src/store/base_rows.h"
#include "src/store/event_rows.h"
#include "src/store/webhook_rows.h"
#include "src/store/workspace_rows.h"

namespace sales::internal {
namespace {

// How many leads one write compacts.
constexpr int kLeads = 100;
// How much older than it must be an event may get before the oldest revision is raised again.
constexpr absl::Duration kSlack = absl::Hours(24);

// The last revision that was recorded before `time`, `known` being one that was.
absl::StatusOr<int64_t> LastBefore(sql::Connection& db, const std::string& workspace,
                                   absl::Time time, int64_t known, int64_t end) {
  while (known + 1 < end) {
    const int64_t middle = known + (end - known) / 2;
    SALES_ASSIGN_OR_RETURN(const absl::Time recorded, store::RecordTimeOf(db, workspace, middle));
    (recorded < time ? known : end) = middle;
  }
  return known;
}

// The revision up to which events are to be compacted now; that up to which they are, if no more.
absl::StatusOr<int64_t> CompactableRevision(ReadScope& scope) {
  const Workspace& workspace = scope.row.workspace;
  const int64_t compacted = workspace.oldest_revision - 1;
  if (workspace.event_retention_days == 0) return compacted;
  const absl::Time cutoff = scope.core.Now() - absl::Hours(24) * workspace.event_retention_days;
  // The last revision is always kept.
  if (workspace.oldest_revision >= workspace.revision) return compacted;
  SALES_ASSIGN_OR_RETURN(const absl::Time oldest,
                         store::RecordTimeOf(scope.db, workspace.id, workspace.oldest_revision));
  if (oldest >= cutoff - kSlack) return compacted;
  SALES_ASSIGN_OR_RETURN(
      const int64_t past,
      LastBefore(scope.db, workspace.id, cutoff, workspace.oldest_revision, workspace.revision));
  // What a webhook was not told of yet is still to be sent.
  SALES_ASSIGN_OR_RETURN(const std::optional<int64_t> awaited,
                         store::OldestWebhookRevision(scope.db, workspace.id));
  return awaited.has_value() ? std::max(compacted, std::min(past, *awaited - 1)) : past;
}

// Gives how many events gave way.
absl::StatusOr<int64_t> CompactLead(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, int64_t revision) {
  SALES_ASSIGN_OR_RETURN(const std::vector<Event> events,
                         store::CompactableEvents(db, workspace, lead, revision));
  if (events.empty()) return 0;
  SALES_ASSIGN_OR_RETURN(std::optional<store::LeadBase> base, store::LoadBase(db, workspace, lead));
  if (!base.has_value()) {
    base.emplace();
    base->lead = lead;
    base->capture_revision = events[0].revision;
    base->capture_ordinal = events[0].ordinal;
  }
  for (const Event& event : events) SALES_RETURN_IF_ERROR(ApplyEvent(event, base->track));
  base->revision = events.back().revision;
  SALES_RETURN_IF_ERROR(store::SaveBase(db, workspace, *base));
  return store::RemoveCompactable(db, workspace, lead, revision);
}

}  // namespace

absl::Status CheckKept(const Workspace& workspace, int64_t revision) {
  if (revision >= workspace.oldest_revision) return absl::OkStatus();
  return WithMetadata(MakeError(Reason::kRevisionCompacted,
                                "Events of the revision, or of an earlier one, were compacted: "
                                "the workspace keeps them for some time only."),
                      "oldest_revision", std::to_string(workspace.oldest_revision));
}

absl::StatusOr<Compaction> SweepRetention(EngineCore& core, const std::string& workspace,
                                          const Call& call) {
  Compaction done;
  int64_t revision = 0;
  bool is_new = false;
  CompactionPlace place;
  std::vector<std::string> leads;
  SALES_RETURN_IF_ERROR(core.Read(workspace, call, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(revision, CompactableRevision(scope));
    is_new = revision >= scope.row.workspace.oldest_revision;
    place = core.PlaceOfCompaction(workspace);
    if (place.revision != revision) place = {revision, "", false};
    if (revision == 0 || place.done) return absl::OkStatus();
    SALES_ASSIGN_OR_RETURN(leads,
                           store::SettledLeads(scope.db, workspace, place.lead, revision, kLeads));
    return absl::OkStatus();
  }));
  if (is_new) {
    SALES_RETURN_IF_ERROR(core.Maintain(workspace, call, [&](ReadScope& scope) {
      return store::RaiseCompactedRevision(scope.db, workspace, revision);
    }));
  }
  if (revision == 0 || place.done) return done;
  if (!leads.empty()) {
    SALES_RETURN_IF_ERROR(core.Maintain(workspace, call, [&](ReadScope& scope) -> absl::Status {
      done.events = 0;
      for (const std::string& lead : leads) {
        SALES_ASSIGN_OR_RETURN(const int64_t events,
                               CompactLead(scope.db, workspace, lead, revision));
        done.events += events;
      }
      return absl::OkStatus();
    }));
    place.lead = leads.back();
  }
  place.done = leads.size() < static_cast<size_t>(kLeads);
  done.undone = !place.done;
  core.NotePlaceOfCompaction(workspace, place);
  return done;
}

}  // namespace sales::internal
