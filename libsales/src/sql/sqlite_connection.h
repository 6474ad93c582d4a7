// One connection to a SQLite file.
#ifndef SALES_SRC_SQL_SQLITE_CONNECTION_H_
#define SALES_SRC_SQL_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/sql/driver.h"

namespace sales::sql {

struct SqliteConnectionOptions {
  std::string path;
  Connection::Mode mode = Connection::Mode::kRead;
  // Opens the file for reading only, as a store on which nothing may be written.
  bool read_only_file = false;
  bool create = false;
  bool relaxed = false;
  bool automatic_checkpoint = true;
  // Whether foreign keys are watched; a migration checks them all at its end instead.
  bool foreign_keys = true;
  // How long to wait for the lock of another connection.
  absl::Duration busy_max;
};

class SqliteConnection final : public Connection {
 public:
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(
      const SqliteConnectionOptions& options);

  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection() override;

  absl::Status Begin(Mode mode, std::string_view turn) override;
  absl::Status Commit() override;
  void Rollback() override;
  bool InTransaction() const override { return sqlite3_get_autocommit(db_) == 0; }
  absl::Status Savepoint() override { return RunFixed(kSavepoint); }
  absl::Status ReleaseSavepoint() override { return RunFixed(kRelease); }
  absl::Status RollbackToSavepoint() override;
  absl::Status Query(std::string_view sql, absl::Span<const Param> params, OnRow on_row) override;
  absl::Status Scan(std::string_view sql, absl::Span<const Param> params, OnRow on_row) override {
    return Query(sql, params, on_row);
  }
  absl::Status Apply(std::string_view sql, absl::Span<const Param> params) override;
  absl::StatusOr<int64_t> Execute(std::string_view sql, absl::Span<const Param> params) override;
  bool has_lateral() const override { return false; }
  void SetDeadline(absl::Time deadline) override;

  // Runs statements that have neither parameters nor rows, without keeping them.
  absl::Status RunScript(const char* sql);
  // The first column of the only row, 0 without one. For pragmas.
  absl::StatusOr<int64_t> QueryInt(const char* sql);

  // Copies the log into the file: as far as nobody is disturbed, or (`restart`) whole, holding up
  // writers until then. Gives the log's length in pages; being in somebody's way is no error.
  absl::StatusOr<int64_t> Checkpoint(bool restart);

  // Copies the log into the file and cuts it to nothing. Errors: STORE_BUSY while somebody reads.
  absl::Status EmptyLog();

  bool read_only() const { return sqlite3_db_readonly(db_, "main") == 1; }

 private:
  // Statements without parameters that are run around every write.
  enum Fixed {
    kBeginRead,
    kBeginWrite,
    kCommit,
    kRollback,
    kSavepoint,
    kRelease,
    kRollbackTo,
    kFixedCount
  };

  struct Statement {
    ~Statement() { sqlite3_finalize(handle); }
    sqlite3_stmt* handle = nullptr;
    // Where in SQLite's order the placeholder $1, $2 … is.
    std::vector<int> places;
    // A row callback is running it; a nested call gets a statement of its own.
    bool in_use = false;
    uint64_t last_use = 0;
  };

  explicit SqliteConnection(absl::Duration busy_max) : busy_max_(busy_max) {}

  absl::Status Configure(const SqliteConnectionOptions& options);
  absl::Status RunFixed(Fixed fixed);
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(std::string_view sql);
  // The kept statement of `sql`; `spare` holds it where the kept one is busy.
  absl::StatusOr<Statement*> Find(std::string_view sql, std::unique_ptr<Statement>& spare);
  void DropLeastUsed();
  absl::Status Bind(const Statement& statement, absl::Span<const Param> params);
  // Runs a bound statement to its end and resets it.
  absl::Status RunToEnd(Statement& statement, const OnRow* on_row);
  absl::Status Error(int code);

  bool DeadlinePassed() const;
  static int OnProgress(void* self);
  static int OnBusy(void* self, int count);

  sqlite3* db_ = nullptr;
  const absl::Duration busy_max_;
  absl::Time deadline_ = absl::InfiniteFuture();
  absl::Time busy_since_;
  // Ends of transactions are not interrupted: SQLite may report one that has happened as one that
  // has not.
  bool uninterrupted_ = false;
  sqlite3_stmt* fixed_[kFixedCount] = {};
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
  uint64_t uses_ = 0;
};

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SQLITE_CONNECTION_H_
