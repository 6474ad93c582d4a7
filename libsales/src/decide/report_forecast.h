#ifndef SALES_SRC_DECIDE_REPORT_FORECAST_H_
#define SALES_SRC_DECIDE_REPORT_FORECAST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/forecast.h"
#include "sales/funnel.h"
#include "src/decide/tally_sum.h"

namespace sales {

// A funnel's open leads, of all days of receiving, and what was closed in the window.
struct FunnelPipeline {
  std::shared_ptr<const FunnelPolicy> policy;
  TallySum open;
  TallySum closed;
};

// Makes the report. A stage's row of a month is rounded by itself, and the rows of stages, of
// months and the total are sums of those: so that sums over parts equal the whole. The simulation
// draws for each lead with a value whether it is won. Values are known to 1 %, and scaled so that
// those of a stage and day sum to what is known exactly. Errors: FIELD_INVALID (simulation_rounds).
absl::StatusOr<ForecastReport> MakeForecastReport(const ForecastQuery& query,
                                                  const std::string& currency_code,
                                                  int64_t revision,
                                                  const std::vector<FunnelPipeline>& funnels);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_FORECAST_H_
