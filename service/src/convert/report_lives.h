// The reports of speed, declines and referrals.
#ifndef SALES_SERVICE_CONVERT_REPORT_LIVES_H_
#define SALES_SERVICE_CONVERT_REPORT_LIVES_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/declines.h"
#include "sales/referrals.h"
#include "sales/report.h"
#include "sales/speed.h"
#include "sales/v1/report.pb.h"

namespace sales::service {

v1::ReportSpeedResponse ToProto(const SpeedReport& report, const std::string& workspace);
v1::ReportDeclinesResponse ToProto(const DeclineReport& report);
v1::ReportReferralsResponse ToProto(const ReferralReport& report, const std::string& workspace);

absl::StatusOr<ReportQuery> FromProto(const v1::ReportSpeedRequest& request,
                                      const std::string& workspace);
absl::StatusOr<ReportQuery> FromProto(const v1::ReportDeclinesRequest& request,
                                      const std::string& workspace);
absl::StatusOr<ReferralQuery> FromProto(const v1::ReportReferralsRequest& request,
                                        const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_REPORT_LIVES_H_
