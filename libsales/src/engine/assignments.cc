#include "src/engine/assignments.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "src/decide/assignment.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/engine/due.h"
#include "src/engine/leads.h"
#include "src/engine/sight.h"
#include "src/store/assignment_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {
namespace {

// The moment of a decision.
struct Moment {
  absl::Time time;
  absl::TimeZone zone;

  absl::CivilDay day() const { return DayOf(time, zone); }
};

template <typename Scope>
absl::StatusOr<std::shared_ptr<const TeamSheet>> SheetOf(Scope& scope) {
  return scope.core.teams().Get(scope.db, scope.workspace(),
                                scope.row.Stamp(scope.row.team_revision));
}

// The work units that each seller has open.
template <typename Scope>
absl::StatusOr<std::map<std::string, int64_t>> OpenWorkUnits(Scope& scope) {
  SALES_ASSIGN_OR_RETURN(std::vector<store::SellerLoad> loads,
                         store::LoadSellerLoads(scope.db, scope.workspace()));
  std::map<std::string, int64_t> open;
  for (const store::SellerLoad& load : loads) {
    SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const FunnelPolicy> funnel,
                           scope.Policy(load.funnel));
    const int stage = StageIndex(*funnel, load.stage);
    if (stage >= 0) open[load.seller] += load.leads * funnel->stages[stage].work_units;
  }
  return open;
}

template <typename Scope>
absl::StatusOr<bool> IsWorking(Scope& scope, const Seller& seller, absl::Time at) {
  const std::string& calendar =
      seller.calendar.empty() ? scope.row.workspace.default_calendar : seller.calendar;
  SALES_ASSIGN_OR_RETURN(const WorkingTime working_time,
                         scope.core.calendars().Get(scope.db, scope.workspace(), calendar,
                                                    scope.row.Stamp(scope.row.calendar_revision)));
  return working_time.Elapsed(at, at + absl::Microseconds(1)) > absl::ZeroDuration();
}

template <typename Scope>
absl::StatusOr<AssignmentCandidate> CandidateOf(Scope& scope, const Seller& seller,
                                                const Moment& now) {
  AssignmentCandidate candidate;
  candidate.seller = seller.id;
  candidate.team = seller.team;
  candidate.skills = seller.skills;
  candidate.inactive = seller.inactive;
  candidate.capacity = seller.capacity;
  candidate.weight = seller.weight;
  candidate.absent = IsAbsent(seller.absences, now.day());
  SALES_ASSIGN_OR_RETURN(candidate.working, IsWorking(scope, seller, now.time));
  if (!seller.intake.has_value()) return candidate;
  const IntakePeriod period = PeriodOf(*seller.intake, now.day());
  candidate.intake_allowed = IntakeAllowed(*seller.intake, now.day());
  SALES_ASSIGN_OR_RETURN(
      candidate.intake_used,
      store::LeadsGiven(scope.db, scope.workspace(), seller.id, period.first, period.end));
  return candidate;
}

// The sellers as they stand, whichever lead it is about.
template <typename Scope>
absl::StatusOr<std::vector<AssignmentCandidate>> CandidatesOf(Scope& scope, const TeamSheet& sheet,
                                                              const Moment& now) {
  SALES_ASSIGN_OR_RETURN(auto open, OpenWorkUnits(scope));
  SALES_ASSIGN_OR_RETURN(const std::vector<store::SellerTurn> turns,
                         store::LoadTurns(scope.db, scope.workspace()));
  std::map<std::string, const store::SellerTurn*> turn_of;
  for (const store::SellerTurn& turn : turns) turn_of[turn.seller] = &turn;
  std::vector<AssignmentCandidate> candidates;
  for (const Seller& seller : sheet.sellers) {
    SALES_ASSIGN_OR_RETURN(AssignmentCandidate candidate, CandidateOf(scope, seller, now));
    candidate.open_work_units = open[seller.id];
    const auto turn = turn_of.find(seller.id);
    if (turn != turn_of.end()) {
      candidate.turn = turn->second->turn;
      candidate.pass_start = turn->second->pass_start;
      candidate.pass = turn->second->pass;
    }
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// What a decision about the lead is made from, the candidates aside.
template <typename Scope>
absl::StatusOr<AssignmentInputs> InputsOf(Scope& scope, const AssignmentPolicy& policy,
                                          const LeadRecord& record, absl::Time now) {
  AssignmentInputs inputs;
  const Lead& lead = record.lead;
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const FunnelPolicy> funnel,
                         scope.Policy(lead.funnel));
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const AttributeSchema> schema, scope.Attributes());
  DescribeLead(policy, *funnel, *schema, record, now, inputs);
  if (policy.previous_seller) {
    SALES_ASSIGN_OR_RETURN(
        inputs.previous_seller,
        store::PreviousSeller(scope.db, scope.workspace(), lead.contact, lead.id));
  }
  return inputs;
}

template <typename Scope>
absl::StatusOr<AssignmentInputs> Gather(Scope& scope, const TeamSheet& sheet,
                                        const LeadRecord& record, const Moment& now) {
  SALES_ASSIGN_OR_RETURN(AssignmentInputs inputs, InputsOf(scope, *sheet.policy, record, now.time));
  SALES_ASSIGN_OR_RETURN(inputs.candidates, CandidatesOf(scope, sheet, now));
  // The lead itself does not stand in its seller's way.
  for (AssignmentCandidate& candidate : inputs.candidates) {
    if (candidate.seller == record.lead.seller) candidate.open_work_units -= inputs.work_units;
  }
  return inputs;
}

absl::Status NobodyAvailable(const AssignmentRecord& record) {
  ErrorDetail detail;
  detail.reason = Reason::kNobodyAvailable;
  detail.metadata["sellers"] = ExclusionText(record.inputs, record.decision);
  return MakeError(std::move(detail),
                   "No other seller is available, and the lead has one: it stays with him.");
}

// Undoes the write, and with it the revision that it took.
absl::Status NothingToSweep() { return absl::CancelledError("nothing is to be assigned"); }

// The leads that the sweep looks at now: on from where it stopped in the queue.
absl::StatusOr<std::vector<store::QueuedLead>> NextOfQueue(ReadScope& scope, int count) {
  const store::QueuedLead place = scope.core.QueuePlace(scope.workspace());
  SALES_ASSIGN_OR_RETURN(std::vector<store::QueuedLead> queue,
                         store::ListQueue(scope.db, scope.workspace(), place, count));
  if (queue.empty() && place.revision > 0) {
    SALES_ASSIGN_OR_RETURN(queue, store::ListQueue(scope.db, scope.workspace(), {}, count));
  }
  const bool more = static_cast<int>(queue.size()) == count;
  scope.core.NoteQueuePlace(scope.workspace(), more ? queue.back() : store::QueuedLead{});
  return queue;
}

// The leads of the queue for which somebody will be available, by a snapshot: one place is promised
// to one of them.
absl::StatusOr<std::vector<std::string>> FindReady(EngineCore& core, const std::string& workspace,
                                                   const Call& call, int count, int& looked_at) {
  std::vector<std::string> ready;
  SALES_RETURN_IF_ERROR(core.Read(workspace, call, [&](ReadScope& scope) -> absl::Status {
    if (scope.row.team_revision == 0) return absl::OkStatus();
    SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const TeamSheet> sheet, SheetOf(scope));
    if (!sheet->policy.has_value()) return absl::OkStatus();
    SALES_ASSIGN_OR_RETURN(const std::vector<store::QueuedLead> queue, NextOfQueue(scope, count));
    if (queue.empty()) return absl::OkStatus();
    looked_at += static_cast<int>(queue.size());
    SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                           LoadZone("time_zone", scope.row.workspace.time_zone));
    const Moment now{core.Now(), zone};
    SALES_ASSIGN_OR_RETURN(std::vector<AssignmentCandidate> candidates,
                           CandidatesOf(scope, *sheet, now));
    for (const store::QueuedLead& queued : queue) {
      SALES_ASSIGN_OR_RETURN(const LeadRecord record,
                             FindLead(scope.db, workspace, queued.lead, scope.currency_code()));
      SALES_ASSIGN_OR_RETURN(AssignmentInputs inputs,
                             InputsOf(scope, *sheet->policy, record, now.time));
      inputs.candidates = std::move(candidates);
      const AssignmentDecision decision = DecideAssignment(*sheet->policy, inputs);
      if (!decision.seller.empty()) {
        ready.push_back(queued.lead);
        TakeTurn(decision, inputs);
      }
      candidates = std::move(inputs.candidates);
    }
    return absl::OkStatus();
  }));
  return ready;
}

// A decision that is not kept yet.
struct AssignmentDraft {
  Effect effect;
  AssignmentRecord record;
};

// Whether a lead that is captured without a seller is assigned at once.
absl::StatusOr<bool> AssignsOnCapture(WriteScope& scope) {
  // Nothing about teams was ever written: most captures of an import pass here.
  if (scope.row.team_revision == 0) return false;
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const TeamSheet> sheet, SheetOf(scope));
  return sheet->policy.has_value() && sheet->policy->assign_on_capture;
}

absl::StatusOr<AssignmentDraft> DraftAssignment(WriteScope& scope, AssignmentCause cause,
                                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(RequireOpen(record.lead));
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const TeamSheet> sheet, SheetOf(scope));
  if (!sheet->policy.has_value()) {
    return MakeError(Reason::kAssignmentPolicyNotSet,
                     "The workspace has no assignment policy that could choose a seller.");
  }
  AssignmentDraft draft;
  AssignmentRecord& kept = draft.record;
  kept.lead = record.lead.id;
  kept.cause = cause;
  kept.decide_time = scope.now;
  kept.actor = scope.call.actor;
  kept.revision = scope.revision();
  kept.policy_version = sheet->policy->version;
  kept.method = sheet->policy->method;
  SALES_ASSIGN_OR_RETURN(kept.inputs, Gather(scope, *sheet, record, {scope.now, scope.zone}));
  kept.decision = DecideAssignment(*sheet->policy, kept.inputs);
  const bool found = !kept.decision.seller.empty();
  if (!found && !record.lead.seller.empty()) return NobodyAvailable(kept);
  record.lead.seller = kept.decision.seller;
  draft.effect.type = found ? EventType::kLeadAssigned : EventType::kLeadQueued;
  draft.effect.changes.push_back({"assignment_policy", "", std::to_string(kept.policy_version)});
  return draft;
}

}  // namespace

absl::StatusOr<std::map<std::string, int64_t>> OpenWorkUnitsOf(WriteScope& scope) {
  return OpenWorkUnits(scope);
}

absl::StatusOr<std::optional<AssignmentRecord>> AssignCaptured(WriteScope& scope,
                                                               CaptureDraft& draft,
                                                               std::vector<DraftEvent>& events) {
  std::optional<AssignmentRecord> record;
  if (!draft.record.lead.seller.empty()) return record;
  SALES_ASSIGN_OR_RETURN(const bool assigns, AssignsOnCapture(scope));
  if (!assigns) return record;
  const Track before = TrackOf(draft.record);
  SALES_ASSIGN_OR_RETURN(AssignmentDraft assignment,
                         DraftAssignment(scope, AssignmentCause::kCapture, draft.record));
  DraftEvent event;
  event.event = LeadEvent(draft.record.lead, before, TrackOf(draft.record), assignment.effect);
  events.push_back(std::move(event));
  record = std::move(assignment.record);
  return record;
}

absl::Status KeepAssignment(WriteScope& scope, const std::optional<AssignmentRecord>& record) {
  if (!record.has_value()) return absl::OkStatus();
  SALES_RETURN_IF_ERROR(store::InsertAssignment(scope.db, scope.workspace(), *record));
  const AssignmentDecision& decision = record->decision;
  if (decision.seller.empty()) {
    return store::EnterQueue(scope.db, scope.workspace(), {record->revision, record->lead});
  }
  return store::SaveTurn(scope.db, scope.workspace(),
                         {decision.seller, decision.turn, decision.pass_start, decision.pass});
}

absl::Status QueueReopened(WriteScope& scope, const Lead& before, const Lead& after) {
  const bool reopened = before.state != LeadState::kOpen && after.state == LeadState::kOpen;
  if (!reopened || !after.seller.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const bool assigns, AssignsOnCapture(scope));
  if (!assigns) return absl::OkStatus();
  return store::EnterQueue(scope.db, scope.workspace(), {scope.revision(), after.id});
}

absl::StatusOr<Lead> AssignByPolicy(WriteScope& scope, const std::string& lead,
                                    AssignmentCause cause) {
  SALES_ASSIGN_OR_RETURN(const LeadRecord before, FindSeenLead(scope, lead));
  SALES_RETURN_IF_ERROR(CheckEtag(scope.call, before.lead.etag));
  // Since the sweep looked at it somebody gave it to a seller.
  if (cause == AssignmentCause::kSweep && !before.lead.seller.empty()) return NothingToSweep();
  SALES_ASSIGN_OR_RETURN(const ClockSources sources, ClockSourcesOf(scope, before.lead));
  LeadRecord after = before;
  std::vector<DueEffect> breaches = NoteBreaches(sources.context(), scope.occur_time, after);
  SALES_ASSIGN_OR_RETURN(AssignmentDraft draft, DraftAssignment(scope, cause, after));
  if (cause == AssignmentCause::kSweep && draft.record.decision.seller.empty()) {
    return NothingToSweep();
  }
  SALES_RETURN_IF_ERROR(RecordDue(scope, after, std::move(breaches)));
  SALES_RETURN_IF_ERROR(KeepChange(scope, before, after, draft.effect));
  SALES_RETURN_IF_ERROR(KeepAssignment(scope, draft.record));
  return std::move(after.lead);
}

absl::Status SweepQueue(EngineCore& core, const std::string& workspace, const Call& call,
                        int leads_max, int& leads_assigned, int& looked_at) {
  if (leads_max < 1) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> ready,
                         FindReady(core, workspace, call, leads_max, looked_at));
  const std::vector<absl::Status> statuses = core.WriteAll(
      workspace, call, ready.size(), [&](size_t index, WriteScope& scope) -> absl::Status {
        return AssignByPolicy(scope, ready[index], AssignmentCause::kSweep).status();
      });
  for (const absl::Status& status : statuses) {
    if (status.ok()) {
      ++leads_assigned;
      continue;
    }
    // Somebody else was quicker: the lead has a seller, is closed, or the place was taken.
    const Reason reason = ReasonOf(status);
    if (!absl::IsCancelled(status) && reason != Reason::kLeadNotOpen &&
        reason != Reason::kLeadNotFound) {
      return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace sales::internal

namespace sales {

absl::StatusOr<AssignmentRecord> Desk::ExplainAssignment(const std::string& lead) const {
  SALES_RETURN_IF_ERROR(CheckId("lead", lead));
  std::optional<AssignmentRecord> found;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_RETURN_IF_ERROR(internal::FindSeenLead(scope, lead).status());
        SALES_ASSIGN_OR_RETURN(found, store::LoadAssignment(scope.db, workspace_, lead));
        if (found.has_value()) return absl::OkStatus();
        return MakeError(Reason::kAssignmentNotFound,
                         "The assignment policy has decided nothing about this lead.");
      }));
  return *std::move(found);
}

}  // namespace sales
