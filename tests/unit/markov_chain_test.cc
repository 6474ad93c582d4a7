// Removal effects of small chains, worked out by hand.
#include "src/decide/markov_chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace sales {
namespace {

constexpr double kRounding = 1e-12;

using Effects = std::map<std::string, double>;

// Adds the steps of `count` paths through the channels, none of which follows itself.
void AddPaths(const std::vector<std::string>& channels, const char* end, int64_t count,
              PathSteps& steps) {
  std::string from = kPathStart;
  for (const std::string& channel : channels) {
    steps[{from, channel}] += count;
    from = channel;
  }
  steps[{from, end}] += count;
}

void ExpectNear(const Effects& effects, const Effects& expected) {
  EXPECT_EQ(effects.size(), expected.size());
  for (const auto& [channel, effect] : expected) {
    ASSERT_EQ(effects.count(channel), 1u) << channel;
    EXPECT_NEAR(effects.at(channel), effect, kRounding) << channel;
  }
}

TEST(RemovalEffects, OfNoStepsAreNone) { EXPECT_TRUE(RemovalEffects({}).empty()); }

TEST(RemovalEffects, OfTheOnlyChannelAreTheWhole) {
  PathSteps steps;
  AddPaths({"a"}, kPathWon, 3, steps);
  AddPaths({"a"}, kPathEnd, 4, steps);
  ExpectNear(RemovalEffects(steps), {{"a", 1}});
}

TEST(RemovalEffects, OfChannelsInARowAreTheWholeEach) {
  PathSteps steps;
  AddPaths({"a", "b", "c"}, kPathWon, 5, steps);
  ExpectNear(RemovalEffects(steps), {{"a", 1}, {"b", 1}, {"c", 1}});
}

TEST(RemovalEffects, OfChannelsSideBySideAreTheirShares) {
  PathSteps steps;
  AddPaths({"a"}, kPathWon, 1, steps);
  AddPaths({"b"}, kPathWon, 3, steps);
  AddPaths({"b"}, kPathEnd, 4, steps);
  ExpectNear(RemovalEffects(steps), {{"a", .25}, {"b", .75}});
}

TEST(RemovalEffects, CountWhatGoesOnToAnotherChannel) {
  // From the start a with 2/3 and b with 1/3; from a 1/2 to b and 1/2 to nothing; from b 1/2 to a
  // win. So a win comes through b only, with (2/3 * 1/2 + 1/3) * 1/2 = 1/3; 1/6 without a.
  PathSteps steps;
  AddPaths({"a", "b"}, kPathWon, 1, steps);
  AddPaths({"a"}, kPathEnd, 1, steps);
  AddPaths({"b"}, kPathEnd, 1, steps);
  ExpectNear(RemovalEffects(steps), {{"a", .5}, {"b", 1}});
}

TEST(RemovalEffects, CountEveryRoundOfALoop) {
  // From the start to a; from a 1/2 to b and 1/2 to a win; from b 1/2 back to a and 1/2 to nothing.
  // The win's chance x = 1/2 + 1/2 * 1/2 * x is 2/3, and 1/2 without b.
  PathSteps steps;
  AddPaths({"a", "b", "a"}, kPathWon, 1, steps);
  AddPaths({"a", "b"}, kPathEnd, 1, steps);
  AddPaths({"a"}, kPathWon, 1, steps);
  // Of a: 2 steps to a win and 2 to b. Of b: 1 to a and 1 to nothing.
  ExpectNear(RemovalEffects(steps), {{"a", 1}, {"b", .25}});
}

TEST(RemovalEffects, OfAChannelThatLeadsNowhereAreNothing) {
  PathSteps steps;
  AddPaths({"a"}, kPathWon, 2, steps);
  AddPaths({"b"}, kPathEnd, 7, steps);
  ExpectNear(RemovalEffects(steps), {{"a", 1}, {"b", 0}});
}

TEST(RemovalEffects, OfAChannelWithoutAnyStepOnAreNothing) {
  // Cannot come of whole paths, and harms nothing.
  ExpectNear(RemovalEffects({{{kPathStart, "a"}, 1}, {{kPathStart, "b"}, 1}, {{"a", kPathWon}, 1}}),
             {{"a", 1}, {"b", 0}});
}

TEST(RemovalEffects, OfAChannelThatNobodyComesToAreNothing) {
  PathSteps steps;
  AddPaths({"a"}, kPathWon, 2, steps);
  steps[{"b", kPathWon}] = 9;
  ExpectNear(RemovalEffects(steps), {{"a", 1}, {"b", 0}});
}

TEST(RemovalEffects, WithoutConversionsAreNothingForAll) {
  PathSteps steps;
  AddPaths({"a", "b"}, kPathEnd, 5, steps);
  AddPaths({"b", "a", "b"}, kPathEnd, 2, steps);
  EXPECT_EQ(RemovalEffects(steps), (Effects{{"a", 0}, {"b", 0}}));
}

TEST(RemovalEffects, PassOverStepsThatWereTakenBack) {
  PathSteps steps;
  AddPaths({"a"}, kPathWon, 2, steps);
  AddPaths({"b"}, kPathWon, 0, steps);
  ExpectNear(RemovalEffects(steps), {{"a", 1}});
}

TEST(RemovalEffects, DoNotDependOnHowManyPathsThereAreOfEachKind) {
  PathSteps few;
  PathSteps many;
  for (const auto& [count, steps] : {std::pair(1, &few), std::pair(1'000'000'000, &many)}) {
    AddPaths({"a", "b"}, kPathWon, count, *steps);
    AddPaths({"b", "c", "a"}, kPathEnd, int64_t{2} * count, *steps);
    AddPaths({"c"}, kPathWon, count, *steps);
  }
  ExpectNear(RemovalEffects(many), RemovalEffects(few));
}

TEST(RemovalEffects, AreSharesOfTheWholeForAnyPaths) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const size_t channels = 1 + random() % 12;
    PathSteps steps;
    for (int path = 0; path < 20; ++path) {
      std::vector<std::string> names;
      for (size_t i = 0, count = 1 + random() % 9; i < count; ++i) {
        const std::string name(1, static_cast<char>('a' + random() % channels));
        if (names.empty() || names.back() != name) names.push_back(name);
      }
      // Wins are rare, or nearly all there is.
      const bool won = random() % 10 < static_cast<unsigned>(round % 11);
      AddPaths(names, won ? kPathWon : kPathEnd, 1 + random() % 1000, steps);
    }
    for (const auto& [channel, effect] : RemovalEffects(steps)) {
      ASSERT_FALSE(std::isnan(effect)) << channel;
      EXPECT_GE(effect, -kRounding) << channel;
      EXPECT_LE(effect, 1 + kRounding) << channel;
    }
  }
}

TEST(RemovalEffects, StayExactWhereALoopIsHardlyEverLeft) {
  // Of a million rounds through a and b, one ends in a win: with neither is it to be had.
  PathSteps steps;
  steps[{kPathStart, "a"}] = 1;
  steps[{"a", "b"}] = 1'000'000;
  steps[{"b", "a"}] = 999'999;
  steps[{"b", kPathWon}] = 1;
  const Effects effects = RemovalEffects(steps);
  // The matrix is a million times worse than a plain one.
  EXPECT_NEAR(effects.at("a"), 1, 1e-9);
  EXPECT_NEAR(effects.at("b"), 1, 1e-9);
}

}  // namespace
}  // namespace sales
