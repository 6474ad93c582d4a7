// What every connection promises, and when a statement stops.
#include "src/sql/driver.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "sales/error.h"
#include "sales/limits.h"
#include "src/sql/sqlite.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

using Mode = Connection::Mode;

// Takes far longer than any test may.
constexpr char kEndless[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) "
    "SELECT count(*) FROM n";

class DriverTest : public testing::Test {
 protected:
  void SetUp() override {
    auto driver = scratch_.Open();
    ASSERT_TRUE(driver.ok()) << driver.status();
    driver_ = *std::move(driver);
    writer_ = Connect(Mode::kWrite);
    reader_ = Connect(Mode::kRead);
  }

  std::unique_ptr<Connection> Connect(Mode mode) {
    auto connection = driver_->Connect(mode);
    EXPECT_TRUE(connection.ok()) << connection.status();
    return *std::move(connection);
  }

  void Insert(int64_t id) {
    ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
    ASSERT_TRUE(InsertPair(*writer_, id).ok());
    ASSERT_TRUE(writer_->Commit().ok());
  }

  int64_t Count(Connection& connection) {
    return ReadInt(connection, "SELECT count(*) FROM whole");
  }

  Scratch scratch_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<Connection> reader_;
};

TEST_F(DriverTest, GivesBackWhatWasBound) {
  const Param params[] = {nullptr, int64_t{INT64_MIN}, std::string_view("Иван!"),
                          std::string_view()};
  int rows = 0;
  const absl::Status status =
      reader_->Query("SELECT $1, $2, $3, $4", params, [&rows](const Row& row) {
        ++rows;
        EXPECT_TRUE(row.IsNull(0));
        EXPECT_EQ(row.Int(0), 0);
        EXPECT_EQ(row.Text(0), "");
        EXPECT_EQ(row.Int(1), INT64_MIN);
        EXPECT_EQ(row.Text(2), "Иван!");
        EXPECT_FALSE(row.IsNull(3));
        EXPECT_EQ(row.Text(3), "");
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(rows, 1);
}

TEST_F(DriverTest, GivesBackTextWithANul) {
  const std::string_view text("Иван\0!", 10);
  ASSERT_TRUE(reader_
                  ->Query("SELECT $1", {Param(text)},
                          [text](const Row& row) { EXPECT_EQ(row.Text(0), text); })
                  .ok());
}

TEST_F(DriverTest, BindsPlaceholdersByNumberWhereverTheyStand) {
  const Param params[] = {std::string_view("one"), std::string_view("two")};
  std::string seen;
  ASSERT_TRUE(reader_
                  ->Query("SELECT $2 || $1 || $2", params,
                          [&seen](const Row& row) { seen = std::string(row.Text(0)); })
                  .ok());
  EXPECT_EQ(seen, "twoonetwo");
}

TEST_F(DriverTest, RefusesAWrongNumberOfValues) {
  const Param params[] = {int64_t{1}};
  const absl::Status status = reader_->Query("SELECT $1, $2", params, [](const Row&) {});
  EXPECT_EQ(ReasonOf(status), Reason::kInternal);
}

TEST_F(DriverTest, RefusesASecondStatementInOne) {
  EXPECT_EQ(ReasonOf(reader_->Query("SELECT 1; SELECT 2", {}, [](const Row&) {})),
            Reason::kInternal);
  EXPECT_TRUE(reader_->Query("SELECT 1;\n", {}, [](const Row&) {}).ok());
}

TEST_F(DriverTest, SaysHowManyRowsChanged) {
  Insert(1);
  Insert(2);
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  EXPECT_EQ(*writer_->Execute("UPDATE half SET size = size + 1", {}), 2);
  EXPECT_EQ(*writer_->Execute("UPDATE half SET size = 5 WHERE id = 7", {}), 0);
}

TEST_F(DriverTest, RunsAStatementInsideItself) {
  Insert(1);
  Insert(2);
  const char* sql = "SELECT id FROM whole ORDER BY id";
  std::vector<int64_t> seen;
  ASSERT_TRUE(reader_
                  ->Query(sql, {},
                          [&](const Row& outer) {
                            seen.push_back(outer.Int(0));
                            ASSERT_TRUE(reader_
                                            ->Query(sql, {},
                                                    [&seen](const Row& inner) {
                                                      seen.push_back(inner.Int(0) * 10);
                                                    })
                                            .ok());
                          })
                  .ok());
  EXPECT_EQ(seen, (std::vector<int64_t>{1, 10, 20, 2, 10, 20}));
}

TEST_F(DriverTest, AnswersQuestionsAskedTogetherInTheirOrder) {
  std::vector<std::string> answers;
  const auto first = [&](const Row& row) { answers.push_back("a" + std::string(row.Text(0))); };
  const auto second = [&](const Row& row) { answers.push_back("b" + std::string(row.Text(0))); };
  const Param one[] = {std::string_view("one")};
  const Param two[] = {std::string_view("two")};
  constexpr std::string_view kEcho = "SELECT CAST($1 AS TEXT)";
  const Question questions[] = {{kEcho, one, first},
                                {"SELECT id FROM whole WHERE CAST(id AS TEXT) = $1", one, first},
                                {kEcho, two, second},
                                {"SELECT 'x' UNION ALL SELECT 'y'", {}, first}};
  ASSERT_TRUE(writer_->QueryAll(questions).ok());
  EXPECT_EQ(answers, (std::vector<std::string>{"aone", "btwo", "ax", "ay"}));
  EXPECT_TRUE(writer_->QueryAll({}).ok());
}

TEST_F(DriverTest, GivesTheErrorOfAQuestionAndAnswersNoneAfterIt) {
  int rows = 0;
  const auto count = [&](const Row&) { ++rows; };
  const Question questions[] = {
      {"SELECT 1", {}, count}, {"SELECT nothing", {}, count}, {"SELECT 2", {}, count}};
  EXPECT_EQ(ReasonOf(writer_->QueryAll(questions)), Reason::kInternal);
  EXPECT_EQ(rows, 1);
  EXPECT_FALSE(writer_->InTransaction());
  // The connection is as good as before.
  EXPECT_EQ(ReadInt(*writer_, "SELECT 3"), 3);
}

TEST_F(DriverTest, AsksMoreTogetherThanItKeeps) {
  std::vector<std::string> statements;
  for (int64_t i = 0; i < 2 * limits::statements_cached_max; ++i) {
    statements.push_back("SELECT " + std::to_string(i));
  }
  int64_t sum = 0;
  const auto add = [&](const Row& row) { sum += row.Int(0); };
  std::vector<Question> questions;
  for (const std::string& statement : statements) questions.push_back({statement, {}, add});
  ASSERT_TRUE(writer_->QueryAll(questions).ok());
  const auto count = static_cast<int64_t>(statements.size());
  EXPECT_EQ(sum, count * (count - 1) / 2);
}

TEST_F(DriverTest, KeepsWorkingWithMoreStatementsThanItKeeps) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < limits::statements_cached_max + 100; ++i) {
      ASSERT_EQ(ReadInt(*reader_, ("SELECT " + std::to_string(i)).c_str()), i);
    }
  }
}

// What it says to others after a commit is a statement too, and finding room for it waits for the
// commit's answer.
TEST_F(DriverTest, CommitsWithMoreStatementsThanItKeeps) {
  for (int round = 1; round <= 3; ++round) {
    ASSERT_TRUE(writer_->Begin(Mode::kWrite, "studio").ok());
    ASSERT_TRUE(InsertPair(*writer_, round).ok());
    for (int i = 0; i < limits::statements_cached_max + 10; ++i) {
      ASSERT_EQ(ReadInt(*writer_, ("SELECT " + std::to_string(i)).c_str()), i);
    }
    const absl::Status committed = writer_->Commit();
    ASSERT_TRUE(committed.ok()) << committed;
    EXPECT_FALSE(writer_->InTransaction());
    EXPECT_EQ(Count(*reader_), round);
  }
}

TEST_F(DriverTest, ReadsOneSnapshot) {
  Insert(1);
  ASSERT_TRUE(reader_->Begin(Mode::kRead).ok());
  EXPECT_EQ(Count(*reader_), 1);
  Insert(2);
  EXPECT_EQ(Count(*reader_), 1);
  reader_->Rollback();
  EXPECT_EQ(Count(*reader_), 2);
}

TEST_F(DriverTest, UndoesTheWholeTransaction) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 1).ok());
  EXPECT_TRUE(writer_->InTransaction());
  writer_->Rollback();
  EXPECT_FALSE(writer_->InTransaction());
  writer_->Rollback();
  EXPECT_EQ(Count(*reader_), 0);
}

TEST_F(DriverTest, UndoesToTheSavepointOnly) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  for (int64_t id = 1; id <= 3; ++id) {
    ASSERT_TRUE(writer_->Savepoint().ok());
    ASSERT_TRUE(InsertPair(*writer_, id).ok());
    ASSERT_TRUE((id == 2 ? writer_->RollbackToSavepoint() : writer_->ReleaseSavepoint()).ok());
  }
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(ReadPairs(*driver_), (std::vector<std::pair<int64_t, int64_t>>{{1, 2}, {3, 2}}));
}

TEST_F(DriverTest, NamesTheViolatedConstraint) {
  Insert(1);
  struct Case {
    const char* sql;
    const char* kind;
    const char* constraint;
  };
  for (const Case& wrong :
       {Case{"INSERT INTO whole VALUES (1, 'secret')", "unique", "whole.id"},
        Case{"INSERT INTO whole SELECT 2, text FROM whole", "unique", "whole.text"},
        Case{"INSERT INTO whole (id) VALUES (3)", "not_null", "whole.text"},
        Case{"INSERT INTO half VALUES (9, 1)", "foreign_key", ""},
        Case{"UPDATE half SET size = -77", "check", "size_positive"}}) {
    const absl::Status status = writer_->Execute(wrong.sql, {}).status();
    EXPECT_EQ(ReasonOf(status), Reason::kStoreConflict) << wrong.sql;
    EXPECT_EQ(DetailOf(status).metadata["kind"], wrong.kind);
    EXPECT_EQ(DetailOf(status).metadata["constraint"], wrong.constraint);
    EXPECT_EQ(status.ToString().find("secret"), std::string::npos);
  }
}

TEST_F(DriverTest, TakesAWrongTypeForAFaultOfOurs) {
  const Param params[] = {std::string_view("secret")};
  const absl::Status status =
      writer_->Execute("INSERT INTO whole (id, text) VALUES ($1, 'x')", params).status();
  EXPECT_EQ(ReasonOf(writer_->Execute("UPDATE half SET nothing = 1", {}).status()),
            Reason::kInternal);
  EXPECT_EQ(ReasonOf(status), Reason::kInternal);
  EXPECT_EQ(status.ToString().find("secret"), std::string::npos);
}

TEST_F(DriverTest, LetsAReaderWriteNothing) {
  EXPECT_EQ(ReasonOf(reader_->Execute("DELETE FROM half", {}).status()), Reason::kStoreReadOnly);
}

TEST_F(DriverTest, WaitsForTheOtherWriterUntilTheDeadline) {
  const auto other = Connect(Mode::kWrite);
  ASSERT_TRUE(other->Begin(Mode::kWrite).ok());
  const absl::Time begin = absl::Now();
  writer_->SetDeadline(begin + absl::Milliseconds(50));
  EXPECT_EQ(ReasonOf(writer_->Begin(Mode::kWrite)), Reason::kDeadlineExceeded);
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(50));
  EXPECT_LT(absl::Now() - begin, absl::Milliseconds(limits::store_busy_millis_max));
}

TEST_F(DriverTest, GivesUpOnAWriterThatNeverEnds) {
  const auto other = Connect(Mode::kWrite);
  ASSERT_TRUE(other->Begin(Mode::kWrite).ok());
  EXPECT_EQ(ReasonOf(writer_->Begin(Mode::kWrite)), Reason::kStoreBusy);
  other->Rollback();
  EXPECT_TRUE(writer_->Begin(Mode::kWrite).ok());
}

TEST_F(DriverTest, GetsItsTurnWhenTheOtherWriterEnds) {
  const auto other = Connect(Mode::kWrite);
  ASSERT_TRUE(other->Begin(Mode::kWrite).ok());
  std::thread ending([&other] {
    absl::SleepFor(absl::Milliseconds(30));
    other->Rollback();
  });
  EXPECT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ending.join();
}

TEST_F(DriverTest, StopsALongReadAtTheDeadline) {
  const absl::Time begin = absl::Now();
  reader_->SetDeadline(begin + absl::Milliseconds(30));
  EXPECT_EQ(ReasonOf(reader_->Query(kEndless, {}, [](const Row&) {})), Reason::kDeadlineExceeded);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  reader_->SetDeadline(absl::InfiniteFuture());
  EXPECT_EQ(Count(*reader_), 0);
}

TEST_F(DriverTest, EndsTheTransactionOfAnInterruptedWrite) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 1).ok());
  writer_->SetDeadline(absl::Now() + absl::Milliseconds(20));
  const std::string endless =
      std::string("INSERT INTO whole SELECT 2, CAST(count(*) AS TEXT) FROM (") + kEndless +
      ") AS n";
  EXPECT_EQ(ReasonOf(writer_->Execute(endless, {}).status()), Reason::kDeadlineExceeded);
  EXPECT_FALSE(writer_->InTransaction());
  writer_->Rollback();
  EXPECT_EQ(Count(*reader_), 0);
}

TEST_F(DriverTest, CommitsPastTheDeadline) {
  for (int64_t id = 1; id <= 600; ++id) {
    ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
    ASSERT_TRUE(InsertPair(*writer_, id).ok());
    writer_->SetDeadline(absl::InfinitePast());
    ASSERT_TRUE(writer_->Commit().ok()) << id;
    writer_->SetDeadline(absl::InfiniteFuture());
  }
  EXPECT_EQ(Count(*reader_), 600);
}

TEST_F(DriverTest, BeginsNothingPastTheDeadline) {
  reader_->SetDeadline(absl::Now() - absl::Seconds(1));
  EXPECT_EQ(ReasonOf(reader_->Begin(Mode::kRead)), Reason::kDeadlineExceeded);
}

TEST_F(DriverTest, MovesTheLogIntoTheFile) {
  EngineOptions options = scratch_.Options();
  options.automatic_checkpoint = false;
  driver_ = *scratch_.Open(options);
  writer_ = Connect(Mode::kWrite);
  reader_.reset();
  const size_t before = ReadFile(scratch_.file()).size();
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  for (int64_t id = 1; id <= 5000; ++id) ASSERT_TRUE(InsertPair(*writer_, id).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(ReadFile(scratch_.file()).size(), before);
  ASSERT_TRUE(driver_->Checkpoint().ok());
  EXPECT_GT(ReadFile(scratch_.file()).size(), before + 500'000);
}

TEST_F(DriverTest, MovesTheLogBesideAReaderAndAWriter) {
  Insert(1);
  ASSERT_TRUE(reader_->Begin(Mode::kRead).ok());
  EXPECT_EQ(Count(*reader_), 1);
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 2).ok());
  EXPECT_TRUE(driver_->Checkpoint().ok());
  EXPECT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(Count(*reader_), 1);
}

TEST_F(DriverTest, BoundsTheLogUnderSteadyWrites) {
  EngineOptions options = scratch_.Options();
  options.automatic_checkpoint = false;
  options.durability = EngineOptions::Durability::kRelaxed;
  driver_ = *scratch_.Open(options);
  writer_ = Connect(Mode::kWrite);
  reader_ = Connect(Mode::kRead);
  const std::string mebibyte(1 << 20, 'x');
  for (int64_t id = 1; id <= 160; ++id) {
    const Param params[] = {id, std::string_view(mebibyte)};
    ASSERT_TRUE(
        writer_->Execute("INSERT OR REPLACE INTO whole VALUES ($1 % 4, $2 || $1)", params).ok());
    if (id % 8 != 0) continue;
    ASSERT_TRUE(driver_->Checkpoint().ok());
  }
  EXPECT_LT(ReadFile(scratch_.file() + "-wal").size(), limits::log_bytes_max * 3 / 2);
}

TEST_F(DriverTest, FindsNothingWrongWithASoundStore) {
  Insert(1);
  const auto faults = driver_->CheckIntegrity();
  ASSERT_TRUE(faults.ok()) << faults.status();
  EXPECT_TRUE(faults->empty());
}

TEST_F(DriverTest, LeavesASingleFileBehind) {
  Insert(1);
  reader_.reset();
  writer_.reset();
  driver_.reset();
  EXPECT_EQ(ReadFile(scratch_.file() + "-wal"), "");
  EXPECT_EQ(access((scratch_.file() + "-shm").c_str(), 0), -1);
}

}  // namespace
}  // namespace sales::sql
