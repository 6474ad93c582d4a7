#include "tests/rigs/fresh_store.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

#include "sales/engine.h"

namespace sales::rigs {
namespace {

constexpr char kSqlite[] = "sqlite:";
constexpr char kPostgres[] = "postgres:";
constexpr char kTemplate[] = "sales_template";
// Any number that no other part of a test locks.
constexpr char kLockTemplate[] = "SELECT pg_advisory_lock(7)";

// How libpq reaches the server's database of the name.
std::string Reach(const std::string& database) {
  std::ifstream file(std::getenv("SALES_TEST_POSTGRES"));
  std::string reach;
  if (!std::getline(file, reach)) throw std::runtime_error("SALES_TEST_POSTGRES names no server");
  return reach + " dbname=" + database;
}

class Session {
 public:
  explicit Session(const std::string& reach) : connection_(PQconnectdb(reach.c_str()), PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) Fail();
  }

  // Gives how many rows it changed or found.
  int64_t Run(const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection_.get(), sql.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK) return PQntuples(result.get());
    if (status != PGRES_COMMAND_OK) Fail();
    return std::atoll(PQcmdTuples(result.get()));
  }

 private:
  [[noreturn]] void Fail() const { throw std::runtime_error(PQerrorMessage(connection_.get())); }

  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

void Migrate(const std::string& database) {
  EngineOptions options;
  options.store = kPostgres + Reach(database);
  const absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  if (!engine.ok()) throw std::runtime_error(engine.status().ToString());
}

// Many tests are processes of their own and begin at once: the first makes the template.
void MakeTemplate(Session& server) {
  server.Run(kLockTemplate);
  const std::string found =
      std::string("SELECT FROM pg_database WHERE datname = '") + kTemplate + "'";
  if (server.Run(found) > 0) return;
  // It gets its name once it is whole.
  const std::string unfinished = std::string(kTemplate) + "_unfinished";
  server.Run("DROP DATABASE IF EXISTS " + unfinished);
  server.Run("CREATE DATABASE " + unfinished);
  Migrate(unfinished);
  server.Run("ALTER DATABASE " + unfinished + " RENAME TO " + kTemplate);
}

std::string MakeDatabase(FreshStore::Schema schema) {
  static std::atomic<int> made = 0;
  const std::string database =
      "sales_test_" + std::to_string(getpid()) + "_" + std::to_string(++made);
  Session server(Reach("postgres"));
  const bool migrated = schema == FreshStore::Schema::kMigrated;
  if (migrated) MakeTemplate(server);
  server.Run("CREATE DATABASE " + database + " TEMPLATE " + (migrated ? kTemplate : "template1"));
  return database;
}

int64_t RunOnSqlite(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  const int64_t changed = sqlite3_changes(db);
  sqlite3_close(db);
  return changed;
}

}  // namespace

bool OnPostgres() { return std::getenv("SALES_TEST_POSTGRES") != nullptr; }

FreshStore::FreshStore(std::string file, Schema schema)
    : name_(OnPostgres() ? kPostgres + Reach(MakeDatabase(schema)) : kSqlite + std::move(file)) {}

FreshStore::~FreshStore() {
  if (!OnPostgres()) return;
  const std::string database = name_.substr(name_.rfind('=') + 1);
  Session(Reach("postgres")).Run("DROP DATABASE " + database + " WITH (FORCE)");
}

int64_t FreshStore::Run(const std::string& sql) const {
  const std::string place = name_.substr(name_.find(':') + 1);
  if (!OnPostgres()) return RunOnSqlite(place, sql);
  // What a test does by itself is none of the statements that are looked at.
  return Session(place + " options='-c pg_stat_statements.track=none'").Run(sql);
}

}  // namespace sales::rigs
