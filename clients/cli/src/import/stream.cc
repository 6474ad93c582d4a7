#include "clients/cli/src/import/stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace salesctl {

ImportStream::ImportStream(Client& client, OnResult on_result)
    : client_(client),
      on_result_(std::move(on_result)),
      stub_(sales::v1::LeadService::NewStub(client.channel())) {}

ImportStream::~ImportStream() {
  if (stream_ == nullptr) return;
  context_->TryCancel();
  Disconnect();
}

void ImportStream::Connect() {
  context_ = std::make_unique<grpc::ClientContext>();
  client_.Prepare(*context_);
  broken_ = false;
  stream_ = stub_->ImportLeads(context_.get());
  reader_ = std::thread([this] { ReadResults(); });
}

grpc::Status ImportStream::Disconnect() {
  reader_.join();
  grpc::Status status = stream_->Finish();
  stream_.reset();
  return status;
}

void ImportStream::ReadResults() {
  sales::v1::ImportLeadsResponse response;
  while (stream_->Read(&response)) {
    std::shared_ptr<SentRow> row;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      // Results come in the order sent; anything else is no answer to a row of ours.
      if (in_flight_.empty() || in_flight_.front()->request.row() != response.row()) continue;
      row = std::move(in_flight_.front());
      in_flight_.pop_front();
      ++answers_;
      reconnects_ = 0;
      on_result_(*row, response);
    }
    changed_.notify_all();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    broken_ = true;
  }
  changed_.notify_all();
}

bool ImportStream::WaitUntil(const std::function<bool()>& enough) {
  std::unique_lock<std::mutex> lock(mutex_);
  int64_t answers = answers_;
  while (!enough() && !broken_) {
    if (changed_.wait_for(lock, std::chrono::seconds(silence_seconds_max)) ==
            std::cv_status::timeout &&
        answers == answers_) {
      return false;
    }
    answers = answers_;
  }
  return true;
}

Done ImportStream::Recover() {
  while (true) {
    {
      // The reader meets the end too, and a stream that ended by itself says why.
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait_for(lock, std::chrono::seconds(end_seconds_max), [this] { return broken_; });
    }
    context_->TryCancel();
    const grpc::Status status = Disconnect();
    const Failure failure = FailureOf(status, client_.server());
    // A stream that this side cancelled broke before that, while a row was being written.
    const bool lost = status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                      status.error_code() == grpc::StatusCode::CANCELLED ||
                      failure.reason == "QUEUE_FULL";
    if (!lost) return failure;
    if (++reconnects_ > reconnects_max) {
      if (!status.ok()) return failure;
      return Failure{
          kExitUnavailable, "UNAVAILABLE", "the server ends the stream early", {}, "Try again."};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(100 << reconnects_, 5000)));
    Connect();
    std::vector<std::shared_ptr<SentRow>> again;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      again.assign(in_flight_.begin(), in_flight_.end());
    }
    bool written = true;
    for (const std::shared_ptr<SentRow>& row : again) {
      written = written && stream_->Write(row->request);
    }
    if (written) return Unit{};
  }
}

Done ImportStream::Send(SentRow row) {
  if (stream_ == nullptr) Connect();
  if (!WaitUntil([this] { return in_flight_.size() < rows_in_flight_max; })) {
    context_->TryCancel();
    return Failure{kExitUnavailable, "DEADLINE_EXCEEDED", "the server gives no results", {}, ""};
  }
  const auto sent = std::make_shared<SentRow>(std::move(row));
  bool broken = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    in_flight_.push_back(sent);
    broken = broken_;
  }
  if (!broken && stream_->Write(sent->request)) return Unit{};
  return Recover();
}

Done ImportStream::Finish() {
  while (stream_ != nullptr) {
    stream_->WritesDone();
    if (!WaitUntil([this] { return in_flight_.empty(); })) {
      context_->TryCancel();
      return Failure{kExitUnavailable, "DEADLINE_EXCEEDED", "the server gives no results", {}, ""};
    }
    bool all = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      all = in_flight_.empty();
    }
    if (all) {
      // Every row has its answer: how the stream ends changes nothing.
      Disconnect();
      return Unit{};
    }
    const Done recovered = Recover();
    if (!recovered.ok()) return recovered.failure();
  }
  return Unit{};
}

}  // namespace salesctl
