#include "sales/v1/report.pb.h"
#include "service/src/call.h"
#include "service/src/convert/report.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::ReportFunnelResponse> HandleReportFunnel(
    Caller& caller, const v1::ReportFunnelRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ReportQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const FunnelReport report, caller.At(workspace).ReportFunnel(query));
  return ToProto(report);
}

absl::StatusOr<v1::ReportChannelsResponse> HandleReportChannels(
    Caller& caller, const v1::ReportChannelsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ReportQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const ChannelReport report, caller.At(workspace).ReportChannels(query));
  return ToProto(report, workspace);
}

}  // namespace

void AddReportMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("ReportService/ReportFunnel", Work::kScan, HandleReportFunnel));
  methods.push_back(Unary("ReportService/ReportChannels", Work::kScan, HandleReportChannels));
}

}  // namespace sales::service
