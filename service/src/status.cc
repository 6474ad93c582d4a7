#include "service/src/status.h"

#include <cstdlib>
#include <string>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "sales/error.h"

namespace sales::service {
namespace {

constexpr char kInternalMessage[] =
    "an error inside the server; report it with the time of the call";
constexpr int64_t kNanosPerMilli = 1'000'000;

// After how long trying again may help; 0: not by waiting.
int64_t RetryMillis(const ErrorDetail& detail) {
  const auto said = detail.metadata.find(kRetryMillisKey);
  if (said != detail.metadata.end()) return std::strtoll(said->second.c_str(), nullptr, 10);
  switch (detail.reason) {
    case Reason::kStoreConflict:
      return 10;
    case Reason::kStoreBusy:
    case Reason::kQueueFull:
      return 100;
    case Reason::kStoreUnavailable:
    case Reason::kShuttingDown:
    case Reason::kStreamsFull:
    case Reason::kStreamStalled:
      return 1000;
    default:
      return 0;
  }
}

void AddBadRequest(const ErrorDetail& detail, google::rpc::Status& out) {
  google::rpc::BadRequest bad;
  for (const FieldViolation& violation : detail.fields) {
    auto& added = *bad.add_field_violations();
    added.set_field(violation.field);
    added.set_description(violation.description);
  }
  out.add_details()->PackFrom(bad);
}

void AddPreconditionFailure(const ErrorDetail& detail, google::rpc::Status& out) {
  google::rpc::PreconditionFailure failure;
  for (const MissingCondition& missing : detail.missing) {
    auto& added = *failure.add_violations();
    added.set_type("CONDITION");
    added.set_subject(missing.stage);
    // The condition itself comes first, so that a program finds it before the colon.
    added.set_description(missing.description.empty()
                              ? missing.condition
                              : missing.condition + ": " + missing.description);
  }
  out.add_details()->PackFrom(failure);
}

}  // namespace

absl::Status Shown(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  const bool bug = reason == Reason::kUnspecified || reason == Reason::kInternal;
  if (status.ok() || !bug) return status;
  ErrorDetail detail;
  detail.reason = Reason::kInternal;
  return MakeError(std::move(detail), kInternalMessage);
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  const absl::Status shown = Shown(status);
  const ErrorDetail detail = DetailOf(shown);
  google::rpc::Status out;
  out.set_code(static_cast<int>(shown.code()));
  out.set_message(std::string(shown.message()));
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonName(detail.reason));
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : detail.metadata) (*info.mutable_metadata())[key] = value;
  out.add_details()->PackFrom(info);
  if (!detail.fields.empty()) AddBadRequest(detail, out);
  if (!detail.missing.empty()) AddPreconditionFailure(detail, out);
  if (const int64_t millis = RetryMillis(detail); millis > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(millis / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(millis % 1000 * kNanosPerMilli));
    out.add_details()->PackFrom(retry);
  }
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status rpc = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(rpc.code()), rpc.message(),
                      rpc.SerializeAsString());
}

}  // namespace sales::service
