#ifndef SALES_ATTRIBUTION_H_
#define SALES_ATTRIBUTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sales/money.h"
#include "sales/report.h"

namespace sales {

struct AttributionQuery {
  // Of the days on which leads were won, or contacts were last touched.
  Window window;
  int64_t as_of_revision = 0;
};

struct AttributionCredit {
  double conversions = 0;
  // Rounded so that the rows sum to the whole.
  Money revenue;
};

// What a channel is credited with by each model, over the contact's touches before the win.
// Source: SPEC 8.3.
struct ChannelAttribution {
  std::string channel;
  AttributionCredit first;
  AttributionCredit last;
  AttributionCredit linear;
  // 40 % to the first, 40 % to the last, 20 % shared by those between.
  AttributionCredit position;
  // A touch that is 7 days older than another has half its weight.
  AttributionCredit time_decay;
  // By the removal effect in a Markov chain of order 1.
  AttributionCredit markov;
  // The share of conversions that would be missed without the channel, by the same chain.
  double removal_effect = 0;
};

struct AttributionReport {
  Window window;
  int64_t as_of_revision = 0;
  // Leads won in the window, and their revenue: what each model's credits sum to.
  int64_t conversions = 0;
  Money revenue;
  // Paths of contacts of whom no lead was won.
  int64_t paths_without_conversion = 0;
  // By channel id.
  std::vector<ChannelAttribution> rows;
};

}  // namespace sales

#endif  // SALES_ATTRIBUTION_H_
