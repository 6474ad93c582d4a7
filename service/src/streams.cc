#include "service/src/streams.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sales/error.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

// How often every watch looks by itself: another process may have written to the store.
constexpr std::chrono::milliseconds kPollInterval(2000);

absl::Status StreamsFull(size_t limit) {
  ErrorDetail detail;
  detail.reason = Reason::kStreamsFull;
  detail.metadata["limit"] = std::to_string(limit);
  return MakeError(std::move(detail), "as many streams are open as may be");
}

}  // namespace

absl::Status ShuttingDown() {
  ErrorDetail detail;
  detail.reason = Reason::kShuttingDown;
  return MakeError(detail, "the server is shutting down");
}

absl::Status StreamStalled() {
  ErrorDetail detail;
  detail.reason = Reason::kStreamStalled;
  return MakeError(detail, "the stream stood still for too long");
}

void CallCutter::Cut() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (finished_ || cutting_) return;
    cutting_ = true;
  }
  // May come back to the stream, which then ends.
  context_->TryCancel();
  std::function<void()> finish;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    cutting_ = false;
    finish = std::move(waiting_);
  }
  if (finish) finish();
}

void CallCutter::Finish(std::function<void()> finish) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    finished_ = true;
    if (cutting_) {
      waiting_ = std::move(finish);
      return;
    }
  }
  finish();
}

StreamHub::StreamHub(const StreamLimits& limits)
    : limits_(limits), waker_([this] { WakeNowAndThen(); }) {}

StreamHub::~StreamHub() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  waker_.join();
}

absl::Status StreamHub::AddWatch(const std::string& workspace, const std::string& caller,
                                 const std::shared_ptr<Stream>& stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (draining_) return ShuttingDown();
  if (count_ >= limits::streams_max) return StreamsFull(limits::streams_max);
  const auto of_caller = counts_of_callers_.find(caller);
  if (of_caller != counts_of_callers_.end() && of_caller->second >= limits_.per_caller) {
    return StreamsFull(limits_.per_caller);
  }
  const auto others = streams_.find(workspace);
  if (workspace.empty() && others != streams_.end() &&
      others->second.size() >= limits::imports_max) {
    return StreamsFull(limits::imports_max);
  }
  streams_[workspace].emplace(stream, caller);
  ++counts_of_callers_[caller];
  ++count_;
  return absl::OkStatus();
}

void StreamHub::Remove(const std::string& workspace, const std::shared_ptr<Stream>& stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto others = streams_.find(workspace);
  if (others == streams_.end()) return;
  const auto found = others->second.find(stream);
  if (found == others->second.end()) return;
  --count_;
  const auto count_of_caller = counts_of_callers_.find(found->second);
  if (--count_of_caller->second == 0) counts_of_callers_.erase(count_of_caller);
  others->second.erase(found);
  if (!others->second.empty()) return;
  streams_.erase(others);
  last_revisions_.erase(workspace);
}

void StreamHub::NoteCommit(const std::string& workspace, int64_t revision) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (streams_.find(workspace) == streams_.end()) return;
    last_revisions_[workspace] = revision;
    if (!committed_.insert(workspace).second) return;
  }
  wake_.notify_one();
}

void StreamHub::Drain() {
  std::vector<std::shared_ptr<Stream>> all;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    draining_ = true;
    for (const auto& [workspace, streams] : streams_) {
      for (const auto& [stream, caller] : streams) all.push_back(stream);
    }
  }
  for (const auto& stream : all) stream->Close(ShuttingDown());
}

size_t StreamHub::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return count_;
}

StreamHub::WatchFigures StreamHub::watch_figures() const {
  WatchFigures figures;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [workspace, streams] : streams_) {
    if (workspace.empty()) continue;
    const auto found = last_revisions_.find(workspace);
    const int64_t last = found == last_revisions_.end() ? 0 : found->second;
    figures.watches += streams.size();
    for (const auto& [stream, caller] : streams) {
      figures.revisions_behind = std::max(figures.revisions_behind, stream->Behind(last));
    }
  }
  return figures;
}

std::vector<std::shared_ptr<Stream>> StreamHub::TakeWoken(bool all) {
  std::vector<std::shared_ptr<Stream>> woken;
  for (const auto& [workspace, streams] : streams_) {
    if (!all && committed_.count(workspace) == 0) continue;
    for (const auto& [stream, caller] : streams) woken.push_back(stream);
  }
  committed_.clear();
  return woken;
}

void StreamHub::WakeNowAndThen() {
  auto next_poll = std::chrono::steady_clock::now() + kPollInterval;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    wake_.wait_until(lock, next_poll, [this] { return stopping_ || !committed_.empty(); });
    const bool poll = std::chrono::steady_clock::now() >= next_poll;
    if (poll) next_poll = std::chrono::steady_clock::now() + kPollInterval;
    const std::vector<std::shared_ptr<Stream>> woken = TakeWoken(poll);
    lock.unlock();
    for (const auto& stream : woken) stream->Wake();
    lock.lock();
  }
}

}  // namespace sales::service
