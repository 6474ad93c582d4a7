#ifndef SALES_SERVICE_CONVERT_REPORT_H_
#define SALES_SERVICE_CONVERT_REPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/report.h"
#include "sales/v1/report.pb.h"

namespace sales::service {

absl::StatusOr<Window> WindowFrom(const v1::Window& window);
void SetWindow(const Window& window, v1::Window* out);
absl::StatusOr<ReportFilter> FilterFrom(const v1::ReportFilter& filter,
                                        const std::string& workspace);
void Set(const Rate& rate, v1::Rate* out);

v1::ReportFunnelResponse ToProto(const FunnelReport& report);
v1::ReportChannelsResponse ToProto(const ChannelReport& report, const std::string& workspace);
absl::StatusOr<ReportQuery> FromProto(const v1::ReportFunnelRequest& request,
                                      const std::string& workspace);
absl::StatusOr<ReportQuery> FromProto(const v1::ReportChannelsRequest& request,
                                      const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_REPORT_H_
