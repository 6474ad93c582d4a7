#ifndef SALES_SERVICE_CONVERT_LOAD_H_
#define SALES_SERVICE_CONVERT_LOAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/load.h"
#include "sales/v1/load.pb.h"
#include "sales/v1/report.pb.h"

namespace sales::service {

absl::StatusOr<ReportQuery> FromProto(const v1::ReportLoadRequest& request,
                                      const std::string& workspace);
absl::StatusOr<StaffingQuery> FromProto(const v1::PlanStaffingRequest& request,
                                        const std::string& workspace);
v1::ReportLoadResponse ToProto(const LoadReport& report, const std::string& workspace);
v1::PlanStaffingResponse ToProto(const StaffingPlan& plan);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_LOAD_H_
