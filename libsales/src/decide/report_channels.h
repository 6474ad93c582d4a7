// The channel report, made of summed tallies.
#ifndef SALES_SRC_DECIDE_REPORT_CHANNELS_H_
#define SALES_SRC_DECIDE_REPORT_CHANNELS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/types/span.h"
#include "sales/report.h"
#include "src/decide/tally.h"
#include "src/decide/tally_sum.h"

namespace sales {

// A channel's id and that of a campaign of it.
using CampaignId = std::pair<std::string, std::string>;

// The tallies of a channel report in its window.
struct ChannelSums {
  TallySum total;
  std::map<std::string, TallySum, std::less<>> channels;
  std::map<CampaignId, TallySum> campaigns;
};

// Whether tallies are kept for the filter; else the channel report is made of a fold.
bool ChannelTalliesSuffice(const ReportFilter& filter);

// Adds counts to those sums that the filter lets them be part of; all cells of the window may be
// given, of any dimension. The filter must be one that tallies suffice for.
void AddCells(const ReportFilter& filter, Dimension dimension, std::string_view key, Metric metric,
              std::string_view detail, absl::Span<const BucketCount> counts, ChannelSums& sums);

// A row for each channel that leads came from, money was spent on or contacts were reached by in
// the window, and where the query says so for each such campaign. `audiences`: of the campaigns
// whose audience is known. Spend and reach are nobody's in particular: with a filter by seller,
// team or label the figures made of them are left out.
ChannelReport MakeChannelReport(const ReportQuery& query, const std::string& currency_code,
                                int64_t as_of_revision,
                                const std::map<CampaignId, int64_t>& audiences,
                                const ChannelSums& sums);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_CHANNELS_H_
