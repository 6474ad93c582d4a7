#include "absl/strings/cord.h"
#include "backoff.h"
#include "caller.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "sales/client_error.h"

namespace sales::client {
namespace {

// A serialised google.rpc.Status, as the server sent it.
constexpr char kPayload[] = "type.googleapis.com/google.rpc.Status";

void Add(const google::rpc::PreconditionFailure& failure, ErrorDetail& detail) {
  for (const auto& violation : failure.violations()) {
    // The description is "condition: what it asks for", or the condition alone.
    const std::string& text = violation.description();
    const size_t colon = text.find(": ");
    detail.missing.push_back({violation.subject(), text.substr(0, colon),
                              colon == std::string::npos ? "" : text.substr(colon + 2)});
  }
}

}  // namespace

absl::Status StatusFrom(const grpc::Status& status) {
  // The canonical codes are gRPC's.
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(kPayload, absl::Cord(status.error_details()));
  }
  return result;
}

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  const auto payload = status.GetPayload(kPayload);
  google::rpc::Status rich;
  if (!payload.has_value() || !rich.ParseFromString(std::string(*payload))) return detail;
  for (const google::protobuf::Any& any : rich.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::PreconditionFailure failure;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&info)) {
      detail.reason = info.reason();
      detail.metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        detail.fields.push_back({violation.field(), violation.description()});
      }
    } else if (any.UnpackTo(&failure)) {
      Add(failure, detail);
    } else if (any.UnpackTo(&retry)) {
      detail.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                           absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return detail;
}

bool IsLost(const absl::Status& status) {
  return status.ok() || absl::IsUnavailable(status) || absl::IsCancelled(status) ||
         DetailOf(status).reason == "QUEUE_FULL";
}

}  // namespace sales::client
