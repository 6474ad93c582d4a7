// The simulation of a forecast: its random numbers against published ones, its sums against exact
// distributions.
#include "src/decide/forecast_simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "absl/numeric/bits.h"
#include "src/decide/draws.h"

namespace sales {
namespace {

// Seeds are fixed, so that no test fails by chance; a wrong chance is further off than this.
constexpr double kSigmas = 5;

using Sums = std::vector<int64_t>;

// The first numbers of splitmix64.c by S. Vigna for this seed, as on Rosetta Code,
// "Pseudo-random numbers/Splitmix64".
TEST(SplitMix64, GivesThePublishedNumbers) {
  uint64_t state = 1234567;
  for (const uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                  4593380528125082431u, 16408922859458223821u}) {
    EXPECT_EQ(SplitMix64(state), expected);
  }
}

// The numbers of xoshiro256starstar.c by D. Blackman and S. Vigna for the state 1, 2, 3, 4, as in
// the tests of the crate rand_xoshiro.
TEST(Draws, GiveThePublishedNumbers) {
  Draws draws(Draws::State{1, 2, 3, 4});
  for (const uint64_t expected :
       {uint64_t{11520}, uint64_t{0}, uint64_t{1509978240}, uint64_t{1215971899390074240},
        uint64_t{1216172134540287360}, uint64_t{607988272756665600},
        uint64_t{16172922978634559625u}, uint64_t{8476171486693032832},
        uint64_t{10595114339597558777u}, uint64_t{2904607092377533576}}) {
    EXPECT_EQ(draws.Next(), expected);
  }
}

TEST(Draws, BeginWithTheNumbersOfSplitMix64) {
  // Of the seed 1234567: those above.
  Draws draws(1234567);
  Draws same(Draws::State{6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                          4593380528125082431u});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(draws.Next(), same.Next());
}

TEST(Draws, DifferByTheSeed) { EXPECT_NE(Draws(1).Next(), Draws(2).Next()); }

TEST(DrawsBits, AreAllOrNoneAtTheEnds) {
  Draws draws(1);
  EXPECT_EQ(draws.Bits(0), 0u);
  EXPECT_EQ(draws.Bits(100), ~uint64_t{0});
}

TEST(DrawsBits, HaveTheirChance) {
  constexpr int kRounds = 4'000;
  constexpr double kBits = 64.0 * kRounds;
  Draws draws(7);
  for (int percent = 1; percent < 100; ++percent) {
    int64_t ones = 0;
    for (int i = 0; i < kRounds; ++i) ones += absl::popcount(draws.Bits(percent));
    const double chance = percent / 100.;
    EXPECT_NEAR(static_cast<double>(ones), kBits * chance,
                kSigmas * std::sqrt(kBits * chance * (1 - chance)))
        << percent;
  }
}

TEST(DrawsBits, HaveTheirChanceInEveryPlace) {
  constexpr int kRounds = 20'000;
  constexpr double kChance = .3;
  Draws draws(8);
  std::vector<int> ones(64, 0);
  for (int i = 0; i < kRounds; ++i) {
    const uint64_t bits = draws.Bits(30);
    for (size_t place = 0; place < ones.size(); ++place) ones[place] += bits >> place & 1;
  }
  for (const int count : ones) {
    EXPECT_NEAR(count, kRounds * kChance, kSigmas * std::sqrt(kRounds * kChance * (1 - kChance)));
  }
}

TEST(QuantileOf, IsLinearBetweenOrderStatistics) {
  // The example of statistics_test.cc, from R: 2.4, 11.5 and 28.7 for .1, .5 and .9; in thousands.
  const Sums values = {1'000, 3'000, 4'000, 8'000, 15'000, 16'000, 23'000, 42'000};
  EXPECT_EQ(QuantileOf(values, 1), 2'400);
  EXPECT_EQ(QuantileOf(values, 5), 11'500);
  EXPECT_EQ(QuantileOf(values, 9), 28'700);
}

TEST(QuantileOf, IsTheLeastAndTheGreatestAtTheEnds) {
  EXPECT_EQ(QuantileOf({1, 5, 9}, 0), 1);
  EXPECT_EQ(QuantileOf({1, 5, 9}, 10), 9);
}

TEST(QuantileOf, OfOneValueIsThatValue) {
  for (int tenths = 0; tenths <= 10; ++tenths) EXPECT_EQ(QuantileOf({7}, tenths), 7);
}

TEST(QuantileOf, RoundsHalvesUp) {
  EXPECT_EQ(QuantileOf({0, 1}, 4), 0);
  EXPECT_EQ(QuantileOf({0, 1}, 5), 1);
  EXPECT_EQ(QuantileOf({2, 3}, 5), 3);
}

TEST(QuantileOf, OfTheGreatestAmountsDoesNotOverflow) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(QuantileOf({kMost - 10, kMost}, 9), kMost - 1);
  EXPECT_EQ(QuantileOf({0, kMost}, 5), kMost / 2 + 1);
}

TEST(DrawForecast, IsTheSameForTheSameSeed) {
  const std::vector<ForecastGroup> groups = {{0, 0, 30, 100, 70}, {1, 1, 55, 7, 3}};
  const ForecastDraws one = DrawForecast(groups, 2, 2, 500, 42);
  const ForecastDraws same = DrawForecast(groups, 2, 2, 500, 42);
  EXPECT_EQ(one.total, same.total);
  EXPECT_EQ(one.stages, same.stages);
  EXPECT_EQ(one.months, same.months);
  EXPECT_NE(one.total, DrawForecast(groups, 2, 2, 500, 43).total);
}

TEST(DrawForecast, WinsNothingAtZeroAndAllAtAHundredPercent) {
  const ForecastDraws drawn = DrawForecast({{0, 0, 0, 1'000, 65}, {1, 0, 100, 10, 65}}, 2, 1, 9, 1);
  EXPECT_EQ(drawn.stages[0], Sums(9, 0));
  EXPECT_EQ(drawn.stages[1], Sums(9, 650));
  EXPECT_EQ(drawn.months[0], Sums(9, 650));
  EXPECT_EQ(drawn.total, Sums(9, 650));
}

TEST(DrawForecast, OfNoLeadsIsZeroInEveryRound) {
  const ForecastDraws drawn = DrawForecast({}, 1, 1, 3, 1);
  EXPECT_EQ(drawn.total, Sums(3, 0));
  EXPECT_EQ(drawn.stages, std::vector<Sums>(1, Sums(3, 0)));
  EXPECT_EQ(drawn.months, std::vector<Sums>(1, Sums(3, 0)));
}

TEST(DrawForecast, OfNoRoundsIsEmpty) {
  EXPECT_TRUE(DrawForecast({{0, 0, 50, 1, 1}}, 1, 1, 0, 1).total.empty());
}

TEST(DrawForecast, AscendsAndPartsSumToTheTotal) {
  const ForecastDraws drawn = DrawForecast(
      {{0, 0, 30, 100, 70}, {0, 1, 30, 9, 70}, {1, 1, 55, 7, 3}, {2, 0, 30, 1, 64}}, 3, 2, 999, 5);
  const auto sum_of = [](const std::vector<Sums>& parts) {
    int64_t sum = 0;
    for (const Sums& part : parts) sum += std::accumulate(part.begin(), part.end(), int64_t{0});
    return sum;
  };
  const int64_t total = sum_of({drawn.total});
  EXPECT_EQ(sum_of(drawn.stages), total);
  EXPECT_EQ(sum_of(drawn.months), total);
  EXPECT_TRUE(std::is_sorted(drawn.total.begin(), drawn.total.end()));
  for (const auto& parts : {drawn.stages, drawn.months}) {
    for (const Sums& part : parts) {
      EXPECT_EQ(part.size(), 999u);
      EXPECT_TRUE(std::is_sorted(part.begin(), part.end()));
    }
  }
}

// The chance of each number of wins, by adding one lead after another.
std::vector<double> Binomial(int leads, double chance) {
  std::vector<double> chances = {1};
  for (int lead = 0; lead < leads; ++lead) {
    chances.push_back(0);
    for (size_t wins = chances.size(); wins-- > 0;) {
      chances[wins] = chances[wins] * (1 - chance) + (wins > 0 ? chances[wins - 1] * chance : 0);
    }
  }
  return chances;
}

int64_t ExactQuantile(const std::vector<double>& chances, double share) {
  double below = 0;
  for (size_t wins = 0; wins < chances.size(); ++wins) {
    below += chances[wins];
    if (below >= share) return static_cast<int64_t>(wins);
  }
  return static_cast<int64_t>(chances.size()) - 1;
}

// That each number of wins was drawn as often as it should be, and that the
// quantiles are the exact ones.
void ExpectBinomial(const Sums& drawn, int leads, int percent, int64_t value) {
  const std::vector<double> chances = Binomial(leads, percent / 100.);
  std::map<int64_t, int64_t> counts;
  for (const int64_t sum : drawn) {
    EXPECT_EQ(sum % value, 0);
    ++counts[sum / value];
  }
  const auto rounds = static_cast<double>(drawn.size());
  for (size_t wins = 0; wins < chances.size(); ++wins) {
    const double chance = chances[wins];
    // Beside the spread a round of chance, for numbers of wins that hardly occur.
    EXPECT_NEAR(static_cast<double>(counts[static_cast<int64_t>(wins)]), rounds * chance,
                kSigmas * std::sqrt(rounds * chance * (1 - chance)) + 1)
        << wins << " of " << leads;
  }
  for (const int tenths : {1, 5, 9}) {
    // Where the distribution steps over the share nearly at it, either side may be drawn: with 62
    // leads at 20 %, 16 wins or fewer have a chance of .9005.
    const double share = tenths / 10.;
    const double spread = kSigmas * std::sqrt(share * (1 - share) / rounds);
    const int64_t quantile = QuantileOf(drawn, tenths);
    EXPECT_GE(quantile, value * ExactQuantile(chances, share - spread)) << tenths;
    EXPECT_LE(quantile, value * ExactQuantile(chances, share + spread)) << tenths;
  }
}

TEST(DrawForecast, HasTheExactQuantilesOfASmallCase) {
  // None, one or both of two leads at 30 %: chances .49, .42 and .09, far from .1, .5 and .9.
  const Sums two = DrawForecast({{0, 0, 30, 100, 2}}, 1, 1, 50'000, 10).total;
  EXPECT_EQ(QuantileOf(two, 1), 0);
  EXPECT_EQ(QuantileOf(two, 5), 100);
  EXPECT_EQ(QuantileOf(two, 9), 100);
}

TEST(DrawForecast, OfOneGroupIsBinomial) {
  constexpr int kRounds = 50'000;
  ExpectBinomial(DrawForecast({{0, 0, 30, 100, 20}}, 1, 1, kRounds, 11).total, 20, 30, 100);
  ExpectBinomial(DrawForecast({{0, 0, 65, 7, 9}}, 1, 1, kRounds, 12).total, 9, 65, 7);
}

TEST(DrawForecast, IsBinomialAboutWordsOf64Leads) {
  for (const int leads : {63, 64, 65, 130}) {
    ExpectBinomial(DrawForecast({{0, 0, 10, 3, leads}}, 1, 1, 50'000, 13).total, leads, 10, 3);
  }
}

TEST(DrawForecast, OfGroupsThatShareAWordIsBinomialForEachAndForAll) {
  // 70 leads of one chance, drawn side by side, in groups of 5, 62 and 3.
  const ForecastDraws drawn =
      DrawForecast({{0, 0, 20, 10, 5}, {1, 0, 20, 10, 62}, {2, 0, 20, 10, 3}}, 3, 1, 50'000, 14);
  ExpectBinomial(drawn.stages[0], 5, 20, 10);
  ExpectBinomial(drawn.stages[1], 62, 20, 10);
  ExpectBinomial(drawn.stages[2], 3, 20, 10);
  // Only if they are independent.
  ExpectBinomial(drawn.total, 70, 20, 10);
}

}  // namespace
}  // namespace sales
