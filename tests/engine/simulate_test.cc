// What a policy would have stopped, against what actually happened.

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Kind = Condition::Kind;

Condition Of(Kind kind, std::vector<Condition> children = {}) {
  Condition condition;
  condition.kind = kind;
  condition.children = std::move(children);
  return condition;
}

Condition Is(Fact fact) {
  Condition condition = Of(Kind::kFact);
  condition.fact = fact;
  return condition;
}

Condition RegionIs(const std::string& region) {
  Condition condition = Of(Kind::kAttribute);
  condition.key = "region";
  condition.comparison = Comparison::kEqual;
  condition.value = region;
  return condition;
}

Condition AtLeast(Kind kind, int64_t number) {
  Condition condition = Of(kind);
  condition.number = number;
  return condition;
}

Stage StageOf(const std::string& key, std::vector<Condition> entry = {}) {
  Stage stage;
  stage.key = key;
  stage.entry = Of(Kind::kAllOf, std::move(entry));
  return stage;
}

// What is in force: few demands, and every kind of fact that can come and go among them.
FunnelPolicy InForce() {
  FunnelPolicy policy;
  policy.id = "sales";
  policy.stages = {StageOf("new"), StageOf("talk", {Is(Fact::kNeedKnown)}),
                   StageOf("work", {Is(Fact::kPriceOffered)}), StageOf("sign")};
  policy.stages[2].qualifying = true;
  return policy;
}

// A candidate that asks for more.
FunnelPolicy Stricter() {
  FunnelPolicy policy = InForce();
  Condition value = Of(Kind::kExpectedValueAtLeast);
  value.money = Money{"EUR", 0};
  policy.stages[0].entry = Of(Kind::kAnyOf, {Is(Fact::kNeedKnown), value});
  policy.stages[1].entry =
      Of(Kind::kAllOf, {Is(Fact::kNeedKnown), AtLeast(Kind::kInterestAtLeast, 50)});
  policy.stages[2].entry =
      Of(Kind::kAllOf, {Is(Fact::kPriceOffered), RegionIs("north"), Is(Fact::kResponded)});
  policy.stages[3].entry =
      Of(Kind::kAllOf, {Is(Fact::kSellerAssigned), AtLeast(Kind::kDaysInStageAtLeast, 2),
                        Of(Kind::kNot, {Is(Fact::kBudgetKnown)})});
  policy.decline.all_arguments = true;
  return policy;
}

constexpr int kStages = 4;
const char* const kKeys[] = {"new", "talk", "work", "sign"};

int IndexOf(const std::string& stage) {
  return static_cast<int>(std::find(kKeys, kKeys + kStages, stage) - kKeys);
}

// lead, from, to, missing conditions. In the words of the report.
using Refused = std::tuple<std::string, std::string, std::string, std::vector<std::string>>;

// Lives the life of a studio by chance, and notes beside it, from what the record showed just
// before each move, what the stricter policy would have said. Shares no code with the engine.
class Life {
 public:
  Life(const Desk& desk, TurnedClock& clock, unsigned seed)
      : desk_(desk), clock_(clock), random_(seed) {}

  void Step() {
    clock_.Turn(absl::Hours(7));
    if (leads_.empty() || Below(5) == 0) return Capture();
    const std::string lead = leads_[Below(leads_.size())];
    const Lead before = *desk_.GetLead(lead);
    switch (Below(14)) {
      case 0:
      case 1:
      case 2:
        return Advance(before);
      case 3:
        return Win(before);
      case 4:
        return Reopen(before);
      case 5:
        return Decline(before);
      case 6: {
        LogActivity activity;
        activity.kind = ActivityKind::kCall;
        activity.direction = static_cast<Direction>(1 + Below(3));
        if (desk_.LogActivity(lead, activity).ok() && activity.direction == Direction::kOut) {
          answered_[lead] = true;
        }
        return;
      }
      case 7: {
        SendProposal proposal;
        proposal.price = {"EUR", 100};
        (void)desk_.SendProposal(lead, proposal);
        return;
      }
      case 8: {
        AnswerProposal answer;
        answer.answer = Below(2) == 0 ? ProposalState::kWithdrawn : ProposalState::kRejected;
        (void)desk_.AnswerProposal(lead, answer);
        return;
      }
      case 9: {
        AssignLead assign;
        if (Below(2) == 0) assign.seller = "boris";
        assign.unassign = assign.seller.empty();
        (void)desk_.AssignLead(lead, assign);
        return;
      }
      case 10: {
        PlanActivity plan;
        plan.due_time = clock_.Now() + absl::Hours(1 + Below(100));
        (void)desk_.PlanActivity(lead, plan);
        return;
      }
      case 11:
        (void)desk_.AgreeRequirements(lead, {"as told"});
        return;
      default:
        return Update(lead);
    }
  }

  const std::vector<std::string>& leads() const { return leads_; }

  std::vector<Refused> refused;
  int64_t overrides = 0;
  int64_t declines_refused = 0;

 private:
  int Below(size_t end) { return static_cast<int>(random_() % end); }

  // What the stricter policy misses, in its words and order.
  std::vector<std::string> MissingIn(int stage, const Lead& lead) {
    std::vector<std::string> missing;
    const auto need = [&](bool met, const char* condition) {
      if (!met) missing.push_back(condition);
    };
    const bool offered =
        std::any_of(lead.proposals.begin(), lead.proposals.end(), [](const Proposal& proposal) {
          return proposal.send_time.has_value() && proposal.state != ProposalState::kWithdrawn;
        });
    const auto region = lead.attributes.find("region");
    if (stage == 0) {
      need(!lead.need.empty() || lead.expected_value.has_value(),
           "any_of(need_known, expected_value >= 0 EUR)");
    } else if (stage == 1) {
      need(!lead.need.empty(), "need_known");
      need(lead.interest >= 50, "interest >= 50");
    } else if (stage == 2) {
      need(offered, "price_offered");
      need(region != lead.attributes.end() && region->second == "north",
           "attribute(region) = 'north'");
      need(answered_[lead.id], "responded");
    } else {
      need(!lead.seller.empty(), "seller_assigned");
      need(!lead.visits.empty() && clock_.Now() - lead.visits.back().enter_time >= absl::Hours(48),
           "days_in_stage >= 2");
      need(!lead.budget.has_value(), "not(budget_known)");
    }
    return missing;
  }

  std::vector<std::string> MissingFrom(int first, int last, const Lead& lead) {
    std::vector<std::string> missing;
    for (int stage = first; stage <= last; ++stage) {
      for (const std::string& condition : MissingIn(stage, lead)) {
        if (std::find(missing.begin(), missing.end(), condition) == missing.end()) {
          missing.push_back(condition);
        }
      }
    }
    return missing;
  }

  void Note(const absl::Status& status, bool overridden, const Lead& before, const char* from,
            const char* to, std::vector<std::string> missing) {
    if (!status.ok()) return;
    if (overridden) {
      ++overrides;
      return;
    }
    if (!missing.empty()) refused.push_back({before.id, from, to, std::move(missing)});
  }

  // Whether the lead's last write tells of an override; a win opens a handoff, too.
  bool Overridden(const std::string& lead) {
    EventQuery query;
    query.lead = lead;
    query.page_size = 1000;
    const EventPage page = *desk_.ListEvents(query);
    for (const Event& event : page.events) {
      if (event.revision != page.events.back().revision) continue;
      for (const Change& change : event.changes) {
        if (change.field == "override") return true;
      }
    }
    return false;
  }

  void Capture() {
    CaptureLead command;
    command.id = "l" + std::to_string(leads_.size());
    command.contact.display_name = "n";
    command.funnel = "sales";
    if (Below(2) == 0) command.need = "a shop";
    if (Below(2) == 0) command.expected_value = Money{"EUR", Below(2)};
    if (Below(2) == 0) command.budget = Money{"EUR", 7};
    if (Below(2) == 0) command.attributes["region"] = Below(2) == 0 ? "north" : "south";
    command.interest = Below(101);
    const auto result = desk_.CaptureLead(command);
    ASSERT_TRUE(result.ok()) << result.status();
    leads_.push_back(command.id);
    Note(result.status(), false, result->lead, "", "new", MissingIn(0, result->lead));
  }

  void Update(const std::string& lead) {
    UpdateLead update;
    switch (Below(5)) {
      case 0:
        update.need = Below(2) == 0 ? "" : "a shop";
        break;
      case 1:
        update.interest = Below(101);
        break;
      case 2:
        update.budget = Money{"EUR", 7};
        break;
      case 3:
        update.clear_budget = true;
        break;
      default:
        update.attributes.emplace();
        if (Below(3) != 0) (*update.attributes)["region"] = Below(3) != 0 ? "north" : "south";
        if (Below(2) == 0) (*update.attributes)["size"] = "9";
    }
    ASSERT_TRUE(desk_.UpdateLead(lead, update).ok());
  }

  void Advance(const Lead& before) {
    AdvanceLead command;
    const int to = Below(kStages);
    command.stage = kKeys[to];
    command.reason = "so";
    if (Below(4) == 0) command.override_reason = "the boss says so";
    const int from = IndexOf(before.stage);
    const auto missing = MissingFrom(from < to ? from + 1 : to, to, before);
    const absl::Status status = desk_.AdvanceLead(before.id, command).status();
    const bool overridden = status.ok() && Overridden(before.id);
    Note(status, overridden, before, kKeys[from], kKeys[to], missing);
  }

  void Win(const Lead& before) {
    WinLead command;
    command.value = Money{"EUR", 10};
    if (Below(4) == 0) command.override_reason = "the boss says so";
    const int from = IndexOf(before.stage);
    const auto missing = MissingFrom(from + 1, kStages - 1, before);
    const absl::Status status = desk_.WinLead(before.id, command).status();
    const bool overridden = status.ok() && Overridden(before.id);
    Note(status, overridden, before, kKeys[from], "", missing);
  }

  void Reopen(const Lead& before) {
    ReopenLead command;
    command.reason = "he called";
    if (Below(2) == 0) command.override_reason = "the boss says so";
    const int stage = IndexOf(before.stage);
    const auto missing = MissingIn(stage, before);
    const absl::Status status = desk_.ReopenLead(before.id, command).status();
    const bool overridden = status.ok() && Overridden(before.id);
    Note(status, overridden, before, kKeys[stage], kKeys[stage], missing);
  }

  void Decline(const Lead& before) {
    DeclineLead command;
    command.reason = "price";
    command.arguments.better = "b";
    if (Below(2) == 0) command.arguments.price = "p";
    if (Below(2) == 0) command.arguments.differ = "d";
    if (!desk_.DeclineLead(before.id, command).ok()) return;
    if (command.arguments.price.empty() || command.arguments.differ.empty()) ++declines_refused;
  }

  const Desk desk_;
  TurnedClock& clock_;
  std::mt19937 random_;
  std::vector<std::string> leads_;
  std::map<std::string, bool> answered_;
};

// The limits that a policy may have, each tight enough to be kept and breached.
FunnelPolicy Limited(FunnelPolicy policy, int hours) {
  policy.stages[0].respond_within = Limit{absl::Hours(hours), false};
  policy.stages[1].respond_within = Limit{absl::Hours(2 * hours), true};
  policy.stages[1].stage_within = Limit{absl::Hours(5 * hours), true};
  policy.stages[2].proposal_within = Limit{absl::Hours(3 * hours), false};
  policy.stages[3].stage_within = Limit{absl::Hours(4 * hours), false};
  policy.stages[0].rot_after = absl::Hours(6 * hours);
  policy.stages[2].rot_after = absl::Hours(4 * hours);
  return policy;
}

using LimitCounts = std::map<std::pair<std::string, ClockKind>, int64_t>;

LimitCounts BreachesIn(const PolicySimulation& simulation) {
  LimitCounts breached;
  for (const SimulatedLimit& limit : simulation.limits) {
    EXPECT_GE(limit.clocks, limit.breached);
    if (limit.breached > 0) breached[{limit.stage, limit.clock}] = limit.breached;
  }
  return breached;
}

class Simulation : public Studio {
 protected:
  void SetUp() override { Activate(InForce()); }

  void Activate(const FunnelPolicy& policy) {
    ActivateFunnelPolicy command;
    command.policy = policy;
    const auto active = desk().ActivateFunnelPolicy(command);
    ASSERT_TRUE(active.ok()) << active.status();
  }

  PolicySimulation Simulate(const FunnelPolicy& policy, Window window = {}) const {
    SimulateFunnelPolicy command;
    command.policy = policy;
    command.window = window;
    const auto simulation = desk().SimulateFunnelPolicy(command);
    EXPECT_TRUE(simulation.ok()) << simulation.status();
    return simulation.ok() ? *simulation : PolicySimulation{};
  }

  static SimulatedGate Sum(const PolicySimulation& simulation) {
    SimulatedGate sum = simulation.win;
    for (const SimulatedGate& gate : simulation.stages) {
      sum.moves += gate.moves;
      sum.passed += gate.passed;
      sum.refused += gate.refused;
      sum.overridden += gate.overridden;
      sum.overrides_spared += gate.overrides_spared;
      sum.undecided += gate.undecided;
    }
    return sum;
  }

  static std::vector<Refused> RefusedIn(const PolicySimulation& simulation) {
    std::vector<Refused> refused;
    for (const SimulatedRefusal& refusal : simulation.refusals) {
      std::vector<std::string> missing;
      for (const MissingCondition& condition : refusal.missing) {
        missing.push_back(condition.condition);
      }
      refused.push_back({refusal.lead, refusal.from, refusal.to, missing});
    }
    std::sort(refused.begin(), refused.end());
    return refused;
  }
};

TEST_F(Simulation, OfThePolicyInForceStopsNothingThatHappenedUnderIt) {
  Life life(desk(), clock_, 7);
  for (int i = 0; i < 1'400; ++i) life.Step();
  const PolicySimulation simulation = Simulate(InForce());
  const SimulatedGate sum = Sum(simulation);
  EXPECT_EQ(sum.refused, 0);
  EXPECT_EQ(sum.undecided, 0);
  EXPECT_EQ(sum.overrides_spared, 0);
  EXPECT_EQ(sum.overridden, life.overrides);
  EXPECT_EQ(sum.moves, sum.passed + sum.overridden);
  EXPECT_GT(sum.passed, 300);
  EXPECT_GT(sum.overridden, 20);
  EXPECT_EQ(simulation.declines.refused, 0);
  EXPECT_GT(simulation.declines.count, 10);
  EXPECT_TRUE(simulation.refusals.empty());
  EXPECT_TRUE(simulation.unknown_stages.empty());
  ExpectClean();
}

TEST_F(Simulation, OfAStricterPolicyStopsWhatANaiveCheckFindsAndNothingElse) {
  Life life(desk(), clock_, 1);
  for (int i = 0; i < 1'200; ++i) life.Step();
  const PolicySimulation simulation = Simulate(Stricter());
  std::sort(life.refused.begin(), life.refused.end());
  EXPECT_GT(life.refused.size(), 50u);
  EXPECT_EQ(RefusedIn(simulation), life.refused);
  EXPECT_EQ(Sum(simulation).refused, static_cast<int64_t>(life.refused.size()));
  EXPECT_EQ(Sum(simulation).undecided, 0);
  EXPECT_EQ(simulation.declines.refused, life.declines_refused);
  EXPECT_GT(life.declines_refused, 5);
}

TEST_F(Simulation, OfTheLimitsInForceFindsTheBreachesThatWereRecorded) {
  Activate(Limited(InForce(), 12));
  Life life(desk(), clock_, 8);
  for (int i = 0; i < 1'200; ++i) {
    life.Step();
    if (i % 10 == 0) {
      ASSERT_TRUE(engine_->Sweep(1'000).ok());
    }
  }
  ASSERT_TRUE(engine_->Sweep(1'000).ok());
  const std::map<std::string, ClockKind> kinds = {{"RESPONSE", ClockKind::kResponse},
                                                  {"PROPOSAL", ClockKind::kProposal},
                                                  {"STAGE", ClockKind::kStage},
                                                  {"ROT", ClockKind::kRot}};
  LimitCounts recorded;
  for (const Event& event : Events()) {
    if (event.type != EventType::kLimitBreached) continue;
    ++recorded[{event.changes[2].after, kinds.at(event.changes[0].after)}];
  }
  const PolicySimulation simulation = Simulate(Limited(InForce(), 12));
  EXPECT_EQ(simulation.limits.size(), 7u);
  EXPECT_EQ(BreachesIn(simulation), recorded);
  EXPECT_GE(recorded.size(), 5u);
}

TEST_F(Simulation, OfOtherLimitsFindsWhatTheVisitsOfTheLeadsSay) {
  Life life(desk(), clock_, 9);
  for (int i = 0; i < 800; ++i) life.Step();
  const absl::Time until = Events().back().record_time;
  FunnelPolicy candidate = Stricter();
  for (Stage& stage : candidate.stages) stage.stage_within = Limit{absl::Hours(500), false};
  std::map<std::string, int64_t> breached;
  std::map<std::string, int64_t> clocks;
  for (const std::string& id : life.leads()) {
    const Lead lead = *desk().GetLead(id);
    for (const Visit& visit : lead.visits) {
      const bool late = visit.leave_time.value_or(until) > visit.enter_time + absl::Hours(500);
      breached[visit.stage] += late ? 1 : 0;
      clocks[visit.stage] += late || visit.leave_time.has_value() ? 1 : 0;
    }
  }
  const PolicySimulation simulation = Simulate(candidate);
  ASSERT_EQ(simulation.limits.size(), 4u);
  for (int i = 0; i < kStages; ++i) {
    const SimulatedLimit& limit = simulation.limits[i];
    EXPECT_EQ(limit.stage, kKeys[i]);
    EXPECT_EQ(limit.clock, ClockKind::kStage);
    EXPECT_EQ(limit.breached, breached[limit.stage]) << limit.stage;
    EXPECT_EQ(limit.clocks, clocks[limit.stage]) << limit.stage;
  }
  EXPECT_GT(simulation.limits[0].breached, 5);
  EXPECT_GT(simulation.limits[0].clocks, simulation.limits[0].breached);
}

TEST_F(Simulation, CountsByStageAndCondition) {
  Life life(desk(), clock_, 3);
  for (int i = 0; i < 600; ++i) life.Step();
  std::map<std::pair<std::string, std::string>, int64_t> naive;
  for (const auto& [lead, from, to, missing] : life.refused) {
    for (const std::string& condition : missing) ++naive[{to, condition}];
  }
  std::map<std::pair<std::string, std::string>, int64_t> found;
  const PolicySimulation simulation = Simulate(Stricter());
  for (const SimulatedGate& gate : simulation.stages) {
    for (const auto& condition : gate.conditions) {
      found[{gate.stage, condition.condition}] = condition.refused;
    }
  }
  for (const auto& condition : simulation.win.conditions) {
    found[{"", condition.condition}] = condition.refused;
  }
  EXPECT_EQ(found, naive);
}

TEST_F(Simulation, OfAnOlderRevisionStaysWhatItWas) {
  Life life(desk(), clock_, 4);
  for (int i = 0; i < 300; ++i) life.Step();
  const PolicySimulation first = Simulate(Stricter());
  for (int i = 0; i < 300; ++i) life.Step();
  SimulateFunnelPolicy command;
  command.policy = Stricter();
  command.as_of_revision = first.as_of_revision;
  const PolicySimulation again = *desk().SimulateFunnelPolicy(command);
  EXPECT_EQ(RefusedIn(again), RefusedIn(first));
  EXPECT_EQ(again.leads, first.leads);
  EXPECT_EQ(Sum(again).passed, Sum(first).passed);
}

TEST_F(Simulation, LooksOnlyAtItsWindow) {
  Life life(desk(), clock_, 5);
  for (int i = 0; i < 400; ++i) life.Step();
  const absl::TimeZone zone = absl::UTCTimeZone();
  const absl::CivilDay middle = absl::ToCivilDay(clock_.Now() - absl::Hours(7 * 200), zone);
  Window early;
  early.end = middle;
  Window late;
  late.start = middle;
  const int64_t all = Sum(Simulate(Stricter())).moves;
  const int64_t before = Sum(Simulate(Stricter(), early)).moves;
  const int64_t after = Sum(Simulate(Stricter(), late)).moves;
  EXPECT_GT(before, 0);
  EXPECT_GT(after, 0);
  EXPECT_EQ(before + after, all);
}

TEST_F(Simulation, NamesStagesThatTheCandidateLacksAndMovesThatItForbids) {
  CaptureLead capture = Person("anna");
  capture.funnel = "sales";
  capture.id = "l1";
  ASSERT_TRUE(desk().CaptureLead(capture).ok());
  ASSERT_TRUE(desk().AdvanceLead("l1", {"talk", "", ""}).ok());
  ASSERT_TRUE(desk().AdvanceLead("l1", {"work", "", "the boss says so"}).ok());
  FunnelPolicy candidate = InForce();
  candidate.stages.erase(candidate.stages.begin() + 1);
  candidate.stages[1].entry = {};
  const PolicySimulation lacking = Simulate(candidate);
  ASSERT_EQ(lacking.unknown_stages.size(), 1u);
  EXPECT_EQ(lacking.unknown_stages[0].stage, "talk");
  EXPECT_EQ(lacking.unknown_stages[0].moves, 1);
  EXPECT_EQ(lacking.unknown_stages[0].leads, 1);
  EXPECT_EQ(lacking.stages[1].overrides_spared, 1);
  candidate = InForce();
  candidate.stages[0].allowed_moves = {"talk"};
  candidate.stages[1].allowed_moves = {"sign"};
  candidate.stages[3].allowed_moves = {"work"};
  const PolicySimulation forbidding = Simulate(candidate);
  EXPECT_EQ(forbidding.stages[2].not_allowed, 1);
  EXPECT_EQ(forbidding.stages[2].refused, 1);
  EXPECT_TRUE(forbidding.refusals[0].not_allowed);
}

TEST_F(Simulation, JudgesImportedPastsToo) {
  ImportLead row;
  row.capture = Person("boris");
  row.capture.external_id = "x1";
  row.capture.funnel = "sales";
  row.capture.receive_time = clock_.Now() - absl::Hours(100);
  row.steps = {{clock_.Now() - absl::Hours(90), AdvanceLead{"talk", "", ""}},
               {clock_.Now() - absl::Hours(80), DeclineLead{"price", {"b", "", ""}}}};
  ASSERT_EQ((*desk().ImportLeads({row}))[0].outcome, ImportOutcome::kImported);
  EXPECT_EQ(Sum(Simulate(InForce())).refused, 0);
  const PolicySimulation simulation = Simulate(Stricter());
  ASSERT_EQ(simulation.refusals.size(), 1u);
  EXPECT_EQ(simulation.refusals[0].missing[0].condition, "interest >= 50");
  EXPECT_EQ(simulation.declines.better, 1);
  EXPECT_EQ(simulation.declines.refused, 1);
  EXPECT_EQ(simulation.leads_refused, 1);
}

TEST_F(Simulation, TellsMovesIntoStagesThatAnActivationMappedFromThoseOfPeople) {
  CaptureLead capture = Person("anna");
  capture.funnel = "sales";
  capture.id = "l1";
  ASSERT_TRUE(desk().CaptureLead(capture).ok());
  ASSERT_TRUE(desk().AdvanceLead("l1", {"talk", "", ""}).ok());
  ActivateFunnelPolicy command;
  command.policy = InForce();
  command.policy.stages.erase(command.policy.stages.begin() + 1);
  command.stage_mapping["talk"] = "work";
  ASSERT_TRUE(desk().ActivateFunnelPolicy(command).ok());
  // No price was offered: that the lead was put there all the same is told as an override.
  const std::vector<Event> events = Events();
  EXPECT_TRUE(std::any_of(events.back().changes.begin(), events.back().changes.end(),
                          [](const Change& change) {
                            return change.field == "override" && change.after == "price_offered";
                          }));
  EXPECT_EQ(Simulate(command.policy).stages[1].moves, 0);
  ExpectClean();
}

TEST_F(Simulation, RefusesWhatCannotBeSimulated) {
  SimulateFunnelPolicy command;
  command.policy = InForce();
  command.policy.stages[2].qualifying = false;
  EXPECT_EQ(ReasonIn(desk().SimulateFunnelPolicy(command).status()), Reason::kPolicyInvalid);
  command.policy = InForce();
  command.funnel = "other";
  EXPECT_EQ(ReasonIn(desk().SimulateFunnelPolicy(command).status()), Reason::kFunnelNotFound);
  command.funnel = "";
  command.as_of_revision = 1'000;
  EXPECT_EQ(ReasonIn(desk().SimulateFunnelPolicy(command).status()), Reason::kRevisionInvalid);
  command.as_of_revision = 0;
  command.window.start = absl::CivilDay(2026, 2, 1);
  command.window.end = absl::CivilDay(2026, 1, 1);
  EXPECT_EQ(ReasonIn(desk().SimulateFunnelPolicy(command).status()), Reason::kWindowInvalid);
}

}  // namespace
}  // namespace sales::testing
