// Makes the n-th operation fail, for n = 1, 2, 3 … until a run passes untouched: no half write is
// left, no acknowledged write is lost, and the queue goes on.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "sales/error.h"
#include "src/decide/errors.h"
#include "src/store/write_queue.h"
#include "tests/store/fault_vfs.h"
#include "tests/store/scratch.h"

namespace sales::store {
namespace {

using sql::Connection;
using sql::Fault;
using sql::InsertPair;

// Fails its n-th call; with `ends` the transaction ends too, as after a grave error.
class FaultyConnection final : public Connection {
 public:
  FaultyConnection(std::unique_ptr<Connection> real, int& countdown, bool ends)
      : real_(std::move(real)), countdown_(countdown), ends_(ends) {}

  absl::Status Begin(Mode mode, std::string_view turn) override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->Begin(mode, turn) : fault;
  }
  absl::Status Commit() override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->Commit() : fault;
  }
  void Rollback() override { real_->Rollback(); }
  bool InTransaction() const override { return real_->InTransaction(); }
  absl::Status Savepoint() override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->Savepoint() : fault;
  }
  absl::Status ReleaseSavepoint() override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->ReleaseSavepoint() : fault;
  }
  absl::Status RollbackToSavepoint() override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->RollbackToSavepoint() : fault;
  }
  absl::Status Query(std::string_view sql, absl::Span<const sql::Param> params,
                     sql::OnRow on_row) override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->Query(sql, params, on_row) : fault;
  }
  absl::Status Scan(std::string_view sql, absl::Span<const sql::Param> params,
                    sql::OnRow on_row) override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->Scan(sql, params, on_row) : fault;
  }
  absl::Status Apply(std::string_view sql, absl::Span<const sql::Param> params) override {
    const absl::Status fault = Fault();
    return fault.ok() ? real_->Apply(sql, params) : fault;
  }
  absl::StatusOr<int64_t> Execute(std::string_view sql,
                                  absl::Span<const sql::Param> params) override {
    const absl::Status fault = Fault();
    if (!fault.ok()) return fault;
    return real_->Execute(sql, params);
  }
  bool has_lateral() const override { return real_->has_lateral(); }
  void SetDeadline(absl::Time deadline) override { real_->SetDeadline(deadline); }

 private:
  absl::Status Fault() {
    if (--countdown_ != 0) return absl::OkStatus();
    if (ends_) real_->Rollback();
    return MakeError(Reason::kStoreUnavailable, "fault");
  }

  const std::unique_ptr<Connection> real_;
  int& countdown_;
  const bool ends_;
};

// Its connections fail.
class FaultyDriver final : public sql::Driver {
 public:
  FaultyDriver(sql::Driver& real, int& countdown, bool ends)
      : real_(real), countdown_(countdown), ends_(ends) {}

  absl::StatusOr<std::unique_ptr<Connection>> Connect(Connection::Mode mode) override {
    SALES_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, real_.Connect(mode));
    return std::make_unique<FaultyConnection>(std::move(connection), countdown_, ends_);
  }
  absl::StatusOr<std::unique_ptr<Connection>> ConnectToCopy() override {
    return real_.ConnectToCopy();
  }
  bool writes_in_parallel() const override { return real_.writes_in_parallel(); }
  bool is_shared() const override { return real_.is_shared(); }
  absl::StatusOr<std::vector<std::string>> WaitForOthers(absl::Time until) override {
    return real_.WaitForOthers(until);
  }
  absl::StatusOr<bool> Lease(const std::string& work, const std::string& holder,
                             absl::Duration length) override {
    return real_.Lease(work, holder, length);
  }
  absl::Status Checkpoint() override { return real_.Checkpoint(); }
  absl::Status Vacuum() override { return real_.Vacuum(); }
  Engine::StoreSizes Sizes() const override { return real_.Sizes(); }
  absl::StatusOr<int64_t> Backup(const std::string& file) override { return real_.Backup(file); }
  int64_t FreeBytes() const override { return real_.FreeBytes(); }
  absl::StatusOr<std::vector<CheckFault>> CheckIntegrity() override {
    return real_.CheckIntegrity();
  }

 private:
  sql::Driver& real_;
  int& countdown_;
  const bool ends_;
};

// Two single writes and a shared batch in which one write is refused after it wrote. Gives the ids
// that were acknowledged.
std::set<int64_t> WriteSome(WriteQueue& queue) {
  constexpr int64_t kRefused = 4;
  std::set<int64_t> acknowledged;
  for (const std::vector<int64_t>& ids :
       {std::vector<int64_t>{1}, std::vector<int64_t>{2, 3, kRefused, 5},
        std::vector<int64_t>{6}}) {
    std::vector<Write> writes;
    for (const int64_t id : ids) {
      writes.emplace_back([id](Connection& db) {
        SALES_RETURN_IF_ERROR(InsertPair(db, id));
        return id == kRefused ? MakeError(Reason::kGuardUnmet, "refused") : absl::OkStatus();
      });
    }
    EXPECT_TRUE(queue.SubmitAll(absl::MakeSpan(writes)).ok());
    for (size_t i = 0; i < ids.size(); ++i) {
      if (writes[i].status().ok()) acknowledged.insert(ids[i]);
    }
  }
  EXPECT_EQ(acknowledged.count(kRefused), 0u);
  return acknowledged;
}

// The store holds the acknowledged writes whole and no other.
void ExpectExactly(const std::set<int64_t>& acknowledged, sql::Driver& driver) {
  std::set<int64_t> found;
  for (const auto& [id, tables] : ReadPairs(driver)) {
    EXPECT_EQ(tables, 2) << "half of " << id;
    found.insert(id);
  }
  EXPECT_EQ(found, acknowledged);
  const auto faults = driver.CheckIntegrity();
  ASSERT_TRUE(faults.ok()) << faults.status();
  EXPECT_TRUE(faults->empty());
}

TEST(Faults, OfAConnectionLeaveNoHalfWrite) {
  for (const bool ends : {false, true}) {
    bool touched = true;
    for (int n = 1; touched; ++n) {
      ASSERT_LT(n, 1000);
      const sql::Scratch scratch;
      auto driver = *scratch.Open();
      int countdown = n;
      FaultyDriver faulty(*driver, countdown, ends);
      ConnectionPool writers(&faulty, Connection::Mode::kWrite, 1);
      WriteQueue::Totals totals;
      WriteQueue queue(writers, "studio",
                       {.before_commit =
                            [](Connection& db) {
                              return db.Execute("UPDATE half SET size = size + 1", {}).status();
                            },
                        .totals = &totals});
      std::set<int64_t> acknowledged = WriteSome(queue);
      touched = countdown <= 0;
      countdown = 0;
      Write write([](Connection& db) { return InsertPair(db, 7); });
      EXPECT_TRUE(queue.Submit(write).ok()) << n << ": " << write.status();
      acknowledged.insert(7);
      ExpectExactly(acknowledged, *driver);
      EXPECT_EQ(totals.writes, static_cast<int64_t>(acknowledged.size()));
    }
  }
}

void ExpectSafeUnder(Fault fault) {
  sql::FaultVfs vfs;
  bool failed = true;
  for (int n = 1; failed; ++n) {
    ASSERT_LT(n, 10'000);
    const sql::Scratch scratch;
    auto driver = *scratch.Open();
    auto writers = std::make_unique<ConnectionPool>(driver.get(), Connection::Mode::kWrite, 1);
    auto queue = std::make_unique<WriteQueue>(*writers, "studio", WriteQueue::Options());
    ASSERT_TRUE(writers->Acquire().ok());
    vfs.Arm(fault, n);
    std::set<int64_t> acknowledged = WriteSome(*queue);
    driver->Checkpoint().IgnoreError();
    failed = vfs.Disarm();
    EXPECT_TRUE(failed || acknowledged.size() == 5);
    Write write([](Connection& db) { return InsertPair(db, 7); });
    EXPECT_TRUE(queue->Submit(write).ok()) << n << ": " << write.status();
    acknowledged.insert(7);
    ExpectExactly(acknowledged, *driver);
    // What was acknowledged is in the files, not only in memory.
    queue.reset();
    writers.reset();
    driver.reset();
    driver = *scratch.Open();
    ExpectExactly(acknowledged, *driver);
  }
}

TEST(Faults, OfOneFileOperationLeaveNoHalfWrite) { ExpectSafeUnder(Fault::kOnce); }
TEST(Faults, OfAllFileOperationsLeaveNoHalfWrite) { ExpectSafeUnder(Fault::kForGood); }
TEST(Faults, OfAFullVolumeLeaveNoHalfWrite) { ExpectSafeUnder(Fault::kFull); }

TEST(Faults, OfAFullVolumeAreNamed) {
  sql::FaultVfs vfs;
  const sql::Scratch scratch;
  auto driver = *scratch.Open();
  ConnectionPool writers(driver.get(), Connection::Mode::kWrite, 1);
  WriteQueue queue(writers, "studio", {});
  // The connection is there before anything fails.
  ASSERT_TRUE(writers.Acquire().ok());
  vfs.Arm(Fault::kFull, 1);
  std::vector<Write> writes;
  for (int64_t id = 1; id <= 3; ++id) {
    writes.emplace_back([id](Connection& db) { return InsertPair(db, id); });
  }
  EXPECT_TRUE(queue.SubmitAll(absl::MakeSpan(writes)).ok());
  for (const Write& write : writes) EXPECT_EQ(ReasonOf(write.status()), Reason::kStoreFull);
}

}  // namespace
}  // namespace sales::store
