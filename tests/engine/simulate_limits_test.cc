// Which limits of a policy the past would have breached, against what was recorded and what visits
// say.
#include <map>
#include <string>
#include <utility>

#include "sales/simulation.h"
#include "tests/engine/simulated_life.h"

namespace sales::testing {
namespace {

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

}  // namespace
}  // namespace sales::testing
