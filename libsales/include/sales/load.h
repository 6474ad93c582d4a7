#ifndef SALES_LOAD_H_
#define SALES_LOAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/report.h"

namespace sales {

struct ArrivalFigures {
  int64_t arrivals = 0;
  // How many hours of this kind the window has.
  int64_t hours = 0;
  // Arrivals an hour; the variance is that of the hours, with n - 1.
  double mean = 0;
  double variance = 0;
  // variance / mean, the index of dispersion: 1 for arrivals that know nothing of each other; unset
  // without arrivals. Source: D. R. Cox, P. A. W. Lewis, "The Statistical Analysis of Series of
  // Events" (1966).
  std::optional<double> dispersion;
};

struct HourLoad {
  // 0 is Monday 00:00 to 01:00 in the workspace's time zone.
  int hour_of_week = 0;
  ArrivalFigures arrivals;
};

struct BusyHour {
  absl::Time start_time;
  int64_t arrivals = 0;
};

struct SellerLoad {
  // Empty: leads without a seller.
  std::string seller;
  int64_t open_leads = 0;
  int64_t open_work_units = 0;
  // Unset where the seller has none, or is no resource.
  std::optional<int64_t> capacity;
};

struct LoadReport {
  // Of the days on which leads were received; an open bound becomes the first or last of them.
  Window window;
  int64_t as_of_revision = 0;
  // Over all hours of the window.
  ArrivalFigures total;
  // 168, Monday 00:00 first.
  std::vector<HourLoad> hours;
  // The hours in which most leads came, at most ten, the busiest first.
  std::vector<BusyHour> busiest;
  // Open work as of the revision, by seller.
  std::vector<SellerLoad> sellers;
};

struct StaffingQuery {
  // Of the days whose arrivals are taken.
  Window window;
  ReportFilter filter;
  int64_t as_of_revision = 0;
  // How long a seller is busy with an answer.
  absl::Duration handling_time;
  // How long a client may wait.
  absl::Duration wait_limit;
  // The share of clients who are to wait no longer, above 0 and below 1.
  double goal = 0;
  // How often to simulate the recorded arrivals, up to limits::staffing_rounds_max; 0: no
  // simulation.
  int simulation_rounds = 0;
  // The same seed gives the same simulation.
  uint64_t simulation_seed = 0;
};

struct HourStaffing {
  int hour_of_week = 0;
  double arrivals_per_hour = 0;
  // Arrivals times handling time, in erlangs: how many sellers are busy on average.
  double offered_load = 0;
  // The fewest by Erlang C; 0 where nobody comes.
  int64_t sellers = 0;
  // P(wait <= limit) with so many.
  double service_level = 0;
};

struct StaffingSimulation {
  int rounds = 0;
  int64_t arrivals = 0;
  // The share of clients who waited no longer than the limit: the mean of the rounds, and the
  // interval that holds 95 % of them.
  double service_level = 0;
  double low = 0;
  double high = 0;
  absl::Duration mean_wait;
  absl::Duration p90_wait;
  // How many sellers beside those of the hours would reach the goal in these arrivals.
  int64_t further_sellers = 0;
};

struct StaffingPlan {
  Window window;
  int64_t as_of_revision = 0;
  // 168, Monday 00:00 first.
  std::vector<HourStaffing> hours;
  // Of all hours of the week.
  int64_t seller_hours = 0;
  int64_t sellers_at_peak = 0;
  std::optional<StaffingSimulation> simulation;
};

}  // namespace sales

#endif  // SALES_LOAD_H_
