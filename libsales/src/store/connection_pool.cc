#include "src/store/connection_pool.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "sales/limits.h"
#include "src/decide/errors.h"

namespace sales::store {

ConnectionPool::ConnectionPool(Open open, int size)
    : open_(std::move(open)), size_(std::clamp(size, 1, limits::readers_max)) {
  idle_.reserve(static_cast<size_t>(size_));
}

absl::StatusOr<ConnectionPool::Lease> ConnectionPool::Acquire(absl::Time deadline) {
  if (deadline != absl::InfiniteFuture() && absl::Now() >= deadline) {
    return MakeError(Reason::kDeadlineExceeded, "the deadline passed before the store was free");
  }
  std::unique_ptr<sql::Connection> connection;
  {
    std::unique_lock<std::mutex> hold(mutex_);
    if (idle_.empty() && opened_ == size_) SALES_RETURN_IF_ERROR(WaitForIdle(hold, deadline));
    if (idle_.empty()) {
      ++opened_;
    } else {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection == nullptr) {
    SALES_ASSIGN_OR_RETURN(connection, OpenOne());
  }
  connection->SetDeadline(deadline);
  return Lease(this, std::move(connection));
}

absl::Status ConnectionPool::WaitForIdle(std::unique_lock<std::mutex>& hold, absl::Time deadline) {
  if (waiting_ == limits::readers_waiting_max) {
    return MakeError(Reason::kQueueFull,
                     "too many calls wait for the store; try again in a moment");
  }
  const auto available = [this] { return !idle_.empty() || opened_ < size_; };
  bool got = true;
  ++waiting_;
  if (deadline == absl::InfiniteFuture()) {
    returned_.wait(hold, available);
  } else {
    got = returned_.wait_until(hold, absl::ToChronoTime(deadline), available);
  }
  --waiting_;
  if (got) return absl::OkStatus();
  return MakeError(Reason::kDeadlineExceeded, "the deadline passed before the store was free");
}

absl::StatusOr<std::unique_ptr<sql::Connection>> ConnectionPool::OpenOne() {
  auto connection = open_();
  if (connection.ok()) return connection;
  // The place is free again, for somebody who waits perhaps.
  {
    const std::lock_guard<std::mutex> hold(mutex_);
    --opened_;
  }
  returned_.notify_one();
  return connection;
}

void ConnectionPool::Return(std::unique_ptr<sql::Connection> connection) {
  connection->Rollback();
  bool wanted = false;
  {
    const std::lock_guard<std::mutex> hold(mutex_);
    idle_.push_back(std::move(connection));
    wanted = waiting_ > 0;
  }
  if (wanted) returned_.notify_one();
}

}  // namespace sales::store
