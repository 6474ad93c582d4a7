#include "sales/v1/workspace.pb.h"
#include "service/src/call.h"
#include "service/src/convert/workspace.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Workspace> HandleCreateWorkspace(Caller& caller,
                                                    const v1::CreateWorkspaceRequest& request) {
  ASSIGN_OR_RETURN(const CreateWorkspace command, FromProto(request));
  if (IsId(command.id)) caller.NoteWorkspace(command.id);
  const auto workspace = caller.engine().CreateWorkspace(command, caller.call());
  if (!workspace.ok()) return SpellCreateWorkspace(workspace.status());
  return ToProto(*workspace);
}

absl::StatusOr<v1::Workspace> HandleGetWorkspace(Caller& caller,
                                                 const v1::GetWorkspaceRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseWorkspace(request.name(), "name"));
  ASSIGN_OR_RETURN(const Workspace workspace, caller.At(id).GetWorkspace());
  return ToProto(workspace);
}

absl::StatusOr<v1::ListWorkspacesResponse> HandleListWorkspaces(
    Caller& caller, const v1::ListWorkspacesRequest& request) {
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Workspace> page,
                   caller.engine().ListWorkspaces(query, caller.call()));
  v1::ListWorkspacesResponse response;
  for (const Workspace& item : page.items) *response.add_workspaces() = ToProto(item);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Workspace> HandleUpdateWorkspace(Caller& caller,
                                                    const v1::UpdateWorkspaceRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   ParseWorkspace(request.workspace().name(), "workspace.name"));
  ASSIGN_OR_RETURN(const UpdateWorkspace command, FromProto(request));
  const auto workspace = caller.At(id).UpdateWorkspace(command);
  if (!workspace.ok()) return SpellUpdateWorkspace(workspace.status());
  return ToProto(*workspace);
}

}  // namespace

void AddWorkspaceMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("WorkspaceService/CreateWorkspace", Work::kWrite, HandleCreateWorkspace));
  methods.push_back(Unary("WorkspaceService/GetWorkspace", Work::kQuick, HandleGetWorkspace));
  methods.push_back(Unary("WorkspaceService/ListWorkspaces", Work::kScan, HandleListWorkspaces));
  methods.push_back(Unary("WorkspaceService/UpdateWorkspace", Work::kWrite, HandleUpdateWorkspace));
}

}  // namespace sales::service
