#include "service/src/call_metrics.h"

#include "sales/error.h"

namespace sales::service {
namespace {

// As gRPC's own libraries for Go name them, which is what dashboards expect of `grpc_code`.
constexpr const char* kCodeNames[] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};
constexpr size_t kUnknown = 2;

const char* TypeName(CallType type) {
  switch (type) {
    case CallType::kUnary:
      return "unary";
    case CallType::kClientStream:
      return "client_stream";
    case CallType::kServerStream:
      return "server_stream";
    case CallType::kBidiStream:
      return "bidi_stream";
  }
  return "";
}

Metrics::Labels LabelsOf(const std::string& method, CallType type) {
  const size_t slash = method.rfind('/');
  return {{"grpc_type", TypeName(type)},
          {"grpc_service", method.substr(1, slash - 1)},
          {"grpc_method", method.substr(slash + 1)}};
}

}  // namespace

MethodMetrics::MethodMetrics(Metrics& metrics, const std::string& method, CallType type,
                             const std::vector<prometheus::Counter*>& refusals)
    : metrics_(metrics),
      labels_(LabelsOf(method, type)),
      refusals_(refusals),
      started_(metrics.Counter("grpc_server_started_total", labels_)) {
  // A rate over failures needs the successes to be there from the start.
  HandledBy(static_cast<size_t>(absl::StatusCode::kOk));
  if (type == CallType::kUnary) return;
  received_ = &metrics.Counter("grpc_server_msg_received_total", labels_);
  sent_ = &metrics.Counter("grpc_server_msg_sent_total", labels_);
}

void MethodMetrics::End(const absl::Status& status, absl::Duration took) {
  const size_t code = static_cast<size_t>(status.code());
  HandledBy(code < kCodes ? code : kUnknown).Increment();
  Seconds().Observe(absl::ToDoubleSeconds(took));
  if (status.ok() || absl::IsCancelled(status)) return;
  // What has no reason is a bug, and shown as INTERNAL.
  const Reason reason = ReasonOf(status);
  refusals_[static_cast<size_t>(reason == Reason::kUnspecified ? Reason::kInternal : reason)]
      ->Increment();
}

prometheus::Counter& MethodMetrics::HandledBy(size_t code) {
  prometheus::Counter* counter = handled_[code].load(std::memory_order_acquire);
  if (counter == nullptr) {
    Metrics::Labels labels = labels_;
    labels["grpc_code"] = kCodeNames[code];
    counter = &metrics_.Counter("grpc_server_handled_total", labels);
    handled_[code].store(counter, std::memory_order_release);
  }
  return *counter;
}

prometheus::Histogram& MethodMetrics::Seconds() {
  prometheus::Histogram* histogram = seconds_.load(std::memory_order_acquire);
  if (histogram == nullptr) {
    histogram = &metrics_.Histogram("grpc_server_handling_seconds", labels_);
    seconds_.store(histogram, std::memory_order_release);
  }
  return *histogram;
}

CallMetrics::CallMetrics(Metrics* metrics) : metrics_(metrics) {
  if (metrics_ == nullptr) return;
  for (const Reason reason : AllReasons()) {
    refusals_.resize(static_cast<size_t>(reason) + 1);
    refusals_.back() = &metrics_->Counter("sales_refusals_total", {{"reason", ReasonName(reason)}});
  }
}

MethodMetrics* CallMetrics::Add(const std::string& method, CallType type) {
  if (metrics_ == nullptr) return nullptr;
  return methods_.emplace_back(std::make_unique<MethodMetrics>(*metrics_, method, type, refusals_))
      .get();
}

}  // namespace sales::service
