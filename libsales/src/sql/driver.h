// The seam between the store's SQL and a database: one driver a database, nothing below it is seen
// above it. SQL is written once, with $1 placeholders, in the dialect that SQLite and PostgreSQL
// share.
#ifndef SALES_SRC_SQL_DRIVER_H_
#define SALES_SRC_SQL_DRIVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/engine.h"

namespace sales::sql {

// A value bound to a placeholder. Text must stay alive until the statement has run.
using Param = std::variant<std::nullptr_t, int64_t, std::string_view>;

// One row of a result; valid only during the callback that gets it.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;            // 0 where NULL
  virtual std::string_view Text(int column) const = 0;  // empty where NULL
};

using OnRow = absl::FunctionRef<void(const Row&)>;

// A statement that is asked together with others; see Connection::QueryAll.
struct Question {
  std::string_view sql;
  absl::Span<const Param> params;
  OnRow on_row;
};

// One connection, used by one thread at a time. Errors carry a reason: STORE_CONFLICT (a violated
// constraint, named in the metadata), STORE_BUSY, STORE_UNAVAILABLE, STORE_FULL, STORE_READ_ONLY,
// STORE_CORRUPT, DEADLINE_EXCEEDED, INTERNAL.
class Connection {
 public:
  virtual ~Connection() = default;

  enum class Mode { kRead, kWrite };
  // A read sees one snapshot; a write waits for its turn and is durable when Commit returns OK.
  // `turn` names what the write is about, a workspace as a rule: of those that name the same only
  // one is under way at a time, in all processes. A database with one writer gives turns to all.
  virtual absl::Status Begin(Mode mode, std::string_view turn) = 0;
  absl::Status Begin(Mode mode) { return Begin(mode, {}); }
  virtual absl::Status Commit() = 0;
  // Ends the transaction without effect. Safe after any error, and without a transaction.
  virtual void Rollback() = 0;
  // Whether a transaction is open. A grave error (a full volume, an interrupted write) may have
  // ended it without effect, savepoints and all.
  virtual bool InTransaction() const = 0;

  // One level of savepoint inside a write.
  virtual absl::Status Savepoint() = 0;
  virtual absl::Status ReleaseSavepoint() = 0;
  virtual absl::Status RollbackToSavepoint() = 0;

  // Runs a statement, prepared once a connection and kept.
  virtual absl::Status Query(std::string_view sql, absl::Span<const Param> params,
                             OnRow on_row) = 0;
  // Runs statements of which none waits for what another finds: a server is sent all of them before
  // the first answer is read. Their rows come in the order of the questions, each to its `on_row`,
  // which must not use the connection.
  virtual absl::Status QueryAll(absl::Span<const Question> questions);
  // As Query, for results that are too long to hold; `on_row` must not use the connection.
  virtual absl::Status Scan(std::string_view sql, absl::Span<const Param> params, OnRow on_row) = 0;
  // Runs a statement without rows, at the latest with the next that is waited for: an error may be
  // given by that one, by the release of the savepoint or by Commit.
  virtual absl::Status Apply(std::string_view sql, absl::Span<const Param> params) = 0;
  // Runs a statement without rows; gives how many rows it changed.
  virtual absl::StatusOr<int64_t> Execute(std::string_view sql, absl::Span<const Param> params) = 0;

  // Whether a subquery in FROM may use what stands before it (LATERAL). Where it may not, joins are
  // gone through as they are written.
  virtual bool has_lateral() const = 0;

  // Statements still running at this time end with DEADLINE_EXCEEDED, and a write among them ends
  // its transaction; Commit is not interrupted.
  virtual void SetDeadline(absl::Time deadline) = 0;
};

// One step of the schema's history. Never changed once released; numbered without gaps. The number
// says what the schema holds, whatever the database: the first step of a younger driver stands for
// all that the others did up to it.
struct Migration {
  int number;
  const char* title;
  // Statements without a transaction of their own.
  const char* ddl;
};

// A database that holds a store.
class Driver {
 public:
  virtual ~Driver() = default;
  virtual absl::StatusOr<std::unique_ptr<Connection>> Connect(Connection::Mode mode) = 0;
  // A connection for reading to the copy that options.read_store names, which may be behind.
  virtual absl::StatusOr<std::unique_ptr<Connection>> ConnectToCopy() = 0;
  // Whether writes about different things (see Connection::Begin) may be under way at once.
  virtual bool writes_in_parallel() const = 0;
  // Whether other processes may write to the store while this one has it open.
  virtual bool is_shared() const = 0;
  // Waits until another process may have written, or `until` has come. Gives the turns of the
  // writes that it was told of. Only where the store is shared; for one thread at a time.
  virtual absl::StatusOr<std::vector<std::string>> WaitForOthers(absl::Time until) = 0;
  // Whether `holder` has the named work to itself until `length` from now: as it had before, or
  // because nobody had it any more. Other processes that ask meanwhile are told that they have not.
  virtual absl::StatusOr<bool> Lease(const std::string& work, const std::string& holder,
                                     absl::Duration length) = 0;
  // Moves a write-ahead log into the database, where there is one.
  virtual absl::Status Checkpoint() = 0;
  // Leaves nothing of what was deleted: neither in the database's unused space nor in its log.
  virtual absl::Status Vacuum() = 0;
  // What the store takes of its volume; 0 where it cannot be told.
  virtual Engine::StoreSizes Sizes() const = 0;
  // Writes a copy of the database as it is now to a new file, while others read and write; it is
  // there under its name once it is whole and on the disk, and only its owner may read it. Gives
  // its length. Errors: BACKUP_EXISTS, BACKUP_UNSUPPORTED, FIELD_INVALID (file).
  virtual absl::StatusOr<int64_t> Backup(const std::string& file) = 0;
  // What is free where the database grows; -1 where its own server looks after that.
  virtual int64_t FreeBytes() const = 0;
  // What the database itself finds wrong with its pages and foreign keys; kind and description.
  virtual absl::StatusOr<std::vector<CheckFault>> CheckIntegrity() = 0;
};

// The migrations of each database that there is a driver for.
struct Migrations {
  absl::Span<const Migration> sqlite;
  absl::Span<const Migration> postgres;
};

// Opens the database that `options.store` names ("sqlite:FILE", "postgres:@FILE"), applies or
// demands `migrations` as options.migrate says, and takes it alone where options.access asks for
// that. `now` is noted beside each migration that is applied. Errors: STORE_MISSING, STORE_FOREIGN,
// STORE_NEWER, STORE_NOT_MIGRATED, STORE_IN_USE, STORE_READ_ONLY, STORE_CORRUPT, STORE_FULL,
// STORE_BUSY, STORE_UNAVAILABLE, SETTING_INVALID.
absl::StatusOr<std::unique_ptr<Driver>> OpenDriver(const EngineOptions& options,
                                                   const Migrations& migrations, absl::Time now);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_DRIVER_H_
