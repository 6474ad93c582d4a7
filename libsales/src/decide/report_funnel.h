// The funnel report, made of summed tallies.
#ifndef SALES_SRC_DECIDE_REPORT_FUNNEL_H_
#define SALES_SRC_DECIDE_REPORT_FUNNEL_H_

#include <cstdint>
#include <string>

#include "sales/funnel.h"
#include "sales/report.h"
#include "src/decide/tally_sum.h"

namespace sales {

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
