// The reports that look at what will be sold: attribution, forecast and plans.
#ifndef SALES_SERVICE_CONVERT_OUTLOOK_H_
#define SALES_SERVICE_CONVERT_OUTLOOK_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/attribution.h"
#include "sales/forecast.h"
#include "sales/plan.h"
#include "sales/v1/report.pb.h"

namespace sales::service {

absl::StatusOr<AttributionQuery> FromProto(const v1::ReportAttributionRequest& request);
absl::StatusOr<ForecastQuery> FromProto(const v1::ReportForecastRequest& request,
                                        const std::string& workspace);
absl::StatusOr<PlanQuery> FromProto(const v1::ReportPlanRequest& request,
                                    const std::string& workspace);

v1::ReportAttributionResponse ToProto(const AttributionReport& report,
                                      const std::string& workspace);
v1::ReportForecastResponse ToProto(const ForecastReport& report, const std::string& workspace);
v1::ReportPlanResponse ToProto(const PlanReport& report, const std::string& workspace);
v1::PlanSnapshot ToProto(const PlanSnapshot& snapshot, const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_OUTLOOK_H_
