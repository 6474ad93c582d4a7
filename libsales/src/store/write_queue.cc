#include "src/store/write_queue.h"

#include <algorithm>
#include <condition_variable>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/time/clock.h"
#include "src/decide/errors.h"

namespace sales::store {
namespace {

absl::Status LateError() {
  return MakeError(Reason::kDeadlineExceeded, "the deadline passed before the write began");
}

absl::Status FullError(int queue_max) {
  ErrorDetail detail;
  detail.reason = Reason::kQueueFull;
  detail.metadata["limit"] = std::to_string(queue_max);
  return MakeError(std::move(detail), "too many writes wait for the store; try again in a moment");
}

// A savepoint costs a write about a quarter of its time, a refusal without one costs the batch a
// second run. After a refusal more are likely, so that many batches take savepoints.
constexpr int kCarefulBatches = 100;

bool Passed(absl::Time deadline) {
  return deadline != absl::InfiniteFuture() && absl::Now() >= deadline;
}

// What a batch that failed means to a write of it. A deadline was that of one write alone.
absl::Status ForOthers(const absl::Status& failure) {
  if (!absl::IsDeadlineExceeded(failure)) return failure;
  return MakeError(Reason::kStoreConflict, "a write that shared the commit was interrupted");
}

// Whether a batch that failed, of which nothing remains, may succeed when it is run once more:
// another process came first, or the connection broke before the commit was asked for.
bool MayRunAgain(const absl::Status& failure, bool commit_asked, int attempt) {
  const Reason reason = ReasonOf(failure);
  if (reason == Reason::kStoreConflict) return attempt < limits::write_attempts_max;
  return reason == Reason::kStoreUnavailable && !commit_asked && attempt == 1;
}

}  // namespace

// A caller that waits. Each sleeps on a lock of its own, so waking one does not set all of them on
// the queue's.
struct WriteTicket {
  // Guarded by the queue's mutex: writes without an outcome, and whether it was chosen to lead.
  size_t left = 0;
  bool chosen = false;

  std::mutex mutex;
  std::condition_variable changed;
  // Guarded by the ticket's mutex.
  bool lead = false;
  bool done = false;
};

WriteQueue::WriteQueue(ConnectionPool& writers, std::string turn, Options options)
    : writers_(writers), turn_(std::move(turn)), options_(std::move(options)) {
  batch_.reserve(static_cast<size_t>(std::max(options_.batch, 1)));
}

WriteQueue::~WriteQueue() = default;

absl::Status WriteQueue::Submit(Write& write) {
  SALES_RETURN_IF_ERROR(SubmitAll(absl::MakeSpan(&write, 1)));
  return write.status();
}

absl::Status WriteQueue::SubmitAll(absl::Span<Write> writes) {
  if (writes.empty()) return absl::OkStatus();
  WriteTicket ticket;
  ticket.left = writes.size();
  if (options_.on_batch) {
    const absl::Time now = absl::Now();
    for (Write& write : writes) write.queued_time_ = now;
  }
  bool lead = false;
  {
    const std::lock_guard<std::mutex> hold(mutex_);
    if (waiting_ + static_cast<int64_t>(writes.size()) > options_.queue_max) {
      return FullError(options_.queue_max);
    }
    for (Write& write : writes) {
      write.ticket_ = &ticket;
      Push(write);
    }
    lead = !led_;
    led_ = true;
  }
  if (lead || Wait(ticket, writes)) Lead(ticket);
  return absl::OkStatus();
}

bool WriteQueue::Wait(WriteTicket& ticket, absl::Span<Write> writes) {
  const auto earliest =
      std::min_element(writes.begin(), writes.end(),
                       [](const Write& a, const Write& b) { return a.deadline_ < b.deadline_; });
  absl::Time deadline = earliest->deadline_;
  std::unique_lock<std::mutex> hold(ticket.mutex);
  const auto called = [&ticket] { return ticket.lead || ticket.done; };
  while (!called()) {
    if (deadline == absl::InfiniteFuture()) {
      ticket.changed.wait(hold, called);
    } else if (!ticket.changed.wait_until(hold, absl::ToChronoTime(deadline), called)) {
      hold.unlock();
      if (!Abandon(ticket, writes)) return false;
      hold.lock();
      // What remains either runs already or is late when its turn comes.
      deadline = absl::InfiniteFuture();
    }
  }
  return ticket.lead;
}

bool WriteQueue::Abandon(WriteTicket& ticket, absl::Span<Write> writes) {
  const std::lock_guard<std::mutex> hold(mutex_);
  // The leader before has already turned to this ticket: it leads, and refuses its late writes.
  if (ticket.chosen || ticket.left == 0) return true;
  for (Write& write : writes) {
    if (!write.queued_ || !Passed(write.deadline_)) continue;
    Remove(write);
    write.status_ = LateError();
    --ticket.left;
  }
  return ticket.left > 0;
}

void WriteQueue::Lead(WriteTicket& own) {
  bool lead_on = true;
  while (lead_on) {
    TakeBatch();
    const size_t committed = options_.on_batch ? RunBatchMeasured() : RunBatch();
    if (options_.totals != nullptr) {
      options_.totals->writes += static_cast<int64_t>(committed);
      options_.totals->commits += committed > 0 ? 1 : 0;
    }
    absl::InlinedVector<WriteTicket*, 64> finished;
    WriteTicket* next = nullptr;
    {
      const std::lock_guard<std::mutex> hold(mutex_);
      for (Write* write : batch_) {
        WriteTicket* ticket = write->ticket_;
        if (--ticket->left == 0 && ticket != &own) finished.push_back(ticket);
      }
      // A caller's writes are side by side, so whoever still has some is in front.
      lead_on = own.left > 0;
      if (first_ == nullptr) {
        led_ = false;
      } else if (!lead_on) {
        next = first_->ticket_;
        next->chosen = true;
      }
    }
    // The next batch begins while those of this one wake up.
    if (next != nullptr) Wake(*next, /*lead=*/true);
    for (WriteTicket* ticket : finished) Wake(*ticket, /*lead=*/false);
  }
}

// Notifies under the lock: the ticket is gone as soon as its owner sees the change.
void WriteQueue::Wake(WriteTicket& ticket, bool lead) {
  const std::lock_guard<std::mutex> hold(ticket.mutex);
  (lead ? ticket.lead : ticket.done) = true;
  ticket.changed.notify_one();
}

void WriteQueue::TakeBatch() {
  batch_.clear();
  const std::lock_guard<std::mutex> hold(mutex_);
  while (first_ != nullptr &&
         (batch_.empty() || static_cast<int>(batch_.size()) < options_.batch)) {
    batch_.push_back(first_);
    Remove(*first_);
  }
}

size_t WriteQueue::RunBatchMeasured() {
  const absl::Time began = absl::Now();
  const absl::Duration wait = began - batch_.front()->queued_time_;
  const size_t committed = RunBatch();
  options_.on_batch(wait, absl::Now() - began, committed);
  return committed;
}

size_t WriteQueue::RunBatch() {
  absl::StatusOr<ConnectionPool::Lease> lease = writers_.Acquire();
  if (!lease.ok()) {
    for (Write* write : batch_) write->status_ = lease.status();
    if (options_.after_commit) options_.after_commit(false);
    return 0;
  }
  connection_ = &**lease;
  const size_t committed = RunUntilDecided();
  connection_ = nullptr;
  return committed;
}

size_t WriteQueue::RunUntilDecided() {
  const bool careful = careful_batches_ > 0 && batch_.size() > 1;
  if (careful) --careful_batches_;
  if (const auto committed = TryBatch(careful, /*attempt=*/1)) return *committed;
  careful_batches_ = kCarefulBatches;
  for (int attempt = 2;; ++attempt) {
    if (const auto committed = TryBatch(/*savepoints=*/true, attempt)) return *committed;
  }
}

std::optional<size_t> WriteQueue::TryBatch(bool savepoints, int attempt) {
  size_t succeeded = 0;
  bool refused = false;
  absl::Status failure = connection_->Begin(sql::Connection::Mode::kWrite, turn_);
  Write* culprit = nullptr;
  for (auto write = batch_.begin(); failure.ok() && write != batch_.end(); ++write) {
    if (Passed((*write)->deadline_)) {
      (*write)->status_ = LateError();
      continue;
    }
    failure = RunOne(**write, savepoints);
    if (!failure.ok()) culprit = *write;
    if ((*write)->status_.ok()) {
      ++succeeded;
    } else if (!savepoints && batch_.size() > 1) {
      refused = true;
      break;
    }
  }
  // Whether a connection that is lost now leaves it open what became of the writes.
  bool asked = false;
  if (failure.ok() && !refused && succeeded > 0) failure = Commit(asked);
  if (!failure.ok() || refused || succeeded == 0) connection_->Rollback();
  const bool again = refused || MayRunAgain(failure, asked, attempt);
  if (!failure.ok()) {
    succeeded = 0;
    // Also writes that were refused: they were judged by what others did and is undone now.
    for (Write* write : batch_) write->status_ = write == culprit ? failure : ForOthers(failure);
  }
  if (options_.after_commit) options_.after_commit(!again && succeeded > 0);
  if (again) return std::nullopt;
  return succeeded;
}

// An error is one of the whole batch.
absl::Status WriteQueue::RunOne(Write& write, bool savepoint) {
  if (savepoint) SALES_RETURN_IF_ERROR(connection_->Savepoint());
  write.status_ = write.run_(*connection_);
  connection_->SetDeadline(absl::InfiniteFuture());
  if (!connection_->InTransaction()) {
    // A grave error took the savepoints and the writes before with it.
    if (!write.status_.ok()) return write.status_;
    return MakeError(Reason::kInternal, "a write ended the transaction that it shared");
  }
  if (!savepoint) return absl::OkStatus();
  if (write.status_.ok()) {
    absl::Status released = connection_->ReleaseSavepoint();
    if (released.ok() || !connection_->InTransaction()) return released;
    // A statement of the write that nobody waited for has failed.
    write.status_ = released;
  }
  return connection_->RollbackToSavepoint();
}

absl::Status WriteQueue::Commit(bool& asked) {
  if (options_.before_commit) {
    SALES_RETURN_IF_ERROR(options_.before_commit(*connection_));
  }
  asked = true;
  return connection_->Commit();
}

void WriteQueue::Push(Write& write) {
  write.previous_ = last_;
  write.next_ = nullptr;
  (last_ == nullptr ? first_ : last_->next_) = &write;
  last_ = &write;
  write.queued_ = true;
  ++waiting_;
  if (options_.totals != nullptr) ++options_.totals->waiting;
}

void WriteQueue::Remove(Write& write) {
  (write.previous_ == nullptr ? first_ : write.previous_->next_) = write.next_;
  (write.next_ == nullptr ? last_ : write.next_->previous_) = write.previous_;
  write.queued_ = false;
  --waiting_;
  if (options_.totals != nullptr) --options_.totals->waiting;
}

}  // namespace sales::store
