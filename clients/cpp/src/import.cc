#include "import.h"

namespace sales::client {
namespace {

// How long a lost server is waited for.
constexpr absl::Duration kPatience = absl::Seconds(60);
// How long the server may be silent while it has rows to answer.
constexpr absl::Duration kSilence = absl::Seconds(120);
// How long a call that takes no more rows has to say why.
constexpr absl::Duration kEndWait = absl::Seconds(5);

}  // namespace

ImportSource::~ImportSource() {
  if (call_ == nullptr) return;
  context_->TryCancel();
  Disconnect().IgnoreError();
}

void ImportSource::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  is_cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
  changed_.notify_all();
}

absl::StatusOr<std::optional<v1::ImportLeadsResponse>> ImportSource::Next() {
  while (true) {
    absl::StatusOr<bool> sent = SendRows();
    if (!sent.ok()) return sent.status();
    absl::StatusOr<std::optional<v1::ImportLeadsResponse>> result = TakeResult();
    if (!result.ok()) return result.status();
    if (result->has_value()) return result;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (is_cancelled_ || (rows_ended_ && in_flight_.empty())) break;
    }
    if (absl::Status recovered = Recover(); !recovered.ok()) return recovered;
  }
  return std::optional<v1::ImportLeadsResponse>();
}

absl::StatusOr<bool> ImportSource::SendRows() {
  while (!rows_ended_) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (is_broken_ || is_cancelled_) return false;
      if (in_flight_.size() + results_.size() >= import_rows_in_flight_max) return true;
    }
    absl::StatusOr<std::optional<v1::ImportLeadsRequest>> row = rows_();
    if (!row.ok()) return row.status();
    rows_ended_ = !row->has_value();
    if (rows_ended_) break;
    if (call_ == nullptr) {
      if (absl::Status connected = Connect(); !connected.ok()) return connected;
      caller_->Complete(**row);
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      in_flight_.push_back(**row);
    }
    if (!call_->Write(**row)) return false;
  }
  if (call_ != nullptr && !std::exchange(writes_done_, true)) call_->WritesDone();
  return true;
}

absl::Status ImportSource::Connect() {
  auto context = std::make_unique<grpc::ClientContext>();
  if (absl::Status prepared = caller_->Prepare(*context); !prepared.ok()) return prepared;
  const auto& stub = std::get<std::unique_ptr<v1::LeadService::Stub>>(caller_->connection->stubs);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    context_ = std::move(context);
    is_broken_ = false;
    if (is_cancelled_) context_->TryCancel();
  }
  writes_done_ = false;
  call_ = stub->ImportLeads(context_.get());
  receiver_ = std::thread([this] { ReceiveResults(); });
  return absl::OkStatus();
}

absl::Status ImportSource::Disconnect() {
  receiver_.join();
  const grpc::Status status = std::exchange(call_, nullptr)->Finish();
  return status.ok() ? absl::OkStatus() : StatusFrom(status);
}

void ImportSource::ReceiveResults() {
  v1::ImportLeadsResponse result;
  while (call_->Read(&result)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    // Results come in the order sent; anything else is no answer to a row of ours.
    if (in_flight_.empty() || in_flight_.front().row() != result.row()) continue;
    in_flight_.pop_front();
    results_.push_back(std::move(result));
    changed_.notify_all();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  is_broken_ = true;
  changed_.notify_all();
}

absl::StatusOr<std::optional<v1::ImportLeadsResponse>> ImportSource::TakeResult() {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool spoke = changed_.wait_for(lock, absl::ToChronoSeconds(kSilence), [this] {
    return !results_.empty() || is_broken_ || is_cancelled_ || in_flight_.empty();
  });
  if (!spoke) return absl::DeadlineExceededError("the server gives no results");
  if (results_.empty()) return std::optional<v1::ImportLeadsResponse>();
  std::optional<v1::ImportLeadsResponse> result = std::move(results_.front());
  results_.pop_front();
  backoff_.Reset();
  lost_since_ = absl::InfiniteFuture();
  return result;
}

bool ImportSource::EndsByItself() {
  // The receiver meets the end too; a call that is cancelled after it has ended does not say why.
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, absl::ToChronoSeconds(kEndWait), [this] { return is_broken_; });
}

absl::Status ImportSource::Recover() {
  while (true) {
    absl::Status status;
    if (call_ != nullptr) {
      if (!EndsByItself()) context_->TryCancel();
      status = Disconnect();
    }
    if (!IsLost(status)) return status;
    lost_since_ = std::min(lost_since_, absl::Now());
    if (absl::Now() - lost_since_ > kPatience) {
      return status.ok() ? absl::UnavailableError("the server ends the import early") : status;
    }
    std::deque<v1::ImportLeadsRequest> again;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait_for(lock, absl::ToChronoMilliseconds(backoff_.Next()),
                        [this] { return is_cancelled_; });
      if (is_cancelled_) return absl::OkStatus();
      if (!in_flight_.empty()) caller_->Complete(in_flight_.front());
      again = in_flight_;
    }
    if (absl::Status connected = Connect(); !connected.ok()) return connected;
    bool is_written = true;
    for (const v1::ImportLeadsRequest& row : again) is_written = is_written && call_->Write(row);
    if (is_written) return absl::OkStatus();
  }
}

}  // namespace sales::client
