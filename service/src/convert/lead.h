#ifndef SALES_SERVICE_CONVERT_LEAD_H_
#define SALES_SERVICE_CONVERT_LEAD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/lead.h"
#include "sales/v1/lead.pb.h"

namespace sales::service {

// Fills in an empty message.
void SetLead(const Lead& lead, const std::string& workspace, v1::Lead& out);
v1::Lead ToProto(const Lead& lead, const std::string& workspace);
v1::Activity ToProto(const Activity& activity, const std::string& workspace);
v1::CaptureLeadResponse ToProto(const CaptureResult& result, const std::string& workspace);
v1::MoveCheck ToProto(const MoveCheck& check);
v1::LogActivityResponse ToProto(const LoggedActivity& logged, const std::string& workspace);

absl::StatusOr<CaptureLead> FromProto(const v1::CaptureLeadRequest& request,
                                      const std::string& workspace);
absl::StatusOr<UpdateLead> FromProto(const v1::UpdateLeadRequest& request,
                                     const std::string& workspace);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellCaptureLead(const absl::Status& status);
absl::Status SpellBatchCaptureLeads(const absl::Status& status);
// One path of a capture.
std::string SpelledCapture(const std::string& path);
absl::Status SpellUpdateLead(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_LEAD_H_
