// Staffing: Erlang C by hours, and a simulation that says the same where arrivals are Poisson.
#include "src/decide/staffing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sales/limits.h"
#include "src/decide/staffing_draws.h"
#include "src/decide/erlang.h"
#include "src/decide/errors.h"
#include "src/decide/hours.h"

namespace sales {
namespace {

constexpr auto kAlways = [] { return true; };

StaffingQuery Query(double goal = 0.8) {
  StaffingQuery query;
  query.handling_time = absl::Minutes(30);
  query.wait_limit = absl::Minutes(15);
  query.goal = goal;
  query.simulation_rounds = 20;
  query.simulation_seed = 7;
  return query;
}

std::vector<HourLoad> Evenly(double arrivals_per_hour) {
  std::vector<HourLoad> hours;
  for (int i = 0; i < kHoursOfWeek; ++i) {
    HourLoad& hour = hours.emplace_back();
    hour.hour_of_week = i;
    hour.arrivals.mean = arrivals_per_hour;
  }
  return hours;
}

const absl::Time kMonday = absl::FromCivil(absl::CivilDay(2026, 1, 5), absl::UTCTimeZone());

std::vector<absl::Time> Poisson(double per_hour, int count, uint64_t seed) {
  StaffingDraws draws(seed);
  std::vector<absl::Time> times;
  absl::Time at = kMonday;
  for (int i = 0; i < count; ++i) {
    at += absl::Hours(1) * (draws.Exponential() / per_hour);
    times.push_back(at);
  }
  return times;
}

TEST(StaffingDraws, AreTheSameEverywhere) {
  StaffingDraws draws(42);
  // The generator's published first values for this seed.
  EXPECT_EQ(draws.Next(), 13679457532755275413u);
  EXPECT_EQ(draws.Next(), 2949826092126892291u);
  EXPECT_EQ(draws.Next(), 5139283748462763858u);
}

TEST(StaffingDraws, AreExponentialWithMeanOne) {
  StaffingDraws draws(3);
  constexpr int kCount = 200'000;
  double sum = 0;
  double squares = 0;
  int above_two = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = draws.Exponential();
    sum += x;
    squares += x * x;
    above_two += x > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kCount, 1, 0.01);
  EXPECT_NEAR(squares / kCount, 2, 0.05);
  EXPECT_NEAR(static_cast<double>(above_two) / kCount, std::exp(-2), 0.003);
}

TEST(PlanSellers, TakesTheFewestOfEachHour) {
  std::vector<HourLoad> hours = Evenly(0);
  hours[9].arrivals.mean = 12;
  const auto plan = PlanSellers(Query(), hours);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->hours[8].sellers, 0);
  EXPECT_EQ(plan->hours[8].service_level, 1);
  EXPECT_EQ(plan->hours[9].offered_load, 6);
  EXPECT_EQ(plan->hours[9].sellers, FewestSellers(6, 1800, 900, 0.8, 100)->sellers);
  EXPECT_EQ(plan->seller_hours, plan->hours[9].sellers);
  EXPECT_EQ(plan->sellers_at_peak, plan->hours[9].sellers);
}

TEST(PlanSellers, SaysWhereNoNumberIsEnough) {
  std::vector<HourLoad> hours = Evenly(1);
  hours[30].arrivals.mean = 20'000;
  const auto plan = PlanSellers(Query(), hours);
  EXPECT_EQ(ReasonOf(plan.status()), Reason::kStaffingGoalUnreachable);
  const auto detail = DetailOf(plan.status());
  EXPECT_EQ(detail.metadata.at("hour_of_week"), "30");
  EXPECT_EQ(detail.metadata.at("limit"), "10000");
}

TEST(CheckStaffing, RefusesWhatCannotBe) {
  const auto refusal = [](auto change) {
    StaffingQuery query = Query();
    change(query);
    return ReasonOf(CheckStaffing(query));
  };
  EXPECT_TRUE(CheckStaffing(Query()).ok());
  EXPECT_EQ(refusal([](auto& q) { q.goal = 0; }), Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.goal = 1; }), Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.goal = std::nan(""); }), Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.handling_time = absl::ZeroDuration(); }),
            Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.handling_time = absl::InfiniteDuration(); }),
            Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.wait_limit = -absl::Seconds(1); }), Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.simulation_rounds = 1'001; }), Reason::kFieldInvalid);
  EXPECT_EQ(refusal([](auto& q) { q.simulation_rounds = -1; }), Reason::kFieldInvalid);
}

TEST(SimulateSellers, SaysWhatErlangSaysOfPoissonArrivals) {
  // Arrivals, too, are drawn: each stream of them gives another service level, and Erlang's must
  // lie among them.
  for (const double per_hour : {2.0, 11.0}) {
    const StaffingQuery query = Query();
    const auto plan = PlanSellers(query, Evenly(per_hour));
    ASSERT_TRUE(plan.ok());
    double low = 1;
    double high = 0;
    double sum = 0;
    constexpr int kStreams = 12;
    for (int stream = 0; stream < kStreams; ++stream) {
      const StaffingSimulation simulation =
          SimulateSellers(query, plan->hours, Poisson(per_hour, 6'000, 100 + stream),
                          absl::UTCTimeZone(), kAlways);
      low = std::min(low, simulation.low);
      high = std::max(high, simulation.high);
      sum += simulation.service_level;
    }
    const double erlang = plan->hours[0].service_level;
    EXPECT_LT(low, erlang);
    EXPECT_GT(high, erlang);
    EXPECT_NEAR(sum / kStreams, erlang, 0.01) << per_hour;
  }
}

// The queue in the plainest way, for sellers of the same number in every hour: each client goes to
// the seller who is free first.
TEST(SimulateSellers, ServesWhoCameFirstByWhoIsFreeFirst) {
  StaffingQuery query = Query();
  query.simulation_rounds = 1;
  auto plan = PlanSellers(query, Evenly(4));
  ASSERT_TRUE(plan.ok());
  for (HourStaffing& hour : plan->hours) hour.sellers = 3;
  const std::vector<absl::Time> arrivals = Poisson(4, 500, 5);
  StaffingDraws seeds(query.simulation_seed);
  StaffingDraws draws(seeds.Next());
  std::vector<absl::Time> free_at(3, absl::InfinitePast());
  absl::Duration waits;
  int in_time = 0;
  for (const absl::Time arrival : arrivals) {
    auto seller = std::min_element(free_at.begin(), free_at.end());
    const absl::Time start = std::max(arrival, *seller);
    waits += absl::Microseconds(absl::ToInt64Microseconds(start - arrival));
    in_time += start - arrival <= query.wait_limit ? 1 : 0;
    *seller = start + absl::Microseconds(static_cast<int64_t>(draws.Exponential() * 1.8e9));
  }
  const StaffingSimulation simulation =
      SimulateSellers(query, plan->hours, arrivals, absl::UTCTimeZone(), kAlways);
  EXPECT_EQ(simulation.service_level, in_time / 500.0);
  EXPECT_NEAR(absl::ToDoubleSeconds(simulation.mean_wait), absl::ToDoubleSeconds(waits) / 500,
              1e-3);
}

TEST(SimulateSellers, GivesTheSameForTheSameSeed) {
  StaffingQuery query = Query();
  const auto plan = PlanSellers(query, Evenly(3));
  const auto arrivals = Poisson(3, 300, 9);
  const auto run = [&] {
    return SimulateSellers(query, plan->hours, arrivals, absl::UTCTimeZone(), kAlways);
  };
  const StaffingSimulation first = run();
  EXPECT_EQ(first.service_level, run().service_level);
  EXPECT_EQ(first.mean_wait, run().mean_wait);
  query.simulation_seed = 8;
  EXPECT_NE(first.mean_wait, run().mean_wait);
}

TEST(SimulateSellers, LetsWhoComesBeforeTheFirstSellerWaitForHim) {
  StaffingQuery query = Query();
  query.simulation_rounds = 3;
  std::vector<HourStaffing> hours(kHoursOfWeek);
  for (int i = 0; i < kHoursOfWeek; ++i) hours[i].hour_of_week = i;
  hours[10].sellers = 1;
  // Monday 07:30: served at ten.
  const std::vector<absl::Time> arrivals = {kMonday + absl::Minutes(450)};
  const StaffingSimulation simulation =
      SimulateSellers(query, hours, arrivals, absl::UTCTimeZone(), kAlways);
  EXPECT_EQ(simulation.mean_wait, absl::Minutes(150));
  EXPECT_EQ(simulation.service_level, 0);
  // One more in every hour is there at once.
  EXPECT_EQ(simulation.further_sellers, 1);
}

TEST(SimulateSellers, SaysHowManyMoreABurstNeeds) {
  StaffingQuery query = Query(0.9);
  query.wait_limit = absl::ZeroDuration();
  query.simulation_rounds = 5;
  std::vector<HourStaffing> hours(kHoursOfWeek);
  for (int i = 0; i < kHoursOfWeek; ++i) hours[i] = {i, 1, 0.5, 2, 0};
  // Twenty at one instant: eighteen of them must be served at once.
  const std::vector<absl::Time> arrivals(20, kMonday + absl::Hours(12));
  const StaffingSimulation simulation =
      SimulateSellers(query, hours, arrivals, absl::UTCTimeZone(), kAlways);
  EXPECT_EQ(simulation.service_level, 0.1);
  EXPECT_EQ(simulation.further_sellers, 16);
}

TEST(SimulateSellers, OfNobodyIsEmpty) {
  const auto plan = PlanSellers(Query(), Evenly(0));
  const StaffingSimulation simulation =
      SimulateSellers(Query(), plan->hours, {}, absl::UTCTimeZone(), kAlways);
  EXPECT_EQ(simulation.arrivals, 0);
  EXPECT_EQ(simulation.service_level, 0);
}

}  // namespace
}  // namespace sales
