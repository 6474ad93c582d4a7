#ifndef SALES_REPORT_H_
#define SALES_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/money.h"

namespace sales {

// Civil days [start, end) in the workspace's time zone; an unset bound is open.
struct Window {
  std::optional<absl::CivilDay> start;
  std::optional<absl::CivilDay> end;
};

// A share with its base and its 95 % Wilson score interval; all 0 where the denominator is 0.
// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
// JASA 22 (1927).
struct Rate {
  int64_t numerator = 0;
  int64_t denominator = 0;
  double value = 0;
  double low = 0;
  double high = 0;
};

// Quantiles are of type 7 (linear between order statistics) over buckets of at most 1 % relative
// error; the mean is exact.
struct DurationFigures {
  int64_t count = 0;
  absl::Duration mean;
  absl::Duration median;
  absl::Duration p90;
};

// Whole civil days; quantiles of type 7; exact.
struct DayFigures {
  int64_t count = 0;
  int64_t sum = 0;
  double mean = 0;
  double median = 0;
  double p90 = 0;
};

// Only leads of these; empty fields let everything through.
struct ReportFilter {
  std::string channel;
  // With its channel.
  std::string campaign;
  std::string seller;
  // Of the sellers who are in it, as of the revision.
  std::string team;
  std::string label;
};

struct ReportQuery {
  Window window;
  // Of the funnel report: empty is the workspace's default funnel. Of the channel report: every
  // funnel.
  std::string funnel;
  ReportFilter filter;
  // As the record stood at this revision; 0: as it stands now.
  int64_t as_of_revision = 0;
  // Of the channel report: whether to give a row for each campaign too.
  bool include_campaigns = false;
  // Of the speed report: whether to tell it by the hour of the week too. That reads some hundred
  // times as much.
  bool include_hours = false;
};

struct OutcomeCounts {
  int64_t open = 0;
  int64_t nurtured = 0;
  int64_t won = 0;
  int64_t declined = 0;
  int64_t lost = 0;
  int64_t disqualified = 0;
};

struct FunnelStageFigures {
  std::string stage;
  std::string display_name;
  bool qualifying = false;
  // Leads recorded in this very stage at least once.
  int64_t entered = 0;
  // Leads that ever entered this stage or a later one, or were won.
  int64_t reached = 0;
  // reached(next) / reached(this); of the last stage won / reached(this).
  Rate step_conversion;
  // reached(this) / received.
  Rate reached_share;
  // Sum of the expected values of the leads that reached it.
  Money expected_value;
  // Over finished visits.
  DurationFigures time_in_stage;
  // Leads whose last stage this is, by what became of them.
  OutcomeCounts left;
};

struct StageEntries {
  std::string stage;
  int64_t count = 0;
};

// What happened in the window, whenever the lead was received.
struct FunnelPeriod {
  int64_t received = 0;
  std::vector<StageEntries> entries;
  int64_t won = 0;
  int64_t declined = 0;
  int64_t lost = 0;
  int64_t disqualified = 0;
  int64_t nurtured = 0;
  Money revenue;
};

struct FunnelReport {
  Window window;
  std::string funnel;
  int64_t as_of_revision = 0;
  int64_t received = 0;
  OutcomeCounts outcomes;
  Rate overall_conversion;
  Rate qualified;
  Money revenue;
  std::vector<FunnelStageFigures> stages;
  FunnelPeriod period;
};

struct DeclineYield {
  // Later leads of declined contacts, or of people they referred.
  int64_t returned = 0;
  int64_t won = 0;
  Money revenue;
};

struct ChannelFigures {
  // Both empty in the total; campaign empty in a channel's row.
  std::string channel;
  std::string campaign;
  int64_t leads = 0;
  int64_t new_contacts = 0;
  int64_t qualified = 0;
  int64_t won = 0;
  int64_t declined = 0;
  Money revenue;
  Money spend;
  Rate conversion;
  DurationFigures response;
  DayFigures days_to_win;
  // Spend over the count, rounded half away from zero; unset where the count is 0.
  std::optional<Money> cost_per_lead;
  std::optional<Money> cost_per_qualified_lead;
  std::optional<Money> cost_per_sale;
  // (revenue - spend) / spend; unset where nothing was spent.
  std::optional<double> return_on_spend;
  // Contacts reached / audience; unset where the audience is unknown.
  std::optional<Rate> saturation;
  DeclineYield decline_yield;
};

struct ChannelReport {
  Window window;
  int64_t as_of_revision = 0;
  // By channel id, each channel followed by its campaigns.
  std::vector<ChannelFigures> rows;
  ChannelFigures total;
};

}  // namespace sales

#endif  // SALES_REPORT_H_
