// Lets concurrent writes share a commit. The caller in front becomes the leader: it runs the writes
// of everybody who waits, one after the other in one transaction, commits once and hands over to
// the next. Whoever arrives meanwhile is the next batch, so the busier the store the larger the
// batches. No thread of its own.
#ifndef SALES_SRC_STORE_WRITE_QUEUE_H_
#define SALES_SRC_STORE_WRITE_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/limits.h"
#include "src/sql/driver.h"
#include "src/store/connection_pool.h"

namespace sales::store {

// A caller that waits.
struct WriteTicket;

// One write, and how it ended.
class Write {
 public:
  // Reads and writes rows; runs in the thread of whoever leads. An error undoes what it did and
  // nothing else. It must not end the transaction. It may be run again from the beginning, with
  // what it did before undone.
  using Run = std::function<absl::Status(sql::Connection&)>;

  // A write that has not begun at `deadline` never runs.
  explicit Write(Run run, absl::Time deadline = absl::InfiniteFuture())
      : run_(std::move(run)), deadline_(deadline) {}

  // Of the run, or of the shared commit. OK only if it is durable.
  const absl::Status& status() const { return status_; }

 private:
  friend class WriteQueue;

  Run run_;
  absl::Time deadline_;
  // When it began to wait; only where that is measured.
  absl::Time queued_time_;
  absl::Status status_;
  // Where it waits, guarded by the queue's mutex.
  WriteTicket* ticket_ = nullptr;
  Write* previous_ = nullptr;
  Write* next_ = nullptr;
  bool queued_ = false;
};

// Safe for concurrent use. Must outlive every call.
class WriteQueue {
 public:
  // Of one or more queues.
  struct Totals {
    // Of all that was committed.
    std::atomic<int64_t> writes = 0;
    std::atomic<int64_t> commits = 0;
    // In the queues now, without the batches that run.
    std::atomic<int> waiting = 0;
  };

  struct Options {
    // How many writes share a commit at most.
    int batch = 256;
    // How many may wait; more get QUEUE_FULL.
    int queue_max = limits::write_queue_max;
    // Runs last in a transaction that will commit. Its error undoes the whole batch.
    std::function<absl::Status(sql::Connection&)> before_commit = nullptr;
    // Runs after every batch, in the order of commits and before its callers go on; also after one
    // that was undone to be run again. Must be quick.
    std::function<void(bool committed)> after_commit = nullptr;
    // Runs after every batch, once, with how long the first of it waited, how long the batch took
    // and how many of its writes were committed. Must be quick.
    std::function<void(absl::Duration wait, absl::Duration run, size_t committed)> on_batch =
        nullptr;
    // What is added to; null: nothing. Outlives the queue.
    Totals* totals = nullptr;
  };

  // Each batch borrows one of `writers`, which outlive the queue. `turn`: what the writes are about
  // (sql::Connection::Begin).
  WriteQueue(ConnectionPool& writers, std::string turn, Options options);
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;
  ~WriteQueue();

  // Runs the write and gives its status. Besides the write's own errors: QUEUE_FULL,
  // DEADLINE_EXCEEDED, and those of a commit; then nothing of the write remains.
  absl::Status Submit(Write& write);
  // Runs each write as Submit would, side by side in the queue; they share commits. An error is
  // that of none having been taken: QUEUE_FULL.
  absl::Status SubmitAll(absl::Span<Write> writes);

 private:
  // Parks until the ticket's writes are done, or gives true if the caller is to lead.
  bool Wait(WriteTicket& ticket, absl::Span<Write> writes);
  // Takes writes that are past their deadline out of the queue. Gives false if nobody will wake
  // the ticket because nothing of it is left.
  bool Abandon(WriteTicket& ticket, absl::Span<Write> writes);
  void Lead(WriteTicket& own);
  void TakeBatch();
  // How many of the batch were committed.
  size_t RunBatch();
  // Runs the batch until it is decided.
  size_t RunUntilDecided();
  size_t RunBatchMeasured();
  // With savepoints a refused write is undone alone. Without, it is cheaper and the batch ends at
  // the first one that is refused: then all is undone and nothing is decided. Nor is it where
  // another process came first, or the connection was lost before the commit, if the batch has not
  // been tried too often.
  std::optional<size_t> TryBatch(bool savepoints, int attempt);
  absl::Status RunOne(Write& write, bool savepoint);
  // `asked`: whether the database was asked to commit.
  absl::Status Commit(bool& asked);
  static void Wake(WriteTicket& ticket, bool lead);

  void Push(Write& write);
  void Remove(Write& write);

  ConnectionPool& writers_;
  const std::string turn_;
  const Options options_;
  // Used by the leader only, as is the batch. Null while none runs.
  sql::Connection* connection_ = nullptr;
  std::vector<Write*> batch_;
  int careful_batches_ = 0;

  // Guards what follows, and the links of the writes that wait.
  mutable std::mutex mutex_;
  Write* first_ = nullptr;
  Write* last_ = nullptr;
  int waiting_ = 0;
  bool led_ = false;
};

}  // namespace sales::store

#endif  // SALES_SRC_STORE_WRITE_QUEUE_H_
