#include "src/decide/simulate.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_split.h"
#include "sales/limits.h"
#include "src/decide/civil.h"
#include "src/decide/conditions.h"
#include "src/decide/errors.h"
#include "src/decide/moves.h"
#include "src/decide/tally_sum.h"

namespace sales {
namespace {

bool Asks(const Condition& condition) {
  return condition.kind == Condition::Kind::kAttribute ||
         std::any_of(condition.children.begin(), condition.children.end(), Asks);
}

const Change* Find(const Event& event, std::string_view field) {
  for (const Change& change : event.changes) {
    if (change.field == field) return &change;
  }
  return nullptr;
}

}  // namespace

bool AsksForAttributes(const FunnelPolicy& policy) {
  return std::any_of(policy.stages.begin(), policy.stages.end(),
                     [](const Stage& stage) { return Asks(stage.entry); });
}

PolicySimulator::PolicySimulator(const SimulateFunnelPolicy& command,
                                 const std::string& currency_code, const WorkingTime& working_time,
                                 absl::TimeZone zone, absl::Time until)
    : policy_(command.policy),
      funnel_(command.funnel),
      currency_code_(currency_code),
      zone_(zone),
      until_(until),
      asks_for_attributes_(AsksForAttributes(command.policy)),
      refused_by_(command.policy.stages.size() + 1),
      limits_({command.policy, working_time, zone}, command.window) {
  result_.window = command.window;
  result_.funnel = command.funnel;
  result_.as_of_revision = command.as_of_revision;
  result_.stages.resize(policy_.stages.size());
  for (size_t i = 0; i < policy_.stages.size(); ++i)
    result_.stages[i].stage = policy_.stages[i].key;
}

// Whether the record holds what the condition, which has no children, asks for.
bool PolicySimulator::IsTold(const Condition& condition) const {
  switch (condition.kind) {
    case Condition::Kind::kFact:
      return facts_->facts_told() ||
             (condition.fact != Fact::kNeedKnown && condition.fact != Fact::kBudgetKnown &&
              condition.fact != Fact::kDecisionMakerKnown);
    case Condition::Kind::kInterestAtLeast:
      return facts_->facts_told();
    case Condition::Kind::kExpectedValueAtLeast:
      return facts_->facts_told() || facts_->record().lead.expected_value.has_value();
    case Condition::Kind::kAttribute:
      return attributes_told_;
    default:
      return true;
  }
}

PolicySimulator::Truth PolicySimulator::Judge(const Condition& condition, absl::Time at) const {
  switch (condition.kind) {
    case Condition::Kind::kAllOf: {
      Truth all = Truth::kYes;
      for (const Condition& child : condition.children) all = std::min(all, Judge(child, at));
      return all;
    }
    case Condition::Kind::kAnyOf: {
      Truth any = Truth::kNo;
      for (const Condition& child : condition.children) any = std::max(any, Judge(child, at));
      return any;
    }
    case Condition::Kind::kNot: {
      Truth any = Truth::kNo;
      for (const Condition& child : condition.children) any = std::max(any, Judge(child, at));
      if (any == Truth::kUnknown) return any;
      return any == Truth::kYes ? Truth::kNo : Truth::kYes;
    }
    default:
      if (!IsTold(condition)) return Truth::kUnknown;
      return Holds(condition, facts_->record(), at) ? Truth::kYes : Truth::kNo;
  }
}

// As AddMissing in conditions.h, but for facts that may be unknown.
void PolicySimulator::AddUnmet(const std::string& stage, const Condition& condition, absl::Time at,
                               Verdict& verdict) const {
  if (condition.kind == Condition::Kind::kAllOf) {
    for (const Condition& child : condition.children) AddUnmet(stage, child, at, verdict);
    return;
  }
  const Truth truth = Judge(condition, at);
  if (truth == Truth::kUnknown) verdict.undecided = true;
  if (truth == Truth::kNo) AddMissingCondition(stage, condition, verdict.missing);
}

void PolicySimulator::AddUnmetOf(int from, int to, absl::Time at, Verdict& verdict) const {
  for (int i = from; i <= to; ++i) {
    AddUnmet(policy_.stages[i].key, policy_.stages[i].entry, at, verdict);
  }
}

void PolicySimulator::CountUnknown(const std::string& stage, int moves) {
  UnknownStage& unknown = unknown_[stage];
  unknown.stage = stage;
  unknown.moves += moves;
  if (unknown_of_lead_.insert(stage).second) ++unknown.leads;
}

void PolicySimulator::Count(const Event& event, const std::string& from, const std::string& to,
                            Verdict verdict, SimulatedGate& gate) {
  ++gate.moves;
  const bool overridden = Find(event, "override") != nullptr;
  if (!verdict.not_allowed && !verdict.missing.empty() && overridden) {
    ++gate.overridden;
    return;
  }
  if (!verdict.not_allowed && verdict.missing.empty()) {
    if (verdict.undecided) {
      ++gate.undecided;
      return;
    }
    ++gate.passed;
    if (overridden) ++gate.overrides_spared;
    return;
  }
  ++gate.refused;
  if (verdict.not_allowed) ++gate.not_allowed;
  refused_ = true;
  auto& refused_by = refused_by_[to.empty() ? policy_.stages.size() : StageIndex(policy_, to)];
  for (const MissingCondition& missing : verdict.missing) {
    ++refused_by[{StageIndex(policy_, missing.stage), missing.condition}];
  }
  if (result_.refusals.size() >= static_cast<size_t>(limits::simulated_refusals_max)) {
    ++result_.refusals_left_out;
    return;
  }
  result_.refusals.push_back(
      {lead_, event.occur_time, from, to, verdict.not_allowed, std::move(verdict.missing)});
}

void PolicySimulator::JudgeMove(const Event& event, const std::string& from,
                                const std::string& to) {
  const int from_index = StageIndex(policy_, from);
  const int to_index = StageIndex(policy_, to);
  if (from_index < 0) CountUnknown(from, 0);
  if (to_index < 0) return CountUnknown(to, 1);
  Verdict verdict;
  verdict.not_allowed = !MoveAllowed(policy_, from_index, to_index);
  // Forward, of every stage on the way and the target; back, of the target alone.
  AddUnmetOf(from_index < to_index ? from_index + 1 : to_index, to_index, event.occur_time,
             verdict);
  Count(event, from, to, std::move(verdict), result_.stages[to_index]);
}

void PolicySimulator::JudgeReopening(const Event& event) {
  const std::string& stage = facts_->record().lead.stage;
  const int index = StageIndex(policy_, stage);
  if (index < 0) return CountUnknown(stage, 1);
  Verdict verdict;
  AddUnmetOf(index, index, event.occur_time, verdict);
  Count(event, stage, stage, std::move(verdict), result_.stages[index]);
}

// A lead begins in the policy's first stage, whatever the first was then.
void PolicySimulator::JudgeCapture(const Event& event) {
  std::vector<Visit> visits;
  visits.swap(facts_->record().lead.visits);
  Verdict verdict;
  AddUnmetOf(0, 0, event.occur_time, verdict);
  Count(event, "", policy_.stages[0].key, std::move(verdict), result_.stages[0]);
  visits.swap(facts_->record().lead.visits);
  if (StageIndex(policy_, facts_->record().lead.stage) < 0) {
    CountUnknown(facts_->record().lead.stage, 1);
  }
}

void PolicySimulator::JudgeWin(const Event& event) {
  const std::string& from = facts_->record().lead.stage;
  const int index = StageIndex(policy_, from);
  if (index < 0) CountUnknown(from, 0);
  Verdict verdict;
  verdict.not_allowed = !WinAllowed(policy_, index);
  AddUnmetOf(index + 1, static_cast<int>(policy_.stages.size()) - 1, event.occur_time, verdict);
  Count(event, from, "", std::move(verdict), result_.win);
}

void PolicySimulator::JudgeDecline(const Event& event) {
  SimulatedDeclines& declines = result_.declines;
  ++declines.count;
  const Change* const told = Find(event, "arguments");
  if (told == nullptr) {
    ++declines.undecided;
    return;
  }
  int given = 0;
  for (const absl::string_view argument : absl::StrSplit(told->after, ',')) {
    int64_t* const count = argument == "better"   ? &declines.better
                           : argument == "price"  ? &declines.price
                           : argument == "differ" ? &declines.differ
                                                  : nullptr;
    if (count == nullptr) continue;
    ++*count;
    ++given;
  }
  const bool alternatives = Find(event, "alternatives") != nullptr;
  if (alternatives) ++declines.alternatives;
  const DeclineRules& rules = policy_.decline;
  if (given < (rules.all_arguments ? 3 : 1) || (rules.alternatives_required && !alternatives)) {
    ++declines.refused;
  }
}

void PolicySimulator::JudgeEvent(const Event& event) {
  switch (event.type) {
    case EventType::kLeadCaptured:
      return JudgeCapture(event);
    case EventType::kLeadMoved: {
      // Leads that an activation mapped to a stage were moved by nobody.
      const Change* const stage = Find(event, "stage");
      if (stage == nullptr || Find(event, "policy_version") != nullptr) return;
      return JudgeMove(event, stage->before, stage->after);
    }
    case EventType::kLeadReopened:
      return JudgeReopening(event);
    case EventType::kLeadWon:
      return JudgeWin(event);
    case EventType::kLeadDeclined:
      return JudgeDecline(event);
    default:
      return;
  }
}

absl::Status PolicySimulator::Add(
    const std::string& lead, const std::vector<Event>& events,
    absl::FunctionRef<absl::StatusOr<Attributes>(int64_t revision)> attributes_at) {
  lead_ = lead;
  facts_.emplace(currency_code_);
  counted_ = refused_ = false;
  unknown_of_lead_.clear();
  for (const Event& event : events) {
    const bool captured = event.type == EventType::kLeadCaptured;
    // A capture is judged on what it brings, everything else on what was there before it.
    if (captured) {
      SALES_RETURN_IF_ERROR(facts_->Add(event));
    } else {
      limits_.Look(facts_->record(), event.occur_time);
    }
    if (facts_->track().funnel != funnel_) return absl::OkStatus();
    const bool judged = captured || event.type == EventType::kLeadMoved ||
                        event.type == EventType::kLeadReopened ||
                        event.type == EventType::kLeadWon || event.type == EventType::kLeadDeclined;
    if (judged && InWindow(result_.window, DayOf(event.occur_time, zone_))) {
      if (asks_for_attributes_) {
        SALES_ASSIGN_OR_RETURN(facts_->record().lead.attributes, attributes_at(event.revision));
        // They may have been erased since.
        attributes_told_ = facts_->facts_told() &&
                           facts_->record().lead.attributes.size() == facts_->attribute_count();
      }
      JudgeEvent(event);
      counted_ = true;
    }
    if (!captured) SALES_RETURN_IF_ERROR(facts_->Add(event));
  }
  limits_.EndLead(facts_->record(), until_);
  result_.leads += counted_ ? 1 : 0;
  result_.leads_refused += refused_ ? 1 : 0;
  return absl::OkStatus();
}

PolicySimulation PolicySimulator::Finish() {
  for (size_t i = 0; i <= policy_.stages.size(); ++i) {
    SimulatedGate& gate = i < policy_.stages.size() ? result_.stages[i] : result_.win;
    if (i < policy_.stages.size()) gate.work_units = gate.passed * policy_.stages[i].work_units;
    for (const auto& [place, refused] : refused_by_[i]) {
      const std::string& stage = policy_.stages[place.first].key;
      gate.conditions.push_back({stage, place.second, refused});
    }
  }
  result_.limits = limits_.Finish();
  for (auto& [stage, unknown] : unknown_) result_.unknown_stages.push_back(std::move(unknown));
  return std::move(result_);
}

}  // namespace sales
