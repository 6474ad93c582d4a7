#ifndef SALES_SRC_DECIDE_REPORT_ATTRIBUTION_H_
#define SALES_SRC_DECIDE_REPORT_ATTRIBUTION_H_

#include <cstdint>
#include <string>

#include "sales/attribution.h"
#include "src/decide/tally_sum.h"

namespace sales {

// Whether attribution is made of the metric's counts.
bool IsOfPaths(Metric metric);

// Makes the report from the sums of the metrics of paths in the window.
AttributionReport MakeAttributionReport(const AttributionQuery& query,
                                        const std::string& currency_code, int64_t revision,
                                        const TallySum& sums);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_ATTRIBUTION_H_
