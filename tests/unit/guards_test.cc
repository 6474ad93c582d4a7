// Every verb on every state of a lead: whatever is done in whatever order, no lead comes into a
// stage whose conditions do not hold, nor is won past one, without an override that is told.
//
// The states are found, not listed: from a captured lead every command is tried on every state that
// any command led to, until nothing new appears. Two states are one if the policy cannot tell them
// apart.

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

Condition Of(Condition::Kind kind, std::vector<Condition> children) {
  Condition condition;
  condition.kind = kind;
  condition.children = std::move(children);
  return condition;
}

Condition InterestAtLeast(int number) {
  Condition condition;
  condition.kind = Condition::Kind::kInterestAtLeast;
  condition.number = number;
  return condition;
}

// Five stages that ask for everything that can come and go.
FunnelPolicy AskingPolicy() {
  FunnelPolicy policy;
  policy.id = "asking";
  for (const char* key : {"a", "b", "c", "d", "e"}) policy.stages.push_back(StageNamed(key));
  policy.stages[0].entry = FactIs(Fact::kNeedKnown);
  policy.stages[1].entry = Of(Condition::Kind::kAllOf, {FactIs(Fact::kResponded)});
  policy.stages[2].qualifying = true;
  policy.stages[2].entry =
      Of(Condition::Kind::kAllOf, {FactIs(Fact::kRequirementsAgreed), FactIs(Fact::kPriceOffered)});
  policy.stages[3].entry =
      Of(Condition::Kind::kAnyOf, {FactIs(Fact::kSellerAssigned), InterestAtLeast(50)});
  policy.stages[4].entry =
      Of(Condition::Kind::kAllOf,
         {FactIs(Fact::kPriceAccepted), Of(Condition::Kind::kNot, {FactIs(Fact::kBudgetKnown)})});
  return policy;
}

constexpr int kStages = 5;

bool IsOffered(const Lead& lead) {
  for (const Proposal& proposal : lead.proposals) {
    if (proposal.send_time && proposal.state != ProposalState::kWithdrawn) return true;
  }
  return false;
}

bool HasProposal(const Lead& lead, ProposalState state) {
  for (const Proposal& proposal : lead.proposals) {
    if (proposal.state == state) return true;
  }
  return false;
}

// The same conditions, said again in plain C++ and sharing nothing with the engine.
bool Met(int stage, const LeadRecord& record) {
  const Lead& lead = record.lead;
  int64_t outbound = 0;
  for (const auto& directions : record.activity_counts) outbound += directions[2];
  switch (stage) {
    case 0:
      return !lead.need.empty();
    case 1:
      return outbound > 0;
    case 2:
      return !lead.requirements.empty() && IsOffered(lead);
    case 3:
      return !lead.seller.empty() || lead.interest >= 50;
    default:
      return HasProposal(lead, ProposalState::kAccepted) && !lead.budget.has_value();
  }
}

int IndexOf(const std::string& stage) { return stage.empty() ? -1 : stage[0] - 'a'; }

struct Verb {
  std::string name;
  std::variant<LeadCommand, UpdateLead> command;
  bool overrides = false;
};

UpdateLead Need(std::string need) {
  UpdateLead update;
  update.need = std::move(need);
  return update;
}

UpdateLead Interest(int interest) {
  UpdateLead update;
  update.interest = interest;
  return update;
}

UpdateLead Budget(bool known) {
  UpdateLead update;
  if (known) update.budget = Euros(5);
  update.clear_budget = !known;
  return update;
}

SendProposal Offer() {
  SendProposal offer;
  offer.price = Euros(100);
  return offer;
}

NurtureLead Nurturing() {
  NurtureLead nurture;
  nurture.reason = "later";
  nurture.wake = absl::CivilDay(2199, 1, 1);
  return nurture;
}

PlanActivity Planned() {
  PlanActivity plan;
  plan.kind = ActivityKind::kCall;
  plan.due_time = Hour(20'000);
  return plan;
}

// The first that was planned.
CompletePlannedActivity Completed(Direction direction) {
  CompletePlannedActivity complete;
  complete.planned_activity = "1";
  complete.activity = Logged(ActivityKind::kCall, direction);
  return complete;
}

std::vector<Verb> Verbs() {
  std::vector<Verb> verbs = {
      {"assign", LeadCommand(AssignLead{"boris"})},
      {"unassign", LeadCommand(AssignLead{})},
      {"log out", LeadCommand(Logged(ActivityKind::kCall, Direction::kOut))},
      {"log in", LeadCommand(Logged(ActivityKind::kCall, Direction::kIn))},
      {"agree", LeadCommand(AgreeRequirements{"a list"})},
      {"request", LeadCommand(RequestProposal{})},
      {"send", LeadCommand(Offer())},
      {"accept", LeadCommand(AnswerProposal{0, ProposalState::kAccepted})},
      {"reject", LeadCommand(AnswerProposal{0, ProposalState::kRejected})},
      {"withdraw", LeadCommand(AnswerProposal{0, ProposalState::kWithdrawn})},
      {"decline", LeadCommand(Refusal())},
      {"lose", LeadCommand(LoseLead{"price", ""})},
      {"disqualify", LeadCommand(DisqualifyLead{"spam"})},
      {"nurture", LeadCommand(Nurturing())},
      {"win", LeadCommand(WinLead{Euros(1), ""})},
      {"win anyway", LeadCommand(WinLead{Euros(1), "the boss says so"}), true},
      {"reopen", LeadCommand(ReopenLead{"he called", ""})},
      {"reopen anyway", LeadCommand(ReopenLead{"he called", "the boss says so"}), true},
      {"stance", LeadCommand(SetStance{Stance::kPursue, "we want it"})},
      {"plan", LeadCommand(Planned())},
      {"complete out", LeadCommand(Completed(Direction::kOut))},
      {"complete in", LeadCommand(Completed(Direction::kIn))},
      {"cancel", LeadCommand(CancelPlannedActivity{"1"})},
      {"need", Need("a shop")},
      {"no need", Need("")},
      {"interest", Interest(60)},
      {"no interest", Interest(0)},
      {"budget", Budget(true)},
      {"no budget", Budget(false)},
  };
  for (const char* stage : {"a", "b", "c", "d", "e"}) {
    verbs.push_back({std::string("advance ") + stage, LeadCommand(To(stage, "so"))});
    verbs.push_back({std::string("advance anyway ") + stage,
                     LeadCommand(To(stage, "so", "the boss says so")), true});
  }
  return verbs;
}

// What the policy and the verbs can tell of a lead.
std::string SignatureOf(const LeadRecord& record) {
  const Lead& lead = record.lead;
  std::string signature = lead.stage + std::to_string(static_cast<int>(lead.state));
  for (int stage = 0; stage < kStages; ++stage) signature += Met(stage, record) ? '1' : '0';
  signature += lead.seller.empty() ? '0' : '1';
  signature += lead.interest >= 50 ? '1' : '0';
  signature += lead.budget.has_value() ? '1' : '0';
  signature += lead.requirements.empty() ? '0' : '1';
  signature += lead.planned_activities.empty()        ? '-'
               : lead.planned_activities[0].id == "1" ? '1'
                                                      : '2';
  // Conditions ask whether there is a proposal of a kind, answers are to the latest.
  signature += IsOffered(lead) ? '1' : '0';
  for (const ProposalState state : {ProposalState::kRequested, ProposalState::kAccepted}) {
    signature += HasProposal(lead, state) ? '1' : '0';
  }
  if (!lead.proposals.empty()) {
    signature += "/" + std::to_string(static_cast<int>(lead.proposals.back().state));
  }
  return signature;
}

bool TellsOverride(const Effect& effect) {
  for (const Change& change : effect.changes) {
    if (change.field == "override" && !change.after.empty()) return true;
  }
  return false;
}

// Whether a condition on the way from one record to the other was not met.
bool PassedUnmet(const LeadRecord& before, const LeadRecord& after) {
  const bool was_open = before.lead.state == LeadState::kOpen;
  const bool is_open = after.lead.state == LeadState::kOpen;
  const int from = IndexOf(before.lead.stage);
  const int to = IndexOf(after.lead.stage);
  int first = kStages;
  int last = kStages - 1;
  if (after.lead.state == LeadState::kWon && was_open) {
    first = from + 1;
  } else if (is_open && (!was_open || from != to)) {
    first = was_open && to > from ? from + 1 : to;
    last = to;
  }
  for (int stage = first; stage <= last; ++stage) {
    if (!Met(stage, before)) return true;
  }
  return false;
}

struct Walk {
  std::map<std::string, LeadRecord> states;
  // Verbs that were done, and refused for unmet conditions, at least once.
  std::set<std::string> done;
  std::set<std::string> guarded;
  int64_t calls = 0;
  int64_t overrides = 0;
};

Walk WalkEverywhere() {
  LeadFixture fixture(AskingPolicy());
  CaptureLead capture;
  capture.need = "a shop";
  EXPECT_DONE(fixture.Capture(capture));
  Walk walk;
  std::deque<std::string> waiting = {SignatureOf(fixture.record)};
  walk.states[waiting[0]] = fixture.record;
  const std::vector<Verb> verbs = Verbs();
  while (!waiting.empty()) {
    const LeadRecord before = walk.states.at(waiting.front());
    waiting.pop_front();
    for (const Verb& verb : verbs) {
      fixture.record = before;
      fixture.effect = {};
      fixture.at = Hour(static_cast<int>(before.lead.visits.size()) + 1);
      const auto* command = std::get_if<LeadCommand>(&verb.command);
      const absl::Status status = command != nullptr
                                      ? fixture.Do(*command)
                                      : fixture.Update(std::get<UpdateLead>(verb.command));
      ++walk.calls;
      const LeadRecord& after = fixture.record;
      if (!status.ok()) {
        if (ReasonOf(status) == Reason::kGuardUnmet) walk.guarded.insert(verb.name);
        EXPECT_TRUE(!verb.overrides || ReasonOf(status) != Reason::kGuardUnmet) << verb.name;
        continue;
      }
      walk.done.insert(verb.name);
      const bool unmet = PassedUnmet(before, after);
      EXPECT_EQ(unmet, TellsOverride(fixture.effect))
          << verb.name << " from " << SignatureOf(before) << " to " << SignatureOf(after);
      EXPECT_TRUE(!unmet || verb.overrides) << verb.name << " on " << SignatureOf(before);
      EXPECT_TRUE(after.lead.state == LeadState::kOpen || after.lead.stage == before.lead.stage)
          << verb.name << " moves a lead that is not open";
      if (unmet) ++walk.overrides;
      if (walk.states.emplace(SignatureOf(after), after).second) {
        waiting.push_back(SignatureOf(after));
      }
    }
  }
  return walk;
}

TEST(Guards, NoVerbOnAnyStateReachesAStageWhoseConditionsDoNotHold) {
  const Walk walk = WalkEverywhere();
  std::set<std::string> seen;
  for (const auto& [signature, record] : walk.states) seen.insert(signature.substr(0, 2));
  // Six states in five stages: the walk was everywhere.
  EXPECT_EQ(seen.size(), 30u);
  EXPECT_GT(walk.overrides, 0);
  for (const Verb& verb : Verbs()) EXPECT_TRUE(walk.done.count(verb.name)) << verb.name;
  for (const char* verb :
       {"advance a", "advance b", "advance c", "advance d", "advance e", "win", "reopen"}) {
    EXPECT_TRUE(walk.guarded.count(verb)) << verb;
  }
  RecordProperty("states", static_cast<int>(walk.states.size()));
  RecordProperty("calls", static_cast<int>(walk.calls));
}

TEST(Guards, ACaptureIsRefusedByTheFirstStage) {
  LeadFixture fixture(AskingPolicy());
  EXPECT_REFUSED(fixture.Capture(), "GUARD_UNMET");
}

TEST(Guards, AClientWhoWritesReopensHisLeadWhereItsConditionsHold) {
  LeadFixture fixture(AskingPolicy());
  CaptureLead capture;
  capture.need = "a shop";
  EXPECT_DONE(fixture.Capture(capture));
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kCall, Direction::kOut)));
  EXPECT_DONE(fixture.Do(To("d", "", "the boss says so")));
  EXPECT_DONE(fixture.Do(Nurturing()));
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kEmail, Direction::kIn)));
  EXPECT_EQ(fixture.lead().state, LeadState::kOpen);
  EXPECT_EQ(fixture.lead().stage, "b");
  EXPECT_EQ(fixture.lead().visits.back().stage, "b");
}

TEST(Guards, AClientWhoWritesStaysNurturedWhereNoStageTakesHim) {
  LeadFixture fixture(AskingPolicy());
  CaptureLead capture;
  capture.need = "a shop";
  EXPECT_DONE(fixture.Capture(capture));
  EXPECT_DONE(fixture.Do(Nurturing()));
  EXPECT_DONE(fixture.Update(Need("")));
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kEmail, Direction::kIn)));
  EXPECT_EQ(fixture.lead().state, LeadState::kNurtured);
  EXPECT_DONE(fixture.Do(ReopenLead{"he wrote", "the boss says so"}));
}

}  // namespace
}  // namespace sales
