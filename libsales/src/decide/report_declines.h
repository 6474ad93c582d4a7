// The decline report, made of summed tallies.
#ifndef SALES_SRC_DECIDE_REPORT_DECLINES_H_
#define SALES_SRC_DECIDE_REPORT_DECLINES_H_

#include <cstdint>
#include <string>

#include "sales/declines.h"
#include "src/decide/tally_sum.h"

namespace sales {

// `sums`: the tallies of the window, at the place of the query's filter.
DeclineReport MakeDeclineReport(const Window& window, const std::string& currency_code,
                                int64_t as_of_revision, const TallySum& sums);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_DECLINES_H_
