#include "service/src/admission.h"

#include <algorithm>

#include "sales/error.h"
#include "service/src/limits.h"
#include "service/src/status.h"
#include "service/src/streams.h"

namespace sales::service {
namespace {

absl::Status TooFast(absl::Duration wait) {
  ErrorDetail detail;
  detail.reason = Reason::kRateExceeded;
  // Rounded up: who waits that long is let in.
  const int64_t millis = absl::ToInt64Milliseconds(wait + absl::Milliseconds(1));
  detail.metadata[kRetryMillisKey] = std::to_string(millis);
  return MakeError(std::move(detail), "more requests a second than one caller may make");
}

absl::Status TooMany() {
  ErrorDetail detail;
  detail.reason = Reason::kQueueFull;
  return MakeError(std::move(detail), "too many calls, or too large ones, are being answered");
}

}  // namespace

Admission::Admission(const RateLimit& rate) : rates_(rate, limits::rate_callers_max) {}

absl::StatusOr<Admission::Ticket> Admission::Admit(const std::string& caller, int64_t bytes,
                                                   absl::Time now) {
  if (closed_) return ShuttingDown();
  if (absl::Status status = AdmitStream(caller, now); !status.ok()) return status;
  ++calls_;
  bytes_ += bytes;
  Ticket ticket(*this, bytes);
  if (calls_ > limits::calls_max || bytes_ > limits::requests_bytes_max) return TooMany();
  return ticket;
}

absl::Status Admission::AdmitStream(const std::string& caller, absl::Time now) {
  const absl::Duration wait = rates_.Take(caller, now);
  return wait > absl::ZeroDuration() ? TooFast(wait) : absl::OkStatus();
}

void Admission::Leave(int64_t bytes) {
  bytes_ -= bytes;
  --calls_;
}

}  // namespace sales::service
