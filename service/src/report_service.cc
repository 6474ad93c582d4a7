#include "sales/v1/report.pb.h"
#include "service/src/call.h"
#include "service/src/convert/load.h"
#include "service/src/convert/report.h"
#include "service/src/convert/score.h"
#include "service/src/convert/report_lives.h"

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

absl::StatusOr<v1::ReportSpeedResponse> HandleReportSpeed(Caller& caller,
                                                          const v1::ReportSpeedRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ReportQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const SpeedReport report, caller.At(workspace).ReportSpeed(query));
  return ToProto(report, workspace);
}

absl::StatusOr<v1::ReportDeclinesResponse> HandleReportDeclines(
    Caller& caller, const v1::ReportDeclinesRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ReportQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const DeclineReport report, caller.At(workspace).ReportDeclines(query));
  return ToProto(report);
}

absl::StatusOr<v1::ReportReferralsResponse> HandleReportReferrals(
    Caller& caller, const v1::ReportReferralsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ReferralQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const ReferralReport report, caller.At(workspace).ReportReferrals(query));
  return ToProto(report, workspace);
}

}  // namespace

void AddReportMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("ReportService/ReportFunnel", Work::kScan, HandleReportFunnel));
  methods.push_back(Unary("ReportService/ReportChannels", Work::kScan, HandleReportChannels));
  methods.push_back(Unary("ReportService/ReportLoad", Work::kScan, HandleReportLoad));
  methods.push_back(Unary("ReportService/PlanStaffing", Work::kScan, HandlePlanStaffing));
  methods.push_back(Unary("ReportService/ReportScore", Work::kScan, HandleReportScore));
  methods.push_back(Unary("ReportService/ReportSpeed", Work::kScan, HandleReportSpeed));
  methods.push_back(Unary("ReportService/ReportDeclines", Work::kScan, HandleReportDeclines));
  methods.push_back(Unary("ReportService/ReportReferrals", Work::kScan, HandleReportReferrals));
}

}  // namespace sales::service
