#include "src/decide/statistics.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"

namespace sales {
namespace {

// Published in R. G. Newcombe, "Two-sided confidence intervals for the single proportion",
// Statistics in Medicine 17 (1998), table I, method 3.
TEST(WilsonInterval, EqualsThePublishedFigures) {
  struct Row {
    int64_t numerator, denominator;
    double low, high;
  };
  for (const Row& row : {Row{81, 263, .2553, .3662}, Row{15, 148, .0624, .1605},
                         Row{0, 20, .0000, .1611}, Row{1, 29, .0061, .1718}}) {
    const Rate rate = MakeRate(row.numerator, row.denominator);
    EXPECT_NEAR(rate.low, row.low, 0.00005) << row.numerator << "/" << row.denominator;
    EXPECT_NEAR(rate.high, row.high, 0.00005) << row.numerator << "/" << row.denominator;
  }
}

TEST(WilsonInterval, OfNothingIsZeroThroughout) {
  const Rate rate = MakeRate(0, 0);
  EXPECT_EQ(rate.value, 0);
  EXPECT_EQ(rate.low, 0);
  EXPECT_EQ(rate.high, 0);
}

TEST(WilsonInterval, EndsExactlyAtNoneAndAll) {
  for (int64_t n = 1; n < 2000; ++n) {
    EXPECT_EQ(MakeRate(0, n).low, 0);
    EXPECT_EQ(MakeRate(n, n).high, 1);
  }
}

TEST(WilsonInterval, ContainsItsShare) {
  for (int64_t n = 1; n < 60; ++n) {
    for (int64_t k = 0; k <= n; ++k) {
      const Rate rate = MakeRate(k, n);
      EXPECT_LE(0, rate.low);
      EXPECT_LE(rate.low, rate.value);
      EXPECT_LE(rate.value, rate.high);
      EXPECT_LE(rate.high, 1);
    }
  }
}

TEST(WilsonInterval, OfMoreThanTheWholeIsThatOfTheWhole) {
  const Rate rate = MakeRate(30, 20);
  EXPECT_DOUBLE_EQ(rate.value, 1.5);
  EXPECT_EQ(rate.low, MakeRate(20, 20).low);
  EXPECT_EQ(rate.high, 1);
}

// R: quantile(c(1, 3, 4, 8, 15, 16, 23, 42), c(0, .1, .25, .5, .9, 1)).
TEST(Quantile, IsLinearBetweenOrderStatisticsAsInR) {
  const std::vector<WeightedValue> values = {{1, 1},  {3, 1},  {4, 1},  {8, 1},
                                             {15, 1}, {16, 1}, {23, 1}, {42, 1}};
  EXPECT_DOUBLE_EQ(Quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(Quantile(values, .1), 2.4);
  EXPECT_DOUBLE_EQ(Quantile(values, .25), 3.75);
  EXPECT_DOUBLE_EQ(Quantile(values, .5), 11.5);
  EXPECT_DOUBLE_EQ(Quantile(values, .9), 28.7);
  EXPECT_DOUBLE_EQ(Quantile(values, 1), 42);
}

// R: quantile(c(10, 10, 10, 20, 30, 30), c(.5, .7, .9)).
TEST(Quantile, CountsAValueAsOftenAsItWeighs) {
  const std::vector<WeightedValue> values = {{10, 3}, {20, 1}, {30, 2}};
  EXPECT_DOUBLE_EQ(Quantile(values, .5), 15);
  EXPECT_DOUBLE_EQ(Quantile(values, .7), 25);
  EXPECT_DOUBLE_EQ(Quantile(values, .9), 30);
}

TEST(Quantile, OfOneValueIsThatValue) { EXPECT_EQ(Quantile({{7, 1}}, .9), 7); }

TEST(Quantile, OfNothingIsZero) { EXPECT_EQ(Quantile({}, .5), 0); }

TEST(DivideRounded, RoundsHalfAwayFromZero) {
  EXPECT_EQ(DivideRounded(5, 2), 3);
  EXPECT_EQ(DivideRounded(-5, 2), -3);
  EXPECT_EQ(DivideRounded(7, 3), 2);
  EXPECT_EQ(DivideRounded(8, 3), 3);
  EXPECT_EQ(DivideRounded(-7, 3), -2);
  EXPECT_EQ(DivideRounded(-8, 3), -3);
  EXPECT_EQ(DivideRounded(6, 3), 2);
  EXPECT_EQ(DivideRounded(0, 3), 0);
}

TEST(DivideRounded, HoldsAtTheGreatestAmounts) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(DivideRounded(kMost, 1), kMost);
  EXPECT_EQ(DivideRounded(kMost, kMost), 1);
  EXPECT_EQ(DivideRounded(kMost - 1, kMost), 1);
}

}  // namespace
}  // namespace sales
