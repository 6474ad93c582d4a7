#include "service/src/streams.h"

#include <algorithm>
#include <chrono>

#include "sales/error.h"

namespace sales::service {
namespace {

// How often every watch looks by itself: another process may have written to the store.
constexpr std::chrono::milliseconds kPollInterval(2000);

}  // namespace

absl::Status ShuttingDown() {
  ErrorDetail detail;
  detail.reason = Reason::kShuttingDown;
  return MakeError(detail, "the server is shutting down");
}

StreamHub::StreamHub() : waker_([this] { WakeNowAndThen(); }) {}

StreamHub::~StreamHub() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  waker_.join();
}

bool StreamHub::AddWatch(const std::string& workspace, const std::shared_ptr<Stream>& stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (draining_) return false;
  streams_[workspace].insert(stream);
  return true;
}

void StreamHub::Remove(const std::string& workspace, const std::shared_ptr<Stream>& stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = streams_.find(workspace);
  if (found == streams_.end()) return;
  found->second.erase(stream);
  if (!found->second.empty()) return;
  streams_.erase(found);
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
      all.insert(all.end(), streams.begin(), streams.end());
    }
  }
  for (const auto& stream : all) stream->Close(ShuttingDown());
}

size_t StreamHub::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  size_t count = 0;
  for (const auto& [workspace, streams] : streams_) count += streams.size();
  return count;
}

StreamHub::WatchFigures StreamHub::watch_figures() const {
  WatchFigures figures;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [workspace, streams] : streams_) {
    if (workspace.empty()) continue;
    const auto found = last_revisions_.find(workspace);
    const int64_t last = found == last_revisions_.end() ? 0 : found->second;
    figures.watches += streams.size();
    for (const auto& stream : streams) {
      figures.revisions_behind = std::max(figures.revisions_behind, stream->Behind(last));
    }
  }
  return figures;
}

std::vector<std::shared_ptr<Stream>> StreamHub::TakeWoken(bool all) {
  std::vector<std::shared_ptr<Stream>> woken;
  for (const auto& [workspace, streams] : streams_) {
    if (!all && committed_.count(workspace) == 0) continue;
    woken.insert(woken.end(), streams.begin(), streams.end());
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
