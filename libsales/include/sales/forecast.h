#ifndef SALES_FORECAST_H_
#define SALES_FORECAST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "sales/money.h"
#include "sales/report.h"

namespace sales {

struct ForecastQuery {
  // Of the days on which leads are expected to close; leads without such a day are apart. Also of
  // the days on which closed leads were closed.
  Window window;
  // Empty: every funnel.
  std::string funnel;
  ReportFilter filter;
  int64_t as_of_revision = 0;
  // How often to draw whether each lead is won, up to limits::forecast_rounds_max; 0: no
  // simulation.
  int simulation_rounds = 0;
  // The same seed gives the same draws.
  uint64_t simulation_seed = 0;
};

struct ForecastFigures {
  int64_t leads = 0;
  // Leads without an expected value count as 0 in the amounts.
  int64_t leads_without_value = 0;
  Money expected_value;
  // Sum of expected value x probability, rounded half away from zero.
  Money weighted;
  // Sum of the probabilities.
  double expected_wins = 0;
  // Of the revenue, by simulation; unset without one.
  std::optional<Money> p10;
  std::optional<Money> p50;
  std::optional<Money> p90;
};

struct ForecastMonth {
  // Unset: no expected close.
  std::optional<absl::CivilMonth> month;
  ForecastFigures figures;
};

struct ForecastStage {
  std::string funnel;
  std::string stage;
  double probability = 0;
  ForecastFigures figures;
};

// What the open leads are likely to bring, each with the probability of its stage.
struct ForecastReport {
  Window window;
  int64_t as_of_revision = 0;
  ForecastFigures total;
  // Ascending; last those without an expected close.
  std::vector<ForecastMonth> months;
  // By funnel, and in the order of its policy.
  std::vector<ForecastStage> stages;
  // Closed in the window; no part of the forecast.
  int64_t won = 0;
  Money revenue;
  int64_t declined = 0;
  int64_t lost = 0;
  int64_t nurtured = 0;
};

}  // namespace sales

#endif  // SALES_FORECAST_H_
