// The sweep: records what fell due. Each lead is a write of its own, and decides again in its turn:
// whoever comes second finds the first one's marks, and writes nothing.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "sales/limits.h"
#include "src/decide/civil.h"
#include "src/engine/assignments.h"
#include "src/engine/due.h"
#include "src/engine/handoff_limits.h"
#include "src/engine/handoffs.h"
#include "src/engine/leads.h"
#include "src/engine/removals.h"
#include "src/engine/report_plan.h"
#include "src/engine/retention.h"
#include "src/store/clock_rows.h"
#include "src/store/handoff_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/plan_snapshot_rows.h"

namespace sales {
namespace {

using internal::ClockSources;
using internal::EngineCore;
using internal::ReadScope;
using internal::WriteScope;

constexpr char kSweepActor[] = "sweep";

void Count(const std::vector<DueEffect>& due, Engine::SweepResult& result) {
  for (const DueEffect& entry : due) {
    if (entry.effect.type == EventType::kLimitBreached) ++result.limits_breached;
    if (entry.effect.type == EventType::kProposalExpired) ++result.proposals_expired;
    if (entry.effect.type == EventType::kLeadWoken) ++result.leads_woken;
  }
}

// A breach is a fact of the clock, so noting it does not change the lead that callers see.
bool ChangesLead(const std::vector<DueEffect>& due) {
  return std::any_of(due.begin(), due.end(), [](const DueEffect& entry) {
    return entry.effect.type != EventType::kLimitBreached;
  });
}

// Undoes the write, and with it the revision that it took.
absl::Status NothingDue() { return absl::CancelledError("nothing fell due"); }

absl::Status SweepIn(WriteScope& scope, const std::string& lead, std::vector<DueEffect>& done) {
  SALES_ASSIGN_OR_RETURN(const LeadRecord before, internal::FindLead(scope.db, scope.workspace(),
                                                                     lead, scope.currency_code()));
  SALES_ASSIGN_OR_RETURN(const ClockSources sources, internal::ClockSourcesOf(scope, before.lead));
  LeadRecord after = before;
  std::vector<DueEffect> due = SweepLead(sources.context(), scope.now, after);
  if (due.empty()) return NothingDue();
  internal::RefreshDueTime(sources, after);
  if (ChangesLead(due)) {
    internal::Stamp(scope, after.lead);
    SALES_RETURN_IF_ERROR(store::UpdateLead(scope.db, scope.workspace(), before, after));
  } else {
    SALES_RETURN_IF_ERROR(store::UpdateClocks(scope.db, scope.workspace(), before, after));
  }
  done = due;
  return internal::RecordDue(scope, after, std::move(due));
}

// The leads of a workspace whose time has come: those for which something fell due, and those that
// are only to be looked at, since what their due times depend on changed.
struct DueLeads {
  std::vector<std::string> due;
  std::vector<std::string> to_refresh;
};

absl::StatusOr<DueLeads> FindDue(EngineCore& core, const std::string& workspace, const Call& call,
                                 absl::Time now, int count) {
  DueLeads found;
  SALES_RETURN_IF_ERROR(core.Read(workspace, call, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> leads,
                           store::LeadsDue(scope.db, workspace, now, count));
    for (const std::string& lead : leads) {
      SALES_ASSIGN_OR_RETURN(LeadRecord record,
                             internal::FindLead(scope.db, workspace, lead, scope.currency_code()));
      SALES_ASSIGN_OR_RETURN(const ClockSources sources,
                             internal::ClockSourcesOf(scope, record.lead));
      const bool is_due = !SweepLead(sources.context(), now, record).empty();
      (is_due ? found.due : found.to_refresh).push_back(lead);
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::Status RefreshAll(EngineCore& core, const std::string& workspace, const Call& call,
                        const std::vector<std::string>& leads) {
  if (leads.empty()) return absl::OkStatus();
  return core.Maintain(workspace, call, [&](ReadScope& scope) -> absl::Status {
    for (const std::string& lead : leads) {
      absl::StatusOr<LeadRecord> record =
          internal::FindLead(scope.db, workspace, lead, scope.currency_code());
      if (ReasonOf(record.status()) == Reason::kLeadNotFound) continue;
      SALES_RETURN_IF_ERROR(record.status());
      SALES_ASSIGN_OR_RETURN(const ClockSources sources,
                             internal::ClockSourcesOf(scope, record->lead));
      internal::RefreshDueTime(sources, *record);
      SALES_RETURN_IF_ERROR(store::SetDueTime(scope.db, workspace, lead, record->due_time));
    }
    return absl::OkStatus();
  });
}

absl::Status SweepWorkspace(EngineCore& core, const std::string& workspace, const Call& call,
                            int leads_max, Engine::SweepResult& result, int& looked_at) {
  SALES_ASSIGN_OR_RETURN(const DueLeads leads,
                         FindDue(core, workspace, call, core.Now(), leads_max));
  looked_at += static_cast<int>(leads.due.size() + leads.to_refresh.size());
  SALES_RETURN_IF_ERROR(RefreshAll(core, workspace, call, leads.to_refresh));
  std::vector<std::vector<DueEffect>> done(leads.due.size());
  const std::vector<absl::Status> statuses = core.WriteAll(
      workspace, call, leads.due.size(), [&](size_t index, WriteScope& scope) -> absl::Status {
        return SweepIn(scope, leads.due[index], done[index]);
      });
  for (size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i].ok()) {
      ++result.leads;
      Count(done[i], result);
    } else if (!absl::IsCancelled(statuses[i]) && ReasonOf(statuses[i]) != Reason::kLeadNotFound) {
      return statuses[i];
    }
  }
  const int seen = static_cast<int>(leads.due.size() + leads.to_refresh.size());
  return internal::SweepQueue(core, workspace, call, leads_max - seen, result.leads_assigned,
                              looked_at);
}

// Handoffs that passed a limit.
absl::Status SweepHandoffs(EngineCore& core, const std::string& workspace, const Call& call,
                           int count, Engine::SweepResult& result, int& looked_at) {
  const absl::Time now = core.Now();
  std::vector<std::string> due;
  SALES_RETURN_IF_ERROR(core.Read(workspace, call, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(due, store::HandoffsDue(scope.db, workspace, now, count));
    return absl::OkStatus();
  }));
  looked_at += static_cast<int>(due.size());
  std::vector<int> noted(due.size());
  const std::vector<absl::Status> statuses = core.WriteAll(
      workspace, call, due.size(), [&](size_t index, WriteScope& scope) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(const Handoff handoff,
                               internal::FindHandoff(scope.db, workspace, due[index]));
        SALES_ASSIGN_OR_RETURN(noted[index],
                               internal::NoteHandoffLimits(scope, handoff, scope.now));
        return noted[index] == 0 ? NothingDue() : absl::OkStatus();
      });
  for (size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i].ok()) result.limits_breached += noted[i];
    if (!statuses[i].ok() && !absl::IsCancelled(statuses[i])) return statuses[i];
  }
  return absl::OkStatus();
}

// How plans stood when a day ended. Whoever sweeps at the same time finds them written.
absl::Status SweepPlans(EngineCore& core, const std::string& workspace, const Call& call,
                        Engine::SweepResult& result) {
  std::vector<PlanSnapshot> due;
  SALES_RETURN_IF_ERROR(core.Read(workspace, call, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(due, internal::SnapshotsDue(scope, core.Now()));
    return absl::OkStatus();
  }));
  if (due.empty()) return absl::OkStatus();
  int written = 0;
  const auto write = [&](size_t, WriteScope& scope) -> absl::Status {
    written = 0;
    for (const PlanSnapshot& snapshot : due) {
      SALES_ASSIGN_OR_RETURN(const bool fresh,
                             store::InsertPlanSnapshot(scope.db, workspace, snapshot));
      if (!fresh) continue;
      ++written;
      Event event;
      event.type = EventType::kPlanSnapshotTaken;
      event.occur_time = absl::FromCivil(snapshot.day + 1, scope.zone);
      event.subject = "plans/" + snapshot.plan;
      event.changes = {{"day", "", FormatDay(snapshot.day)},
                       {"as_of_revision", "", std::to_string(snapshot.revision)}};
      SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
    }
    return written == 0 ? NothingDue() : absl::OkStatus();
  };
  const absl::Status status = core.WriteAll(workspace, call, 1, write).front();
  if (absl::IsCancelled(status)) return absl::OkStatus();
  SALES_RETURN_IF_ERROR(status);
  result.plan_snapshots += written;
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> NextTime(EngineCore& core, const Call& call,
                                    const std::vector<std::string>& workspaces) {
  absl::Time next = absl::InfiniteFuture();
  SALES_RETURN_IF_ERROR(core.ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    for (const std::string& workspace : workspaces) {
      SALES_ASSIGN_OR_RETURN(const std::optional<absl::Time> due,
                             store::NextDueTime(db, workspace));
      SALES_ASSIGN_OR_RETURN(const std::optional<absl::Time> limit,
                             store::NextLimitDueTime(db, workspace));
      SALES_ASSIGN_OR_RETURN(const store::WorkspaceRow row, store::LoadWorkspace(db, workspace));
      SALES_ASSIGN_OR_RETURN(const std::optional<absl::Time> day_end,
                             internal::NextSnapshotTime(db, row.workspace, core.Now()));
      next = std::min({next, due.value_or(absl::InfiniteFuture()),
                       limit.value_or(absl::InfiniteFuture()),
                       day_end.value_or(absl::InfiniteFuture())});
    }
    return absl::OkStatus();
  }));
  return next;
}

absl::StatusOr<std::vector<std::string>> AllWorkspaces(EngineCore& core, const Call& call) {
  std::vector<std::string> ids;
  SALES_RETURN_IF_ERROR(core.ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    while (true) {
      SALES_ASSIGN_OR_RETURN(
          const std::vector<Workspace> page,
          store::ListWorkspaces(db, ids.empty() ? "" : ids.back(), limits::page_size_max));
      for (const Workspace& workspace : page) ids.push_back(workspace.id);
      if (static_cast<int>(page.size()) < limits::page_size_max) return absl::OkStatus();
    }
  }));
  return ids;
}

}  // namespace

absl::StatusOr<Engine::SweepResult> Engine::Sweep(int leads_max, const Call& given) const {
  if (leads_max < 1 || leads_max > limits::sweep_leads_max) {
    return FieldError(Reason::kFieldInvalid, "leads_max",
                      "is not from 1 to " + std::to_string(limits::sweep_leads_max));
  }
  Call call;
  call.actor = given.actor.empty() ? kSweepActor : given.actor;
  call.deadline = given.deadline;
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> workspaces, AllWorkspaces(*core_, call));
  // Where the last call stopped this one goes on, so that one busy workspace does not keep the
  // sweep from the others.
  const std::string last = core_->LastSwept();
  const auto first = std::upper_bound(workspaces.begin(), workspaces.end(), last);
  std::vector<std::string> order(first, workspaces.end());
  order.insert(order.end(), workspaces.begin(), first);
  SweepResult result;
  int looked_at = 0;
  bool undone = false;
  for (const std::string& workspace : order) {
    if (looked_at >= leads_max) break;
    SALES_RETURN_IF_ERROR(
        SweepWorkspace(*core_, workspace, call, leads_max - looked_at, result, looked_at));
    SALES_RETURN_IF_ERROR(SweepHandoffs(*core_, workspace, call, std::max(1, leads_max - looked_at),
                                        result, looked_at));
    SALES_RETURN_IF_ERROR(SweepPlans(*core_, workspace, call, result));
    SALES_ASSIGN_OR_RETURN(const internal::Compaction compaction,
                           internal::SweepRetention(*core_, workspace, call));
    result.events_compacted += compaction.events;
    undone = undone || compaction.undone;
    core_->NoteSwept(workspace);
  }
  SALES_ASSIGN_OR_RETURN(result.rows_removed, internal::SweepRemovals(*core_, call));
  SALES_ASSIGN_OR_RETURN(result.next_time, NextTime(*core_, call, workspaces));
  // Until nothing was left to remove, more may be.
  undone = undone || result.rows_removed > 0;
  if (undone) result.next_time = std::min(result.next_time, core_->Now() - absl::Seconds(1));
  return result;
}

}  // namespace sales
