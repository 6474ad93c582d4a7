// What a policy would have stopped, against what actually happened.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sales/report.h"
#include "sales/simulation.h"
#include "tests/engine/simulated_life.h"

namespace sales::testing {
namespace {

std::vector<Refused> RefusedIn(const PolicySimulation& simulation) {
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
