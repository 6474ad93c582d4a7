#ifndef SALES_SERVICE_CONVERT_WORKSPACE_H_
#define SALES_SERVICE_CONVERT_WORKSPACE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/v1/workspace.pb.h"
#include "sales/workspace.h"

namespace sales::service {

v1::Workspace ToProto(const Workspace& workspace);
absl::StatusOr<CreateWorkspace> FromProto(const v1::CreateWorkspaceRequest& request);
absl::StatusOr<UpdateWorkspace> FromProto(const v1::UpdateWorkspaceRequest& request);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellCreateWorkspace(const absl::Status& status);
absl::Status SpellUpdateWorkspace(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_WORKSPACE_H_
