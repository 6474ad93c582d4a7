#include <set>
#include <string>
#include <utility>

#include "google/protobuf/empty.pb.h"
#include "sales/limits.h"
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

// Those that the caller has rights in, and no others are even looked at.
absl::StatusOr<Page<Workspace>> ListOwn(Caller& caller, const v1::ListWorkspacesRequest& request) {
  if (request.page_size() < 0 || request.page_size() > limits::page_size_max) {
    return Refuse(Reason::kPageSizeInvalid, "page_size", "must be from 0 to 1000");
  }
  // So few that the last one's id does as the token of a page.
  const std::string& after = request.page_token();
  if (!after.empty() && !IsId(after)) {
    return Refuse(Reason::kPageTokenInvalid, "page_token", "is not of this list");
  }
  const int page_size = request.page_size() == 0 ? limits::page_size_default : request.page_size();
  const std::set<std::string> ids(caller.principal().workspaces.begin(),
                                  caller.principal().workspaces.end());
  Page<Workspace> page;
  for (auto id = ids.upper_bound(after); id != ids.end(); ++id) {
    absl::StatusOr<Workspace> workspace = caller.At(*id).GetWorkspace();
    // Rights may be given before the workspace is made.
    if (ReasonOf(workspace.status()) == Reason::kWorkspaceNotFound) continue;
    if (!workspace.ok()) return workspace.status();
    if (static_cast<int>(page.items.size()) == page_size) {
      page.next_page_token = page.items.back().id;
      break;
    }
    page.items.push_back(*std::move(workspace));
  }
  return page;
}

absl::StatusOr<v1::ListWorkspacesResponse> HandleListWorkspaces(
    Caller& caller, const v1::ListWorkspacesRequest& request) {
  ASSIGN_OR_RETURN(const Page<Workspace> page,
                   caller.principal().every_workspace
                       ? caller.engine().ListWorkspaces(QueryFrom(request), caller.call())
                       : ListOwn(caller, request));
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

absl::StatusOr<google::protobuf::Empty> HandleDeleteWorkspace(
    Caller& caller, const v1::DeleteWorkspaceRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseWorkspace(request.name(), "name"));
  RETURN_IF_ERROR(caller.At(id).DeleteWorkspace({request.force(), request.allow_missing()}));
  return google::protobuf::Empty();
}

}  // namespace

void AddWorkspaceMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("WorkspaceService/CreateWorkspace", Work::kWrite, HandleCreateWorkspace));
  methods.push_back(Unary("WorkspaceService/GetWorkspace", Work::kQuick, HandleGetWorkspace));
  methods.push_back(Unary("WorkspaceService/ListWorkspaces", Work::kScan, HandleListWorkspaces));
  methods.push_back(Unary("WorkspaceService/UpdateWorkspace", Work::kWrite, HandleUpdateWorkspace));
  methods.push_back(Unary("WorkspaceService/DeleteWorkspace", Work::kWrite, HandleDeleteWorkspace));
  // Its tokens go with it, so that whoever makes one of this id later has none of them.
  methods.back().revokes = true;
}

}  // namespace sales::service
