#ifndef SALES_SERVICE_CONVERT_REPORT_H_
#define SALES_SERVICE_CONVERT_REPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/report.h"
#include "sales/v1/report.pb.h"
#include "service/src/convert/report_parts.h"

namespace sales::service {

v1::ReportFunnelResponse ToProto(const FunnelReport& report);
v1::ReportChannelsResponse ToProto(const ChannelReport& report, const std::string& workspace);
absl::StatusOr<ReportQuery> FromProto(const v1::ReportFunnelRequest& request,
                                      const std::string& workspace);
absl::StatusOr<ReportQuery> FromProto(const v1::ReportChannelsRequest& request,
                                      const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_REPORT_H_
