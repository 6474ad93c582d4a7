#ifndef SALES_SERVICE_CONVERT_HANDOFF_H_
#define SALES_SERVICE_CONVERT_HANDOFF_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/handoff.h"
#include "sales/v1/handoff.pb.h"

namespace sales::service {

v1::Handoff ToProto(const Handoff& handoff, const std::string& workspace);
v1::Project ToProto(const Project& project, const std::string& workspace);
v1::ExportHandoffPackResponse ToProto(const HandoffPack& pack);
absl::StatusOr<CompleteHandoffStep> FromProto(const v1::CompleteHandoffStepRequest& request);
absl::StatusOr<ReturnHandoff> FromProto(const v1::ReturnHandoffRequest& request);
absl::StatusOr<UpdateProject> FromProto(const v1::UpdateProjectRequest& request);
absl::StatusOr<RequestWork> FromProto(const v1::RequestWorkRequest& request,
                                      const std::string& workspace);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellUpdateProject(const absl::Status& status);
absl::Status SpellRequestWork(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_HANDOFF_H_
