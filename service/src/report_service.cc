#include "sales/v1/report.pb.h"
#include "service/src/call.h"
#include "service/src/convert/load.h"
#include "service/src/convert/report.h"
#include "service/src/convert/score.h"

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

absl::StatusOr<v1::ReportLoadResponse> HandleReportLoad(Caller& caller,
                                                        const v1::ReportLoadRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ReportQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const LoadReport report, caller.At(workspace).ReportLoad(query));
  return ToProto(report, workspace);
}

absl::StatusOr<v1::PlanStaffingResponse> HandlePlanStaffing(
    Caller& caller, const v1::PlanStaffingRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const StaffingQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const StaffingPlan plan, caller.At(workspace).PlanStaffing(query));
  return ToProto(plan);
}

absl::StatusOr<v1::ReportScoreResponse> HandleReportScore(Caller& caller,
                                                          const v1::ReportScoreRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ScoreQuery query, FromProto(request));
  ASSIGN_OR_RETURN(const ScoreReport report, caller.At(workspace).ReportScore(query));
  return ToProto(report);
}

}  // namespace

void AddReportMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("ReportService/ReportFunnel", Work::kScan, HandleReportFunnel));
  methods.push_back(Unary("ReportService/ReportChannels", Work::kScan, HandleReportChannels));
  methods.push_back(Unary("ReportService/ReportLoad", Work::kScan, HandleReportLoad));
  methods.push_back(Unary("ReportService/PlanStaffing", Work::kScan, HandlePlanStaffing));
  methods.push_back(Unary("ReportService/ReportScore", Work::kScan, HandleReportScore));
}

}  // namespace sales::service
