// The funnel report, made of summed tallies.
#ifndef SALES_SRC_DECIDE_REPORT_FUNNEL_H_
#define SALES_SRC_DECIDE_REPORT_FUNNEL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "sales/funnel.h"
#include "sales/report.h"
#include "src/decide/tally.h"
#include "src/decide/tally_sum.h"

namespace sales {

// Where in the tallies the counts of a filter are.
struct TallyPlace {
  Dimension dimension = Dimension::kAll;
  std::string key;
};

// nullopt where tallies are not kept for the filter (a seller's leads of one channel): then the
// report is made of a fold.
std::optional<TallyPlace> PlaceOf(const ReportFilter& filter);

// `sums`: the tallies of the policy's funnel in the query's window, at the place of its filter.
//
// Stages that leads were in and the policy no longer has come last, by key, so that sums over the
// stages equal the whole. They have no place in the order, so of a lead that got no further than
// such a stage only this is known: it reached the first stage, and that one.
FunnelReport MakeFunnelReport(const FunnelPolicy& policy, const ReportQuery& query,
                              const std::string& currency_code, int64_t as_of_revision,
                              const TallySum& sums);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_FUNNEL_H_
