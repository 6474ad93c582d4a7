#include "src/decide/clocks.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "src/decide/civil.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

const char* ClockName(ClockKind kind) {
  switch (kind) {
    case ClockKind::kResponse:
      return "RESPONSE";
    case ClockKind::kProposal:
      return "PROPOSAL";
    case ClockKind::kStage:
      return "STAGE";
    case ClockKind::kRot:
      return "ROT";
    case ClockKind::kUnspecified:
      break;
  }
  return "";
}

std::optional<absl::Time>& MarkOf(ClockKind kind, DueMarks& marks) {
  switch (kind) {
    case ClockKind::kProposal:
      return marks.proposal;
    case ClockKind::kStage:
      return marks.stage;
    case ClockKind::kRot:
      return marks.rot;
    default:
      return marks.response;
  }
}

// The stage that the lead was in at a time, so far as it was in one.
const std::string& StageAt(const Lead& lead, absl::Time time) {
  for (auto visit = lead.visits.rbegin(); visit != lead.visits.rend(); ++visit) {
    if (visit->enter_time <= time) return visit->stage;
  }
  return lead.visits.empty() ? lead.stage : lead.visits.front().stage;
}

// Collects the clocks of one lead.
class ClockReader {
 public:
  ClockReader(const LeadRecord& record, const ClockContext& context, absl::Time at)
      : record_(record), lead_(record.lead), context_(context), at_(at) {}

  std::vector<LeadClock> Read() {
    AddResponse();
    AddProposal();
    AddStage();
    AddRot();
    return std::move(clocks_);
  }

 private:
  bool is_open() const { return lead_.state == LeadState::kOpen; }

  const Stage* StageNamed(const std::string& key) const {
    const int index = StageIndex(context_.policy, key);
    return index < 0 ? nullptr : &context_.policy.stages[static_cast<size_t>(index)];
  }

  void Add(ClockKind kind, absl::Time start, const Stage* stage, const std::optional<Limit>& limit,
           std::optional<absl::Time> stop) {
    LeadClock clock;
    clock.kind = kind;
    clock.start_time = start;
    clock.stop_time = stop;
    if (limit.has_value()) {
      clock.stage = stage->key;
      clock.due_time = DueTime(start, *limit, context_.working_time);
    }
    Finish(std::move(clock));
  }

  void Finish(LeadClock clock) {
    const absl::Time end = clock.stop_time.value_or(at_);
    clock.overdue = clock.due_time.has_value() && end > *clock.due_time;
    clocks_.push_back(std::move(clock));
  }

  void AddResponse() {
    std::optional<absl::Time> start = record_.awaiting_since;
    std::optional<absl::Time> stop;
    if (!start.has_value()) {
      if (!record_.last_response.has_value()) return;
      start = record_.last_response->start_time;
      stop = record_.last_response->stop_time;
    }
    const Stage* const stage = StageNamed(StageAt(lead_, *start));
    Add(ClockKind::kResponse, *start, stage,
        stage == nullptr ? std::nullopt : stage->respond_within, stop);
  }

  void AddProposal() {
    const auto proposal =
        std::find_if(lead_.proposals.rbegin(), lead_.proposals.rend(),
                     [](const Proposal& candidate) { return candidate.request_time.has_value(); });
    if (proposal == lead_.proposals.rend()) return;
    absl::Time start = *proposal->request_time;
    std::optional<absl::Time> stop = proposal->send_time;
    if (!stop.has_value() && is_open()) start = std::max(start, OpenedAt(lead_));
    if (!stop.has_value() && !is_open()) stop = lead_.close_time;
    const Stage* const stage = ProposalStage(StageAt(lead_, start));
    Add(ClockKind::kProposal, start, stage,
        stage == nullptr ? std::nullopt : stage->proposal_within, stop);
  }

  // The first stage, from the one in which the proposal was asked for, that limits its preparation.
  const Stage* ProposalStage(const std::string& from) const {
    const int index = StageIndex(context_.policy, from);
    if (index < 0) return nullptr;
    const std::vector<Stage>& stages = context_.policy.stages;
    for (size_t i = static_cast<size_t>(index); i < stages.size(); ++i) {
      if (stages[i].proposal_within.has_value()) return &stages[i];
    }
    return nullptr;
  }

  void AddStage() {
    if (lead_.visits.empty()) return;
    const Visit& visit = lead_.visits.back();
    const Stage* const stage = StageNamed(visit.stage);
    Add(ClockKind::kStage, visit.enter_time, stage,
        stage == nullptr ? std::nullopt : stage->stage_within, visit.leave_time);
  }

  void AddRot() {
    if (!is_open() || lead_.visits.empty()) return;
    const Stage* const stage = StageNamed(lead_.stage);
    if (stage == nullptr || !stage->rot_after.has_value()) return;
    LeadClock clock;
    clock.kind = ClockKind::kRot;
    clock.stage = stage->key;
    clock.start_time = lead_.visits.back().enter_time;
    if (record_.last_activity_time.has_value()) {
      clock.start_time = std::max(clock.start_time, *record_.last_activity_time);
    }
    clock.due_time = clock.start_time + *stage->rot_after;
    for (const PlannedActivity& planned : lead_.planned_activities) {
      clock.due_time = std::max(*clock.due_time, planned.due_time);
    }
    Finish(std::move(clock));
  }

  const LeadRecord& record_;
  const Lead& lead_;
  const ClockContext& context_;
  const absl::Time at_;
  std::vector<LeadClock> clocks_;
};

// The nurture that the lead is in, if it is in one that has not woken.
const Outcome* SleepOf(const LeadRecord& record) {
  const Lead& lead = record.lead;
  if (lead.state != LeadState::kNurtured || lead.outcomes.empty()) return nullptr;
  const Outcome& outcome = lead.outcomes.back();
  if (!outcome.wake.has_value() || record.due_marks.wake == outcome.occur_time) return nullptr;
  return &outcome;
}

absl::Time WakeTime(const Outcome& outcome, absl::TimeZone zone) {
  return absl::FromCivil(*outcome.wake, zone);
}

bool MayExpire(const LeadRecord& record, const Proposal& proposal) {
  return proposal.state == ProposalState::kSent && proposal.valid_until.has_value() &&
         (record.lead.state == LeadState::kOpen || record.lead.state == LeadState::kNurtured);
}

std::string ProposalText(const Proposal& proposal) {
  return std::to_string(proposal.version) + ":" + ProposalStateName(proposal.state);
}

DueEffect Expire(Proposal& proposal, absl::TimeZone zone) {
  DueEffect due;
  due.due_time = ExpiryOf(proposal, zone);
  due.effect.type = EventType::kProposalExpired;
  std::string before = ProposalText(proposal);
  proposal.state = ProposalState::kExpired;
  due.effect.changes.push_back({"proposal", std::move(before), ProposalText(proposal)});
  return due;
}

// The lead stays nurtured, but somebody is to follow it up.
DueEffect Wake(const Outcome& outcome, absl::TimeZone zone, absl::Time at, LeadRecord& record) {
  DueEffect due;
  due.due_time = WakeTime(outcome, zone);
  due.effect.type = EventType::kLeadWoken;
  record.due_marks.wake = outcome.occur_time;
  PlannedActivity follow_up;
  follow_up.due_time = due.due_time;
  follow_up.owner = outcome.owner;
  follow_up.plan_time = at;
  follow_up.actor = "sweep";
  AddPlanned(std::move(follow_up), record, due.effect);
  return due;
}

}  // namespace

absl::Time OpenedAt(const Lead& lead) {
  if (lead.outcomes.empty()) return lead.receive_time;
  const absl::Time closed = lead.outcomes.back().occur_time;
  for (const Visit& visit : lead.visits) {
    // The one that closing ended may have begun at the same moment.
    if (visit.enter_time >= closed && visit.leave_time != closed) return visit.enter_time;
  }
  return lead.receive_time;
}

std::optional<absl::Time> DueTime(absl::Time start, const Limit& limit,
                                  const WorkingTime& working_time) {
  if (!limit.working) return start + limit.within;
  const absl::StatusOr<absl::Time> due = working_time.Add(start, limit.within);
  if (!due.ok()) return std::nullopt;
  return *due;
}

std::vector<LeadClock> ClocksOf(const LeadRecord& record, const ClockContext& context,
                                absl::Time at) {
  return ClockReader(record, context, at).Read();
}

absl::Time ExpiryOf(const Proposal& proposal, absl::TimeZone zone) {
  if (!proposal.valid_until.has_value()) return absl::InfiniteFuture();
  return absl::FromCivil(*proposal.valid_until + 1, zone);
}

absl::Time NextDue(const LeadRecord& record, const ClockContext& context) {
  absl::Time next = absl::InfiniteFuture();
  DueMarks marks = record.due_marks;
  for (const LeadClock& clock : ClocksOf(record, context, absl::InfinitePast())) {
    const bool is_new = MarkOf(clock.kind, marks) != clock.start_time;
    if (clock.due_time.has_value() && !clock.stop_time.has_value() && is_new) {
      next = std::min(next, *clock.due_time);
    }
  }
  for (const Proposal& proposal : record.lead.proposals) {
    if (MayExpire(record, proposal)) next = std::min(next, ExpiryOf(proposal, context.zone));
  }
  if (const Outcome* sleep = SleepOf(record); sleep != nullptr) {
    next = std::min(next, WakeTime(*sleep, context.zone));
  }
  return next;
}

std::vector<DueEffect> NoteBreaches(const ClockContext& context, absl::Time at,
                                    LeadRecord& record) {
  std::vector<DueEffect> breaches;
  for (const LeadClock& clock : ClocksOf(record, context, at)) {
    if (clock.stop_time.has_value() || !clock.overdue) continue;
    std::optional<absl::Time>& mark = MarkOf(clock.kind, record.due_marks);
    if (mark == clock.start_time) continue;
    mark = clock.start_time;
    DueEffect due;
    due.due_time = *clock.due_time;
    due.effect.type = EventType::kLimitBreached;
    due.effect.changes = {{"clock", "", ClockName(clock.kind)},
                          {"clock_start", "", std::to_string(ToMicros(clock.start_time))},
                          {"clock_stage", "", clock.stage}};
    breaches.push_back(std::move(due));
  }
  std::stable_sort(breaches.begin(), breaches.end(),
                   [](const DueEffect& a, const DueEffect& b) { return a.due_time < b.due_time; });
  return breaches;
}

std::vector<DueEffect> SweepLead(const ClockContext& context, absl::Time at, LeadRecord& record) {
  std::vector<DueEffect> due = NoteBreaches(context, at, record);
  for (Proposal& proposal : record.lead.proposals) {
    if (MayExpire(record, proposal) && ExpiryOf(proposal, context.zone) < at) {
      due.push_back(Expire(proposal, context.zone));
    }
  }
  const Outcome* const sleep = SleepOf(record);
  if (sleep != nullptr && WakeTime(*sleep, context.zone) < at) {
    due.push_back(Wake(*sleep, context.zone, at, record));
  }
  std::stable_sort(due.begin(), due.end(),
                   [](const DueEffect& a, const DueEffect& b) { return a.due_time < b.due_time; });
  return due;
}

}  // namespace sales
