// What the driver of PostgreSQL promises besides what every driver does: names of databases, lost
// connections, turns among processes, and one schema on both databases.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "sales/engine.h"
#include "sales/error.h"
#include "src/decide/errors.h"
#include "src/sql/driver.h"
#include "src/store/migrations/migrations.h"
#include "src/store/write_queue.h"
#include "tests/rigs/fresh_store.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

using Mode = Connection::Mode;

Reason ReasonOfOpening(const std::string& store) {
  EngineOptions options;
  options.store = store;
  return ReasonOf(Engine::Open(std::move(options)).status());
}

// Ends every other session on the database, as a server does that fails over.
void CutOthers(Connection& connection) {
  ASSERT_TRUE(connection.Begin(Mode::kRead).ok());
  ASSERT_TRUE(connection
                  .Query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                         "current_database() AND pid <> pg_backend_pid()",
                         {}, [](const Row&) {})
                  .ok());
  connection.Rollback();
  // The others' sessions end a moment later.
  absl::SleepFor(absl::Milliseconds(50));
}

class Postgres : public testing::Test {
 protected:
  void SetUp() override {
    driver_ = *scratch_.Open();
    writer_ = *driver_->Connect(Mode::kWrite);
    other_ = *driver_->Connect(Mode::kWrite);
  }

  int64_t Count() {
    auto reader = driver_->Connect(Mode::kRead);
    EXPECT_TRUE((*reader)->Begin(Mode::kRead).ok());
    return ReadInt(**reader, "SELECT count(*) FROM whole");
  }

  Scratch scratch_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<Connection> other_;
};

TEST_F(Postgres, IsNamedByAStringWithoutAPasswordOrByAFile) {
  const std::string dsn = scratch_.Options().store.substr(std::string("postgres:").size());
  EXPECT_EQ(ReasonOfOpening("postgres:" + dsn + " password=secret"), Reason::kSettingInvalid);
  EXPECT_EQ(ReasonOfOpening("postgres:"), Reason::kSettingInvalid);
  EXPECT_EQ(ReasonOfOpening("postgres:no such=thing="), Reason::kSettingInvalid);
  EXPECT_EQ(ReasonOfOpening("postgres:@" + scratch_.directory() + "/none"),
            Reason::kSettingInvalid);
  const std::string file = scratch_.directory() + "/dsn";
  WriteFile(file, dsn + " password=secret\n");
  EngineOptions options = scratch_.Options();
  options.store = "postgres:@" + file;
  EXPECT_TRUE(scratch_.Open(options).ok());
  WriteFile(file, " \n");
  EXPECT_EQ(ReasonOfOpening("postgres:@" + file), Reason::kSettingInvalid);
}

TEST_F(Postgres, ThatDoesNotAnswerIsUnavailable) {
  EXPECT_EQ(ReasonOfOpening("postgres:host=127.0.0.1 port=1 dbname=none"),
            Reason::kStoreUnavailable);
}

TEST_F(Postgres, TellsNothingOfWhatItWasConnectedBy) {
  EngineOptions options;
  options.store = "postgresql://canary@127.0.0.1:1/none";
  const absl::Status status = Engine::Open(std::move(options)).status();
  EXPECT_EQ(status.ToString().find("canary"), std::string::npos) << status;
}

TEST_F(Postgres, IsReachedAgainAfterItsConnectionsWereCut) {
  CutOthers(*other_);
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 1).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(Count(), 1);
}

TEST_F(Postgres, UndoesAWriteWhoseConnectionIsCut) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 1).ok());
  ASSERT_TRUE(writer_->Query("SELECT 1", {}, [](const Row&) {}).ok());
  CutOthers(*other_);
  EXPECT_EQ(ReasonOf(writer_->Commit()), Reason::kStoreUnavailable);
  EXPECT_FALSE(writer_->InTransaction());
  EXPECT_EQ(Count(), 0);
}

TEST_F(Postgres, RunsABatchAgainWhoseConnectionIsCutBeforeItsCommit) {
  store::ConnectionPool writers(driver_.get(), Mode::kWrite, 1);
  store::WriteQueue queue(writers, "studio", {});
  int runs = 0;
  store::Write write([&](Connection& db) -> absl::Status {
    SALES_RETURN_IF_ERROR(InsertPair(db, 1));
    if (++runs == 1) CutOthers(*other_);
    return db.Query("SELECT 1", {}, [](const Row&) {});
  });
  EXPECT_TRUE(queue.Submit(write).ok()) << write.status();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 1);
}

TEST_F(Postgres, GivesTheErrorOfAStatementSentAheadAtTheNextThatIsWaitedFor) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  EXPECT_TRUE(writer_->Apply("INSERT INTO whole (id) VALUES ($1)", {Param(int64_t{1})}).ok());
  EXPECT_TRUE(writer_->Apply("INSERT INTO whole (id) VALUES ($1)", {Param(int64_t{1})}).ok());
  EXPECT_EQ(ReasonOf(writer_->Query("SELECT 1", {}, [](const Row&) {})), Reason::kStoreConflict);
  EXPECT_TRUE(writer_->InTransaction());
  EXPECT_FALSE(writer_->Commit().ok());
  writer_->Rollback();
  EXPECT_EQ(Count(), 0);
  // The connection is as good as before.
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 2).ok());
  EXPECT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(Count(), 1);
}

TEST_F(Postgres, CommitsNothingAfterAStatementThatFailed) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite).ok());
  ASSERT_TRUE(InsertPair(*writer_, 1).ok());
  EXPECT_FALSE(writer_->Query("SELECT nothing", {}, [](const Row&) {}).ok());
  EXPECT_FALSE(writer_->Commit().ok());
  writer_->Rollback();
  EXPECT_EQ(Count(), 0);
}

TEST_F(Postgres, RefusesTextWithANulRatherThanCuttingItOff) {
  const absl::Status status =
      writer_->Query("SELECT $1", {Param(std::string_view("Иван\0!", 10))}, [](const Row&) {});
  EXPECT_EQ(ReasonOf(status), Reason::kInternal);
  EXPECT_EQ(status.ToString().find("Иван"), std::string::npos) << status;
}

TEST_F(Postgres, NamesTheViolatedConstraint) {
  const std::map<std::string, std::string> kinds = {
      {"INSERT INTO whole VALUES (1, 'b')", "unique"},
      {"INSERT INTO whole VALUES (2, NULL)", "not_null"},
      {"INSERT INTO half VALUES (9, 1)", "foreign_key"},
      {"INSERT INTO half VALUES (1, 0)", "check"}};
  ASSERT_TRUE(writer_->Execute("INSERT INTO whole VALUES (1, 'a')", {}).ok());
  for (const auto& [sql, kind] : kinds) {
    const absl::Status status = writer_->Execute(sql, {}).status();
    EXPECT_EQ(ReasonOf(status), Reason::kStoreConflict) << sql;
    EXPECT_EQ(DetailOf(status).metadata["kind"], kind) << sql;
  }
}

TEST_F(Postgres, GivesTheTurnOfAWorkspaceToOneWriterAtATime) {
  ASSERT_TRUE(writer_->Begin(Mode::kWrite, "studio").ok());
  ASSERT_TRUE(writer_->Query("SELECT 1", {}, [](const Row&) {}).ok());
  // Another workspace's writer does not wait.
  ASSERT_TRUE(other_->Begin(Mode::kWrite, "elsewhere").ok());
  EXPECT_TRUE(other_->Query("SELECT 1", {}, [](const Row&) {}).ok());
  other_->Rollback();
  absl::Time ended;
  std::thread waiter([&] {
    EXPECT_TRUE(other_->Begin(Mode::kWrite, "studio").ok());
    EXPECT_TRUE(other_->Query("SELECT 1", {}, [](const Row&) {}).ok());
    EXPECT_GE(absl::Now(), ended);
    other_->Rollback();
  });
  absl::SleepFor(absl::Milliseconds(100));
  ended = absl::Now();
  EXPECT_TRUE(writer_->Commit().ok());
  waiter.join();
}

TEST_F(Postgres, TellsOtherProcessesWhoseTurnWasCommitted) {
  EXPECT_EQ(driver_->WaitForOthers(absl::Now())->size(), 0u);
  ASSERT_TRUE(writer_->Begin(Mode::kWrite, "studio").ok());
  ASSERT_TRUE(InsertPair(*writer_, 1).ok());
  ASSERT_TRUE(writer_->Commit().ok());
  const auto told = driver_->WaitForOthers(absl::Now() + absl::Seconds(5));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(*told, std::vector<std::string>{"studio"});
}

TEST_F(Postgres, LeasesAWorkToOneHolderUntilItEnds) {
  EXPECT_TRUE(*driver_->Lease("sweep", "a", absl::Milliseconds(300)));
  EXPECT_FALSE(*driver_->Lease("sweep", "b", absl::Seconds(10)));
  EXPECT_TRUE(*driver_->Lease("sweep", "a", absl::Milliseconds(300)));
  EXPECT_TRUE(*driver_->Lease("webhooks", "b", absl::Seconds(10)));
  absl::SleepFor(absl::Milliseconds(350));
  EXPECT_TRUE(*driver_->Lease("sweep", "b", absl::Seconds(10)));
  EXPECT_FALSE(*driver_->Lease("sweep", "a", absl::Seconds(10)));
  // Whoever gives it up leaves it to the next at once.
  EXPECT_TRUE(*driver_->Lease("sweep", "b", absl::ZeroDuration()));
  EXPECT_TRUE(*driver_->Lease("sweep", "a", absl::Seconds(10)));
}

// --- The schema ------------------------------------------------------------------------------

// What the two catalogues can both say of a table.
struct Table {
  // "name integer" or "name text", "null" behind where it may be.
  std::set<std::string> columns;
  // The key's columns, in order.
  std::string key;
  // "columns of unique index"; and "columns -> table columns".
  std::set<std::string> unique;
  std::set<std::string> foreign;

  bool operator==(const Table& other) const {
    return columns == other.columns && key == other.key && unique == other.unique &&
           foreign == other.foreign;
  }
};
using Tables = std::map<std::string, Table>;

const std::set<std::string>& OwnTables() {
  static const auto* const names =
      new std::set<std::string>{"migrations", "turns", "leases", "sqlite_stat1"};
  return *names;
}

void Each(Connection& db, const std::string& sql, OnRow on_row) {
  const absl::Status status = db.Query(sql, {}, on_row);
  EXPECT_TRUE(status.ok()) << status << "\n" << sql;
}

std::string T(const Row& row, int column) { return std::string(row.Text(column)); }

Tables OfSqlite(Connection& db) {
  Tables tables;
  Each(db, "SELECT name FROM sqlite_schema WHERE type = 'table'", [&](const Row& row) {
    if (OwnTables().count(T(row, 0)) == 0) tables[T(row, 0)];
  });
  for (auto& [name, table] : tables) {
    std::map<int64_t, std::string> key;
    Each(db, "SELECT name, type, \"notnull\", pk FROM pragma_table_info('" + name + "')",
         [&, &table = table](const Row& row) {
           table.columns.insert(T(row, 0) + (T(row, 1) == "INTEGER" ? " integer" : " text") +
                                (row.Int(2) == 0 ? " null" : ""));
           if (row.Int(3) > 0) key[row.Int(3)] = T(row, 0);
         });
    for (const auto& [place, column] : key) table.key += column + " ";
    std::map<int64_t, std::pair<std::string, std::string>> foreign;
    Each(db,
         "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list('" + name +
             "') ORDER BY id, seq",
         [&](const Row& row) {
           auto& [from, to] = foreign[row.Int(0)];
           if (to.empty()) to = "-> " + T(row, 1) + " ";
           from += T(row, 2) + " ";
           to += T(row, 3) + " ";
         });
    for (const auto& [id, key_of] : foreign) table.foreign.insert(key_of.first + key_of.second);
    std::map<std::string, std::string> unique;
    Each(db,
         "SELECT i.name, c.name FROM pragma_index_list('" + name +
             "') i, pragma_index_info(i.name) c WHERE i.\"unique\" = 1 AND i.origin <> 'pk' ORDER "
             "BY i.name, c.seqno",
         [&](const Row& row) { unique[T(row, 0)] += T(row, 1) + " "; });
    for (const auto& [index, columns] : unique) table.unique.insert(columns);
  }
  return tables;
}

Tables OfPostgres(Connection& db) {
  Tables tables;
  Each(db,
       "SELECT table_name, column_name, data_type, is_nullable, collation_name FROM "
       "information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
       "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
       [&](const Row& row) {
         if (OwnTables().count(T(row, 0)) > 0) return;
         const bool is_text = T(row, 2) == "text";
         // Compared byte by byte, as SQLite does.
         if (is_text) EXPECT_EQ(T(row, 4), "C") << T(row, 0) << "." << T(row, 1);
         tables[T(row, 0)].columns.insert(T(row, 1) +
                                          (is_text                 ? " text"
                                           : T(row, 2) == "bigint" ? " integer"
                                                                   : " " + T(row, 2)) +
                                          (T(row, 3) == "YES" ? " null" : ""));
       });
  // Keys and unique indexes by their columns, in order.
  Each(db,
       "SELECT c.relname, i.indisprimary, string_agg(a.attname || ' ', '' ORDER BY k.place) "
       "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
       "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place) "
       "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number "
       "WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique "
       "GROUP BY c.relname, i.indexrelid, i.indisprimary",
       [&](const Row& row) {
         const auto table = tables.find(T(row, 0));
         if (table == tables.end()) return;
         if (row.Int(1) != 0) {
           table->second.key = T(row, 2);
         } else {
           table->second.unique.insert(T(row, 2));
         }
       });
  Each(db,
       "SELECT t.relname, r.relname, string_agg(a.attname || ' ', '' ORDER BY k.place), "
       "string_agg(b.attname || ' ', '' ORDER BY k.place) "
       "FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid "
       "JOIN pg_class r ON r.oid = f.confrelid "
       "CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY k(here, there, place) "
       "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.here "
       "JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = k.there "
       "WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace "
       "GROUP BY t.relname, r.relname, f.oid",
       [&](const Row& row) {
         tables[T(row, 0)].foreign.insert(T(row, 2) + "-> " + T(row, 1) + " " + T(row, 3));
       });
  return tables;
}

class PostgresSchema : public testing::Test {
 protected:
  void SetUp() override {
    driver_ = *OpenDriver(scratch_.Options(), store::AllMigrations(), absl::Now());
    reader_ = *driver_->Connect(Mode::kRead);
  }

  Scratch scratch_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> reader_;
};

TEST_F(PostgresSchema, IsThatOfSqlite) {
  EngineOptions options;
  options.store = "sqlite:" + scratch_.file();
  const auto sqlite = OpenDriver(options, store::AllMigrations(), absl::Now());
  ASSERT_TRUE(sqlite.ok()) << sqlite.status();
  auto other = (*sqlite)->Connect(Mode::kRead);
  const Tables expected = OfSqlite(**other);
  const Tables found = OfPostgres(*reader_);
  EXPECT_GT(found.size(), 40u);
  for (const auto& [name, table] : expected) {
    const auto same = found.find(name);
    ASSERT_NE(same, found.end()) << name;
    EXPECT_EQ(same->second.columns, table.columns) << name;
    EXPECT_EQ(same->second.key, table.key) << name;
    EXPECT_EQ(same->second.unique, table.unique) << name;
    EXPECT_EQ(same->second.foreign, table.foreign) << name;
  }
  EXPECT_EQ(found.size(), expected.size());
}

// What lets the tables be spread over servers by workspace.
TEST_F(PostgresSchema, HasTheWorkspaceInFrontOfEveryKeyAndInEveryForeignKey) {
  for (const auto& [name, table] : OfPostgres(*reader_)) {
    // Of the store as a whole: one row.
    if (name == "last_backup") continue;
    EXPECT_EQ(table.key.rfind("workspace ", 0), 0u) << name << ": " << table.key;
    for (const std::string& columns : table.unique) {
      // A token is looked for before it is known whose it is.
      if (name == "tokens") continue;
      EXPECT_EQ(columns.rfind("workspace ", 0), 0u) << name << ": " << columns;
    }
    for (const std::string& key : table.foreign) {
      EXPECT_EQ(key.rfind("workspace ", 0), 0u) << name << ": " << key;
      EXPECT_NE(key.find("-> "), std::string::npos);
      const std::string there = key.substr(key.find("-> ") + 3);
      EXPECT_EQ(there.substr(there.find(' ') + 1).rfind("workspace ", 0), 0u)
          << name << ": " << key;
    }
  }
}

TEST_F(PostgresSchema, IsMadeOnceByManyWhoMigrateAtOnce) {
  const Scratch scratch;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&scratch] {
      const auto driver = OpenDriver(scratch.Options(), store::AllMigrations(), absl::Now());
      EXPECT_TRUE(driver.ok()) << driver.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// What other engines that speak the protocol do not have, as far as it can be taken away here.
TEST_F(PostgresSchema, IsMadeWithoutAdvisoryLocks) {
  const rigs::FreshStore bare("", rigs::FreshStore::Schema::kNone);
  bare.Run("ALTER FUNCTION pg_catalog.pg_advisory_lock(bigint) RENAME TO lock_that_is_gone");
  bare.Run("ALTER FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) RENAME TO too");
  EngineOptions options;
  options.store = bare.name();
  EXPECT_TRUE(Engine::Open(options).ok());
}

TEST_F(PostgresSchema, IsMadeFurtherAfterAStepThatFailed) {
  const Scratch scratch;
  const Migration first = {1, "One", "CREATE TABLE one (id BIGINT PRIMARY KEY);"};
  const Migration second = {2, "Two", "CREATE TABLE two (id BIGINT PRIMARY KEY);"};
  const auto open = [&scratch](std::vector<Migration> steps) {
    return OpenDriver(scratch.Options(), {steps, steps}, absl::Now()).status();
  };
  EXPECT_FALSE(
      open({{1, "One", "CREATE TABLE one (id BIGINT); CREATE TABLE one (id BIGINT);"}}).ok());
  EngineOptions unmade = scratch.Options();
  unmade.migrate = false;
  EXPECT_EQ(ReasonOf(Engine::Open(unmade).status()), Reason::kStoreNotMigrated);
  EXPECT_FALSE(open({first, {2, "Two", "CREATE TABLE two (id BIGINT); nothing;"}}).ok());
  EXPECT_TRUE(open({first, second}).ok());
}

TEST_F(PostgresSchema, OfAnotherProgramOrVersionIsRefused) {
  const Scratch other;
  auto empty = other.Open();
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(ReasonOfOpening(other.Options().store), Reason::kStoreForeign);

  const auto change = [this](const char* sql) {
    auto writer = driver_->Connect(Mode::kWrite);
    ASSERT_TRUE((*writer)->Begin(Mode::kWrite).ok());
    ASSERT_TRUE((*writer)->Apply(sql, {}).ok());
    ASSERT_TRUE((*writer)->Commit().ok());
  };
  change("UPDATE migrations SET checksum = 'other'");
  EXPECT_EQ(ReasonOfOpening(scratch_.Options().store), Reason::kStoreForeign);
  change("INSERT INTO migrations VALUES (99, 'future', '', 0)");
  EXPECT_EQ(ReasonOfOpening(scratch_.Options().store), Reason::kStoreNewer);
}

TEST_F(PostgresSchema, ThatIsMissingIsSaidToBe) {
  const Scratch other;
  EngineOptions options = other.Options();
  options.migrate = false;
  EXPECT_EQ(ReasonOf(Engine::Open(options).status()), Reason::kStoreNotMigrated);
}

}  // namespace
}  // namespace sales::sql
