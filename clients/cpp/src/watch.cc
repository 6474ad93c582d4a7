#include "watch.h"

namespace sales::client {

absl::StatusOr<std::optional<v1::WatchEventsResponse>> WatchSource::Next() {
  while (Received<v1::WatchEventsResponse>* call = Open()) {
    absl::StatusOr<std::optional<v1::WatchEventsResponse>> batch = call->Next();
    if (batch.ok() && batch->has_value()) {
      backoff_.Reset();
      if ((*batch)->revision() <= request_.after_revision()) continue;
      request_.set_after_revision((*batch)->revision());
      return batch;
    }
    const bool goes_on = IsLost(batch.status());
    if (!Lose(goes_on ? backoff_.Next() : absl::ZeroDuration())) break;
    if (!goes_on) return batch.status();
  }
  return std::optional<v1::WatchEventsResponse>();
}

void WatchSource::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  is_cancelled_ = true;
  if (call_ != nullptr) call_->Cancel();
  cancelled_.notify_all();
}

Received<v1::WatchEventsResponse>* WatchSource::Open() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_cancelled_) return nullptr;
  if (call_ == nullptr) {
    const auto& stub =
        std::get<std::unique_ptr<v1::EventService::Stub>>(caller_->connection->stubs);
    call_ = std::make_unique<Received<v1::WatchEventsResponse>>(
        *caller_,
        [&](grpc::ClientContext* context) { return stub->WatchEvents(context, request_); });
  }
  return call_.get();
}

bool WatchSource::Lose(absl::Duration pause) {
  std::unique_lock<std::mutex> lock(mutex_);
  call_.reset();
  return !cancelled_.wait_for(lock, absl::ToChronoMilliseconds(pause),
                              [this] { return is_cancelled_; });
}

}  // namespace sales::client
