// Connections of an engine for reading or for writing: few, opened when first needed, lent to one
// at a time.
#ifndef SALES_SRC_STORE_CONNECTION_POOL_H_
#define SALES_SRC_STORE_CONNECTION_POOL_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/sql/driver.h"

namespace sales::store {

// Safe for concurrent use. Must outlive its leases, and what connections are opened by, it.
class ConnectionPool {
 public:
  // A connection until destroyed, which ends a transaction that is still open.
  class Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_ != nullptr) pool_->Return(std::move(connection_));
    }

    sql::Connection& operator*() const { return *connection_; }
    sql::Connection* operator->() const { return connection_.get(); }

   private:
    friend class ConnectionPool;
    Lease(ConnectionPool* pool, std::unique_ptr<sql::Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}

    ConnectionPool* pool_;
    std::unique_ptr<sql::Connection> connection_;
  };

  using Open = std::function<absl::StatusOr<std::unique_ptr<sql::Connection>>()>;

  // `size` from 1 to limits::readers_max.
  ConnectionPool(Open open, int size);
  ConnectionPool(sql::Driver* driver, sql::Connection::Mode mode, int size)
      : ConnectionPool([driver, mode] { return driver->Connect(mode); }, size) {}
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // A connection whose statements end at `deadline`. Waits for one where all are lent. Errors:
  // DEADLINE_EXCEEDED, QUEUE_FULL, and those of opening a connection.
  absl::StatusOr<Lease> Acquire(absl::Time deadline = absl::InfiniteFuture());

 private:
  absl::Status WaitForIdle(std::unique_lock<std::mutex>& hold, absl::Time deadline);
  absl::StatusOr<std::unique_ptr<sql::Connection>> OpenOne();
  void Return(std::unique_ptr<sql::Connection> connection);

  const Open open_;
  const int size_;

  std::mutex mutex_;
  std::condition_variable returned_;
  // The one returned last is lent first: its caches are warm.
  std::vector<std::unique_ptr<sql::Connection>> idle_;
  int opened_ = 0;
  int waiting_ = 0;
};

}  // namespace sales::store

#endif  // SALES_SRC_STORE_CONNECTION_POOL_H_
