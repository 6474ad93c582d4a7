// Writes share commits without disturbing each other.
#include "src/store/write_queue.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "sales/error.h"
#include "src/decide/errors.h"
#include "tests/store/scratch.h"

namespace sales::store {
namespace {

using sql::Connection;
using sql::InsertPair;
using Pairs = std::vector<std::pair<int64_t, int64_t>>;

absl::Status Refusal() { return MakeError(Reason::kGuardUnmet, "refused"); }

// Holds whoever leads until opened.
class Gate {
 public:
  void Open() {
    const std::lock_guard<std::mutex> hold(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Enter() {
    std::unique_lock<std::mutex> hold(mutex_);
    entered_ = true;
    changed_.notify_all();
    changed_.wait(hold, [this] { return open_; });
  }
  void AwaitEntered() {
    std::unique_lock<std::mutex> hold(mutex_);
    changed_.wait(hold, [this] { return entered_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool entered_ = false;
};

class WriteQueueTest : public testing::Test {
 protected:
  void Start(WriteQueue::Options options = {}) {
    sales::EngineOptions store = scratch_.Options();
    // Nothing here is about power loss.
    store.durability = sales::EngineOptions::Durability::kRelaxed;
    driver_ = *scratch_.Open(store);
    writers_ = std::make_unique<ConnectionPool>(driver_.get(), Connection::Mode::kWrite, 1);
    options.totals = &totals_;
    queue_ = std::make_unique<WriteQueue>(*writers_, "studio", std::move(options));
  }

  void TearDown() override {
    OpenGate();
    for (std::thread& thread : threads_) thread.join();
  }

  // A write that leads and does not end before OpenGate.
  void CloseGate() {
    threads_.emplace_back([this] {
      Write write([this](Connection&) {
        gate_.Enter();
        return absl::OkStatus();
      });
      EXPECT_TRUE(queue_->Submit(write).ok());
    });
    gate_.AwaitEntered();
  }
  void OpenGate() { gate_.Open(); }

  void AwaitWaiting(int count) {
    while (totals_.waiting != count) std::this_thread::yield();
  }
  void JoinAll() {
    OpenGate();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  absl::Status Insert(int64_t id, absl::Time deadline = absl::InfiniteFuture()) {
    Write write([id](Connection& db) { return InsertPair(db, id); }, deadline);
    return queue_->Submit(write);
  }

  sql::Scratch scratch_;
  std::unique_ptr<sql::Driver> driver_;
  std::unique_ptr<ConnectionPool> writers_;
  WriteQueue::Totals totals_;
  std::unique_ptr<WriteQueue> queue_;
  std::vector<std::thread> threads_;
  Gate gate_;
};

TEST_F(WriteQueueTest, WritesAndCounts) {
  Start();
  EXPECT_TRUE(Insert(1).ok());
  EXPECT_TRUE(Insert(2).ok());
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{1, 2}, {2, 2}}));
  EXPECT_EQ(totals_.writes, 2);
  EXPECT_EQ(totals_.commits, 2);
}

TEST_F(WriteQueueTest, SharesOneCommitAmongAllWhoWait) {
  Start();
  CloseGate();
  for (int id = 1; id <= 10; ++id) {
    threads_.emplace_back([this, id] { EXPECT_TRUE(Insert(id).ok()); });
  }
  AwaitWaiting(10);
  JoinAll();
  EXPECT_EQ(totals_.writes, 11);
  EXPECT_EQ(totals_.commits, 2);
  EXPECT_EQ(ReadPairs(*driver_).size(), 10u);
}

TEST_F(WriteQueueTest, RunsInTheOrderOfArrival) {
  Start();
  CloseGate();
  std::vector<int> order;
  for (int i = 0; i < 8; ++i) {
    threads_.emplace_back([this, i, &order] {
      Write write([i, &order](Connection&) {
        order.push_back(i);
        return absl::OkStatus();
      });
      EXPECT_TRUE(queue_->Submit(write).ok());
    });
    AwaitWaiting(i + 1);
  }
  JoinAll();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(WriteQueueTest, SharesWithNoMoreThanABatch) {
  Start({.batch = 3});
  CloseGate();
  for (int id = 1; id <= 7; ++id) {
    threads_.emplace_back([this, id] { EXPECT_TRUE(Insert(id).ok()); });
  }
  AwaitWaiting(7);
  JoinAll();
  EXPECT_EQ(totals_.commits, 1 + 3);
}

TEST_F(WriteQueueTest, UndoesARefusedWriteAlone) {
  Start();
  std::vector<Write> writes;
  for (int64_t id = 1; id <= 5; ++id) {
    writes.emplace_back([id](Connection& db) {
      const absl::Status status = InsertPair(db, id);
      return id == 3 ? Refusal() : status;
    });
  }
  ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(writes[i].status().ok(), i != 2);
  EXPECT_EQ(ReasonOf(writes[2].status()), Reason::kGuardUnmet);
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{1, 2}, {2, 2}, {4, 2}, {5, 2}}));
  EXPECT_EQ(totals_.writes, 4);
  EXPECT_EQ(totals_.commits, 1);
}

TEST_F(WriteQueueTest, TellsTheHookOfABatchThatRunsAgain) {
  std::vector<bool> ended;
  Start({.after_commit = [&ended](bool committed) { ended.push_back(committed); }});
  for (int round = 0; round < 2; ++round) {
    int runs = 0;
    std::vector<Write> writes;
    writes.emplace_back([&runs, round](Connection& db) {
      ++runs;
      return InsertPair(db, 1 + round);
    });
    writes.emplace_back([](Connection&) { return Refusal(); });
    ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
    EXPECT_TRUE(writes[0].status().ok());
    EXPECT_EQ(runs, round == 0 ? 2 : 1) << "the batches after a refusal take savepoints";
  }
  EXPECT_EQ(ended, (std::vector<bool>{false, true, true}));
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{1, 2}, {2, 2}}));
}

TEST_F(WriteQueueTest, UndoesARefusedWriteThatIsAlone) {
  Start();
  Write write([](Connection& db) {
    EXPECT_TRUE(InsertPair(db, 1).ok());
    return Refusal();
  });
  EXPECT_EQ(ReasonOf(queue_->Submit(write)), Reason::kGuardUnmet);
  EXPECT_TRUE(ReadPairs(*driver_).empty());
  EXPECT_EQ(totals_.commits, 0);
  EXPECT_TRUE(Insert(1).ok());
}

TEST_F(WriteQueueTest, LetsALaterWriteSeeAnEarlierOneOfItsBatch) {
  Start();
  std::vector<Write> writes;
  writes.emplace_back([](Connection& db) { return InsertPair(db, 1); });
  writes.emplace_back([](Connection& db) { return InsertPair(db, 1); });
  ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
  EXPECT_TRUE(writes[0].status().ok());
  EXPECT_EQ(ReasonOf(writes[1].status()), Reason::kStoreConflict);
}

TEST_F(WriteQueueTest, SplitsManyWritesOfOneCallerIntoBatches) {
  Start({.batch = 256});
  std::vector<Write> writes;
  for (int64_t id = 1; id <= 1000; ++id) {
    writes.emplace_back([id](Connection& db) { return InsertPair(db, id); });
  }
  ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
  for (const Write& write : writes) ASSERT_TRUE(write.status().ok());
  EXPECT_EQ(totals_.writes, 1000);
  EXPECT_EQ(totals_.commits, 4);
}

TEST_F(WriteQueueTest, GivesUpWaitingAtTheDeadline) {
  Start();
  CloseGate();
  const absl::Time begin = absl::Now();
  EXPECT_EQ(ReasonOf(Insert(1, begin + absl::Milliseconds(30))), Reason::kDeadlineExceeded);
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(30));
  EXPECT_EQ(totals_.waiting, 0);
  JoinAll();
  EXPECT_TRUE(Insert(2).ok());
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{2, 2}}));
}

TEST_F(WriteQueueTest, GivesUpOnlyTheWriteThatIsLate) {
  Start();
  CloseGate();
  threads_.emplace_back([this] {
    std::vector<Write> writes;
    writes.emplace_back([](Connection& db) { return InsertPair(db, 1); });
    writes.emplace_back([](Connection& db) { return InsertPair(db, 2); },
                        absl::Now() + absl::Milliseconds(30));
    EXPECT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
    EXPECT_TRUE(writes[0].status().ok());
    EXPECT_EQ(ReasonOf(writes[1].status()), Reason::kDeadlineExceeded);
  });
  AwaitWaiting(2);
  AwaitWaiting(1);
  JoinAll();
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{1, 2}}));
}

TEST_F(WriteQueueTest, NeverRunsAWriteThatIsLate) {
  Start();
  EXPECT_EQ(ReasonOf(Insert(1, absl::Now() - absl::Seconds(1))), Reason::kDeadlineExceeded);
  EXPECT_TRUE(ReadPairs(*driver_).empty());
}

TEST_F(WriteQueueTest, RefusesMoreThanMayWait) {
  Start({.queue_max = 2});
  CloseGate();
  for (int id = 1; id <= 2; ++id) {
    threads_.emplace_back([this, id] { EXPECT_TRUE(Insert(id).ok()); });
  }
  AwaitWaiting(2);
  const absl::Status status = Insert(3);
  EXPECT_EQ(ReasonOf(status), Reason::kQueueFull);
  EXPECT_EQ(DetailOf(status).metadata["limit"], "2");
  JoinAll();
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{1, 2}, {2, 2}}));
}

TEST_F(WriteQueueTest, RunsTheHookBeforeItsCommitOnly) {
  int flushed = 0;
  std::vector<bool> ended;
  Start({.before_commit =
             [&flushed](Connection& db) {
               ++flushed;
               return InsertPair(db, 1000 + flushed);
             },
         .after_commit = [&ended](bool committed) { ended.push_back(committed); }});
  EXPECT_TRUE(Insert(1).ok());
  Write refused([](Connection&) { return Refusal(); });
  EXPECT_FALSE(queue_->Submit(refused).ok());
  EXPECT_TRUE(Insert(2).ok());
  EXPECT_EQ(flushed, 2);
  EXPECT_EQ(ended, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(ReadPairs(*driver_), (Pairs{{1, 2}, {2, 2}, {1001, 2}, {1002, 2}}));
}

TEST_F(WriteQueueTest, FailsTheBatchWithTheHook) {
  bool fail = true;
  Start({.before_commit = [&fail](Connection&) {
    return fail ? MakeError(Reason::kStoreFull, "full") : absl::OkStatus();
  }});
  std::vector<Write> writes;
  writes.emplace_back([](Connection& db) { return InsertPair(db, 1); });
  writes.emplace_back([](Connection&) { return Refusal(); });
  ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
  for (const Write& write : writes) EXPECT_EQ(ReasonOf(write.status()), Reason::kStoreFull);
  EXPECT_TRUE(ReadPairs(*driver_).empty());
  fail = false;
  EXPECT_TRUE(Insert(1).ok());
}

TEST_F(WriteQueueTest, FailsTheBatchWhoseTransactionAWriteEnded) {
  Start();
  std::vector<Write> writes;
  writes.emplace_back([](Connection& db) { return InsertPair(db, 1); });
  writes.emplace_back([](Connection& db) {
    db.Rollback();
    return absl::OkStatus();
  });
  ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
  for (const Write& write : writes) EXPECT_EQ(ReasonOf(write.status()), Reason::kInternal);
  EXPECT_TRUE(ReadPairs(*driver_).empty());
  EXPECT_TRUE(Insert(1).ok());
}

TEST_F(WriteQueueTest, LetsOthersTryAgainAfterAnInterruptedWrite) {
  Start();
  std::vector<Write> writes;
  writes.emplace_back([](Connection& db) { return InsertPair(db, 1); });
  writes.emplace_back([](Connection& db) {
    db.SetDeadline(absl::Now() + absl::Milliseconds(20));
    return db
        .Execute(
            "INSERT INTO whole SELECT 2, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
            "SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n)",
            {})
        .status();
  });
  ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
  EXPECT_EQ(ReasonOf(writes[0].status()), Reason::kStoreConflict);
  EXPECT_EQ(ReasonOf(writes[1].status()), Reason::kDeadlineExceeded);
  EXPECT_TRUE(Insert(1).ok());
}

TEST_F(WriteQueueTest, WaitsForAnotherProcess) {
  Start();
  auto other = *driver_->Connect(Connection::Mode::kWrite);
  ASSERT_TRUE(other->Begin(Connection::Mode::kWrite).ok());
  EXPECT_EQ(ReasonOf(Insert(1)), Reason::kStoreBusy);
  other->Rollback();
  EXPECT_TRUE(Insert(1).ok());
}

// Each caller knows which of its writes hold; the store must agree with all of them.
TEST_F(WriteQueueTest, AgreesWithEveryOneOfManyCallers) {
  constexpr int kThreads = 32;
  constexpr int kWrites = 60;
  // Written without a lock: batches end one after the other.
  int64_t batches = 0;
  Start({.batch = 16, .after_commit = [&batches](bool committed) { batches += committed; }});
  std::mutex mutex;
  std::set<int64_t> written;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads_.emplace_back([&, thread] {
      for (int i = 0; i < kWrites; ++i) {
        const int64_t id = thread * 1000 + i * 2;
        std::vector<Write> writes;
        const auto run = [id, i](Connection& db) {
          const absl::Status status = InsertPair(db, id);
          return i % 5 == 0 ? Refusal() : status;
        };
        const absl::Time deadline =
            i % 7 == 0 ? absl::Now() + absl::Microseconds(200) : absl::InfiniteFuture();
        writes.emplace_back(run, deadline);
        if (i % 3 == 0) {
          writes.emplace_back([id](Connection& db) { return InsertPair(db, id + 1); });
        }
        ASSERT_TRUE(queue_->SubmitAll(absl::MakeSpan(writes)).ok());
        const std::lock_guard<std::mutex> hold(mutex);
        for (size_t k = 0; k < writes.size(); ++k) {
          if (writes[k].status().ok()) written.insert(id + static_cast<int64_t>(k));
        }
      }
    });
  }
  JoinAll();
  const Pairs pairs = ReadPairs(*driver_);
  ASSERT_EQ(pairs.size(), written.size());
  for (const auto& [id, tables] : pairs) {
    EXPECT_EQ(tables, 2);
    EXPECT_EQ(written.count(id), 1u) << id;
  }
  EXPECT_EQ(totals_.writes, static_cast<int64_t>(written.size()));
  EXPECT_EQ(totals_.waiting, 0);
  EXPECT_EQ(totals_.commits, batches);
  EXPECT_GT(totals_.writes, totals_.commits);
}

}  // namespace
}  // namespace sales::store
