// How much the open leads may bring, by drawing again and again whether each is won.
#ifndef SALES_SRC_DECIDE_FORECAST_SIMULATION_H_
#define SALES_SRC_DECIDE_FORECAST_SIMULATION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sales {

// Leads that are alike.
struct ForecastGroup {
  // Of its stage and its month, from 0.
  size_t stage = 0;
  size_t month = 0;
  int percent = 0;
  // Of each lead, in minor units.
  int64_t value = 0;
  int64_t leads = 0;
};

// What was drawn, in no order of rounds.
struct ForecastDraws {
  // A sum for each round; ascending.
  std::vector<int64_t> total;
  std::vector<std::vector<int64_t>> stages;
  std::vector<std::vector<int64_t>> months;
};

// Draws `rounds` times, each time for every lead in the order of the groups, 64 leads of a group's
// chance at once.
ForecastDraws DrawForecast(const std::vector<ForecastGroup>& groups, size_t stages, size_t months,
                           int rounds, uint64_t seed);

// The quantile tenths / 10 of type 7, halves rounded up; the values must ascend, and there must be
// one.
int64_t QuantileOf(const std::vector<int64_t>& values, int tenths);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_FORECAST_SIMULATION_H_
