// What is measured of every call, by its method.
#ifndef SALES_SERVICE_CALL_METRICS_H_
#define SALES_SERVICE_CALL_METRICS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/src/metrics.h"

namespace sales::service {

enum class CallType { kUnary, kClientStream, kServerStream, kBidiStream };

// Of one method. Everything is looked up beforehand or once, so that a call only adds.
class MethodMetrics {
 public:
  // `method`: "/sales.v1.LeadService/GetLead". `refusals` has a counter for each Reason.
  MethodMetrics(Metrics& metrics, const std::string& method, CallType type,
                const std::vector<prometheus::Counter*>& refusals);

  void Begin() { started_.Increment(); }
  void End(const absl::Status& status, absl::Duration took);
  // A message of a stream; not for unary methods.
  void Receive() { received_->Increment(); }
  void Send() { sent_->Increment(); }

 private:
  static constexpr size_t kCodes = 17;

  prometheus::Counter& HandledBy(size_t code);
  prometheus::Histogram& Seconds();

  Metrics& metrics_;
  const Metrics::Labels labels_;
  const std::vector<prometheus::Counter*>& refusals_;
  prometheus::Counter& started_;
  prometheus::Counter* received_ = nullptr;
  prometheus::Counter* sent_ = nullptr;
  // Made when first needed: most methods never end in most ways.
  std::array<std::atomic<prometheus::Counter*>, kCodes> handled_ = {};
  std::atomic<prometheus::Histogram*> seconds_ = nullptr;
};

// Of all methods.
class CallMetrics {
 public:
  // `metrics` may be null: nothing is measured then.
  explicit CallMetrics(Metrics* metrics);

  // To be asked once, at the start. Null where nothing is measured.
  MethodMetrics* Add(const std::string& method, CallType type);

 private:
  Metrics* const metrics_;
  std::vector<prometheus::Counter*> refusals_;
  std::vector<std::unique_ptr<MethodMetrics>> methods_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_CALL_METRICS_H_
