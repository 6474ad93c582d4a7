#include "sales/v1/handoff.pb.h"
#include "service/src/call.h"
#include "service/src/convert/handoff.h"
#include "service/src/convert/lead.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Handoff> HandleGetHandoff(Caller& caller, const v1::GetHandoffRequest& request) {
  ASSIGN_OR_RETURN(const HandoffName name, ParseHandoff(request.name(), "name"));
  ASSIGN_OR_RETURN(const Handoff handoff, caller.At(name.workspace).GetHandoff(name.handoff));
  return ToProto(handoff, name.workspace);
}

absl::StatusOr<v1::ListHandoffsResponse> HandleListHandoffs(
    Caller& caller, const v1::ListHandoffsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Handoff> page, caller.At(workspace).ListHandoffs(query));
  v1::ListHandoffsResponse response;
  for (const Handoff& item : page.items) *response.add_handoffs() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Handoff> HandleCompleteHandoffStep(
    Caller& caller, const v1::CompleteHandoffStepRequest& request) {
  ASSIGN_OR_RETURN(const HandoffName name, ParseHandoff(request.name(), "name"));
  ASSIGN_OR_RETURN(const CompleteHandoffStep command, FromProto(request));
  ASSIGN_OR_RETURN(const Handoff handoff,
                   caller.At(name.workspace).CompleteHandoffStep(name.handoff, command));
  return ToProto(handoff, name.workspace);
}

absl::StatusOr<v1::AcceptHandoffResponse> HandleAcceptHandoff(
    Caller& caller, const v1::AcceptHandoffRequest& request) {
  ASSIGN_OR_RETURN(const HandoffName name, ParseHandoff(request.name(), "name"));
  ASSIGN_OR_RETURN(const AcceptedHandoff accepted,
                   caller.At(name.workspace).AcceptHandoff(name.handoff));
  v1::AcceptHandoffResponse response;
  *response.mutable_handoff() = ToProto(accepted.handoff, name.workspace);
  *response.mutable_project() = ToProto(accepted.project, name.workspace);
  return response;
}

absl::StatusOr<v1::Handoff> HandleReturnHandoff(Caller& caller,
                                                const v1::ReturnHandoffRequest& request) {
  ASSIGN_OR_RETURN(const HandoffName name, ParseHandoff(request.name(), "name"));
  ASSIGN_OR_RETURN(const ReturnHandoff command, FromProto(request));
  ASSIGN_OR_RETURN(const Handoff handoff,
                   caller.At(name.workspace).ReturnHandoff(name.handoff, command));
  return ToProto(handoff, name.workspace);
}

absl::StatusOr<v1::ExportHandoffPackResponse> HandleExportHandoffPack(
    Caller& caller, const v1::ExportHandoffPackRequest& request) {
  ASSIGN_OR_RETURN(const HandoffName name, ParseHandoff(request.name(), "name"));
  ASSIGN_OR_RETURN(const HandoffPack pack,
                   caller.At(name.workspace).ExportHandoffPack(name.handoff));
  return ToProto(pack);
}

absl::StatusOr<v1::Project> HandleGetProject(Caller& caller, const v1::GetProjectRequest& request) {
  ASSIGN_OR_RETURN(const ProjectName name, ParseProject(request.name(), "name"));
  ASSIGN_OR_RETURN(const Project project, caller.At(name.workspace).GetProject(name.project));
  return ToProto(project, name.workspace);
}

absl::StatusOr<v1::ListProjectsResponse> HandleListProjects(
    Caller& caller, const v1::ListProjectsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Project> page, caller.At(workspace).ListProjects(query));
  v1::ListProjectsResponse response;
  for (const Project& item : page.items) *response.add_projects() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Project> HandleUpdateProject(Caller& caller,
                                                const v1::UpdateProjectRequest& request) {
  ASSIGN_OR_RETURN(const ProjectName name, ParseProject(request.project().name(), "project.name"));
  ASSIGN_OR_RETURN(const UpdateProject command, FromProto(request));
  const auto project = caller.At(name.workspace).UpdateProject(name.project, command);
  if (!project.ok()) return SpellUpdateProject(project.status());
  return ToProto(*project, name.workspace);
}

absl::StatusOr<v1::RequestWorkResponse> HandleRequestWork(Caller& caller,
                                                          const v1::RequestWorkRequest& request) {
  ASSIGN_OR_RETURN(const ProjectName name, ParseProject(request.name(), "name"));
  ASSIGN_OR_RETURN(const RequestWork command, FromProto(request, name.workspace));
  const auto requested = caller.At(name.workspace).RequestWork(name.project, command);
  if (!requested.ok()) return SpellRequestWork(requested.status());
  v1::RequestWorkResponse response;
  *response.mutable_lead() = ToProto(requested->lead, name.workspace);
  *response.mutable_project() = ToProto(requested->project, name.workspace);
  return response;
}

absl::StatusOr<v1::Project> HandleCloseProject(Caller& caller,
                                               const v1::CloseProjectRequest& request) {
  ASSIGN_OR_RETURN(const ProjectName name, ParseProject(request.name(), "name"));
  ASSIGN_OR_RETURN(const Project project,
                   caller.At(name.workspace).CloseProject(name.project, {request.satisfaction()}));
  return ToProto(project, name.workspace);
}

}  // namespace

void AddHandoffMethods(std::vector<Method>& methods) {
  const auto add = [&methods](const char* name, Work work, auto handler) {
    methods.push_back(Unary(std::string("HandoffService/") + name, work, handler));
  };
  add("GetHandoff", Work::kQuick, HandleGetHandoff);
  add("ListHandoffs", Work::kScan, HandleListHandoffs);
  add("CompleteHandoffStep", Work::kWrite, HandleCompleteHandoffStep);
  add("AcceptHandoff", Work::kWrite, HandleAcceptHandoff);
  add("ReturnHandoff", Work::kWrite, HandleReturnHandoff);
  add("ExportHandoffPack", Work::kScan, HandleExportHandoffPack);
  add("GetProject", Work::kQuick, HandleGetProject);
  add("ListProjects", Work::kScan, HandleListProjects);
  add("UpdateProject", Work::kWrite, HandleUpdateProject);
  add("RequestWork", Work::kWrite, HandleRequestWork);
  add("CloseProject", Work::kWrite, HandleCloseProject);
}

}  // namespace sales::service
