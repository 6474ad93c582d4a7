// Erlang's formulas against published values and a table worked out elsewhere.
#include "src/decide/erlang.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace sales {
namespace {

#ifndef SALES_DATA
#define SALES_DATA "../shared/data"
#endif

constexpr double kHandling = 180;
constexpr double kLimit = 20;
constexpr double kTolerance = 1e-9;

struct Row {
  double load;
  int64_t sellers;
  double blocking;
  double waiting;
  double level;
  double mean_wait;
};

void ExpectRelative(double actual, double expected) {
  if (std::isinf(expected)) {
    EXPECT_EQ(actual, expected);
    return;
  }
  EXPECT_NEAR(actual, expected, kTolerance * std::abs(expected) + 1e-300);
}

void ExpectRow(const Row& row) {
  SCOPED_TRACE(std::to_string(row.load) + " erlangs, " + std::to_string(row.sellers) + " sellers");
  const double log_waiting = LogErlangC(row.load, row.sellers);
  ExpectRelative(std::exp(LogErlangB(row.load, row.sellers)), row.blocking);
  ExpectRelative(std::exp(log_waiting), row.waiting);
  ExpectRelative(ServiceLevel(row.load, row.sellers, log_waiting, kHandling, kLimit), row.level);
  ExpectRelative(MeanWait(row.load, row.sellers, log_waiting, kHandling), row.mean_wait);
}

TEST(Erlang, GivesTheValuesOfTheTable) {
  ExpectRow({0.1, 1, 0.09090909090909091, 0.1, 0.909516258196404, 20.0});
  ExpectRow({0.1, 4, 3.7701561975712667e-06, 3.866826495495148e-06, 0.999997492964924,
             0.00017846891517669917});
  ExpectRow({2, 1, 2.0 / 3, 1, 0, std::numeric_limits<double>::infinity()});
  ExpectRow({5, 5, 0.2848678213309025, 1, 0, std::numeric_limits<double>::infinity()});
}

TEST(Erlang, GivesEveryRowOfTheGoldFile) {
  const char* given = std::getenv("SALES_DATA");
  const std::string folder = given != nullptr ? given : SALES_DATA;
  std::ifstream file(folder + "/erlang/erlang_gold.csv");
  if (!file) GTEST_SKIP() << "the gold file is not there: " << folder;
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::vector<double> values;
    for (std::string cell; std::getline(cells, cell, ',');) values.push_back(std::stod(cell));
    ASSERT_EQ(values.size(), 6u);
    ExpectRow({values[0], static_cast<int64_t>(values[1]), values[2], values[3], values[4],
               values[5]});
    ++rows;
  }
  EXPECT_GT(rows, 100);
}

TEST(Erlang, IsStableForTenThousandSellers) {
  EXPECT_NEAR(LogErlangC(9'000, 10'000), -56.8266885378, 1e-9 * 57);
  EXPECT_NEAR(LogErlangB(200, 10'000), -29325.7541713, 1e-9 * 29'326);
}

TEST(Erlang, LetsEverybodyWaitWhereTheLoadIsTooMuch) {
  EXPECT_EQ(std::exp(LogErlangC(1'000, 900)), 1);
  EXPECT_EQ(ServiceLevel(1'000, 900, LogErlangC(1'000, 900), 180, 20), 0);
}

TEST(Erlang, IsNeverNotANumber) {
  for (const double load : {0.0, 1e-300, 1e-9, 0.5, 1.0, 9'999.999, 1e9, 1e300}) {
    for (const int64_t sellers : {0, 1, 2, 100, 10'000}) {
      const double log_b = LogErlangB(load, sellers);
      const double log_c = LogErlangC(load, sellers);
      EXPECT_FALSE(std::isnan(log_b)) << load << ' ' << sellers;
      EXPECT_FALSE(std::isnan(log_c)) << load << ' ' << sellers;
      EXPECT_LE(log_b, 0);
      EXPECT_LE(log_c, 0);
      const double level = ServiceLevel(load, sellers, log_c, 180, 20);
      EXPECT_GE(level, 0) << load << ' ' << sellers;
      EXPECT_LE(level, 1);
      EXPECT_FALSE(std::isnan(MeanWait(load, sellers, log_c, 180)));
    }
  }
}

// The sum of terms, as the formula is defined.
double PlainErlangC(double load, int sellers) {
  double term = 1;
  double sum = 0;
  for (int k = 0; k < sellers; ++k) {
    sum += term;
    term *= load / (k + 1);
  }
  const double waiting = term * sellers / (sellers - load);
  return waiting / (sum + waiting);
}

TEST(FewestSellers, IsTheFirstNumberThatReachesTheGoal) {
  for (const double load : {0.2, 1.5, 7.0, 33.3}) {
    const auto needed = FewestSellers(load, 180, 20, 0.8, 10'000);
    ASSERT_TRUE(needed.has_value());
    const auto level = [&](int sellers) {
      if (sellers <= load) return 0.0;
      return 1 - PlainErlangC(load, sellers) * std::exp(-(sellers - load) * 20 / 180);
    };
    const int sellers = static_cast<int>(needed->sellers);
    EXPECT_GE(level(sellers), 0.8);
    EXPECT_LT(level(sellers - 1), 0.8);
    EXPECT_NEAR(needed->service_level, level(sellers), 1e-12);
  }
}

TEST(FewestSellers, IsNoneWhereNobodyComes) {
  EXPECT_EQ(FewestSellers(0, 180, 20, 0.8, 10)->sellers, 0);
}

TEST(FewestSellers, IsNothingWhereTheLimitIsTooFew) {
  EXPECT_FALSE(FewestSellers(10, 180, 20, 0.8, 10).has_value());
  EXPECT_FALSE(FewestSellers(9.9, 180, 0, 0.999999, 10).has_value());
}

}  // namespace
}  // namespace sales
