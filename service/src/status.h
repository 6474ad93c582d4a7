// Errors of libsales as gRPC clients see them: the canonical code, a message, and google.rpc
// details in the trailer `grpc-status-details-bin`.
#ifndef SALES_SERVICE_STATUS_H_
#define SALES_SERVICE_STATUS_H_

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace sales::service {

inline constexpr char kErrorDomain[] = "sales.v1";
// In an error's metadata: after how many milliseconds trying again may help.
inline constexpr char kRetryMillisKey[] = "retry_millis";

// The error without its cause if that is nobody's business but ours: a bug tells callers only that
// it is one.
absl::Status Shown(const absl::Status& status);

// ErrorInfo always; BadRequest for fields; a PreconditionFailure violation for each missing
// condition; RetryInfo where trying again later helps. `status` is not OK.
google::rpc::Status ToRpcStatus(const absl::Status& status);

grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_STATUS_H_
