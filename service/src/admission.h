// Which calls are let in: as many at once as may be, as long as their requests fit, and from each
// caller as fast as he may.
#ifndef SALES_SERVICE_ADMISSION_H_
#define SALES_SERVICE_ADMISSION_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/src/rate_limiter.h"

namespace sales::service {

class Admission {
 public:
  explicit Admission(const RateLimit& rate);

  // Whether callers have a rate, so that it matters who calls.
  bool has_rate() const { return rates_.has_limit(); }

  // A call that was let in; it counts until this is destroyed.
  class Ticket {
   public:
    Ticket(Admission& admission, int64_t bytes) : admission_(&admission), bytes_(bytes) {}
    ~Ticket() {
      if (admission_ != nullptr) admission_->Leave(bytes_);
    }
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), bytes_(other.bytes_) {}
    Ticket& operator=(Ticket&&) = delete;

   private:
    Admission* admission_;
    int64_t bytes_;
  };

  // A unary call whose request takes `bytes`. Errors: SHUTTING_DOWN, RATE_EXCEEDED, QUEUE_FULL.
  absl::StatusOr<Ticket> Admit(const std::string& caller, int64_t bytes, absl::Time now);
  // The beginning of a stream; the streams themselves are counted by the hub. Errors:
  // RATE_EXCEEDED.
  absl::Status AdmitStream(const std::string& caller, absl::Time now);

  // From then on calls are refused with SHUTTING_DOWN, so that clients go elsewhere.
  void Close() { closed_ = true; }
  // How many calls are being answered.
  int calls() const { return calls_; }

 private:
  void Leave(int64_t bytes);

  std::atomic<int> calls_{0};
  std::atomic<int64_t> bytes_{0};
  std::atomic<bool> closed_{false};
  RateLimiter rates_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_ADMISSION_H_
