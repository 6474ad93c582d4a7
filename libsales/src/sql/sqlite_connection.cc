#include "src/sql/sqlite_connection.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/sql/sqlite_errors.h"

namespace sales::sql {
namespace {

// How many steps of SQLite's machine pass between two looks at the clock: some 20 microseconds.
constexpr int kProgressSteps = 1000;

// A writer keeps the upper levels of every index; a reader's cache is emptied by every commit, so
// it reads pages from the mapped file instead.
constexpr char kWriterMemory[] = "PRAGMA cache_size = -65536";
constexpr char kReaderMemory[] = "PRAGMA cache_size = -8192; PRAGMA mmap_size = 1073741824";

constexpr const char* kFixedSql[] = {"BEGIN",          "BEGIN IMMEDIATE", "COMMIT",
                                     "ROLLBACK",       "SAVEPOINT one",   "RELEASE one",
                                     "ROLLBACK TO one"};

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string_view Text(int column) const override {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text),
            static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* const statement_;
};

struct Binder {
  sqlite3_stmt* statement;
  int place;

  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, place); }
  int operator()(int64_t value) const { return sqlite3_bind_int64(statement, place, value); }
  int operator()(std::string_view value) const {
    // SQLite takes a null pointer for NULL, which an empty text is not.
    const char* text = value.data() == nullptr ? "" : value.data();
    return sqlite3_bind_text64(statement, place, text, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
};

// Only blanks and a semicolon may follow a statement: a second one would never run.
bool OnlyBlank(const char* begin, const char* end) {
  return std::all_of(begin, end, [](char c) { return c == ' ' || c == '\n' || c == ';'; });
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(
    const SqliteConnectionOptions& options) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(options.busy_max));
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= options.read_only_file ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create) flags |= SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(options.path.c_str(), &connection->db_, flags, nullptr);
  if (code != SQLITE_OK) return SqliteError(connection->db_, code);
  SALES_RETURN_IF_ERROR(connection->Configure(options));
  return connection;
}

absl::Status SqliteConnection::Configure(const SqliteConnectionOptions& options) {
  sqlite3_busy_handler(db_, &OnBusy, this);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_FKEY, options.foreign_keys ? 1 : 0, nullptr);
  sqlite3_wal_autocheckpoint(
      db_, options.automatic_checkpoint && options.mode == Mode::kWrite ? 1000 : 0);
  const std::string pragmas = absl::StrCat(
      "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA synchronous = ",
      options.relaxed ? "NORMAL" : "FULL", "; PRAGMA journal_size_limit = ", limits::log_bytes_max,
      "; ", options.mode == Mode::kWrite ? kWriterMemory : kReaderMemory,
      options.mode == Mode::kWrite ? "" : "; PRAGMA query_only = ON");
  return RunScript(pragmas.c_str());
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  for (sqlite3_stmt* statement : fixed_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

absl::Status SqliteConnection::Begin(Mode mode, std::string_view) {
  if (DeadlinePassed()) return Error(SQLITE_INTERRUPT);
  return RunFixed(mode == Mode::kWrite ? kBeginWrite : kBeginRead);
}

absl::Status SqliteConnection::Commit() {
  uninterrupted_ = true;
  absl::Status status = RunFixed(kCommit);
  uninterrupted_ = false;
  return status;
}

void SqliteConnection::Rollback() {
  if (!InTransaction()) return;
  uninterrupted_ = true;
  // What fails here has already ended the transaction, or the next Begin says so.
  RunFixed(kRollback).IgnoreError();
  uninterrupted_ = false;
}

absl::Status SqliteConnection::RollbackToSavepoint() {
  uninterrupted_ = true;
  absl::Status status = RunFixed(kRollbackTo);
  if (status.ok()) status = RunFixed(kRelease);
  uninterrupted_ = false;
  return status;
}

absl::Status SqliteConnection::RunFixed(Fixed fixed) {
  sqlite3_stmt*& statement = fixed_[fixed];
  if (statement == nullptr) {
    const int code = sqlite3_prepare_v3(db_, kFixedSql[fixed], -1, SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) return Error(code);
  }
  const int code = sqlite3_step(statement);
  absl::Status status = code == SQLITE_DONE ? absl::OkStatus() : Error(code);
  sqlite3_reset(statement);
  return status;
}

absl::Status SqliteConnection::Query(std::string_view sql, absl::Span<const Param> params,
                                     OnRow on_row) {
  std::unique_ptr<Statement> spare;
  SALES_ASSIGN_OR_RETURN(Statement * statement, Find(sql, spare));
  SALES_RETURN_IF_ERROR(Bind(*statement, params));
  return RunToEnd(*statement, &on_row);
}

absl::Status SqliteConnection::Apply(std::string_view sql, absl::Span<const Param> params) {
  std::unique_ptr<Statement> spare;
  SALES_ASSIGN_OR_RETURN(Statement * statement, Find(sql, spare));
  SALES_RETURN_IF_ERROR(Bind(*statement, params));
  return RunToEnd(*statement, nullptr);
}

absl::StatusOr<int64_t> SqliteConnection::Execute(std::string_view sql,
                                                  absl::Span<const Param> params) {
  SALES_RETURN_IF_ERROR(Apply(sql, params));
  return sqlite3_changes64(db_);
}

absl::StatusOr<std::unique_ptr<SqliteConnection::Statement>> SqliteConnection::Prepare(
    std::string_view sql) {
  auto statement = std::make_unique<Statement>();
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement->handle, &tail);
  if (code != SQLITE_OK) return Error(code);
  if (statement->handle == nullptr || !OnlyBlank(tail, sql.data() + sql.size())) {
    return MakeError(Reason::kInternal, "one statement at a time");
  }
  const int count = sqlite3_bind_parameter_count(statement->handle);
  for (int number = 1; number <= count; ++number) {
    const std::string name = absl::StrCat("$", number);
    const int place = sqlite3_bind_parameter_index(statement->handle, name.c_str());
    if (place == 0) return MakeError(Reason::kInternal, "placeholders are $1, $2 … without gaps");
    statement->places.push_back(place);
  }
  return statement;
}

absl::StatusOr<SqliteConnection::Statement*> SqliteConnection::Find(
    std::string_view sql, std::unique_ptr<Statement>& spare) {
  const absl::string_view key(sql.data(), sql.size());
  auto found = statements_.find(key);
  if (found != statements_.end() && found->second->in_use) {
    SALES_ASSIGN_OR_RETURN(spare, Prepare(sql));
    return spare.get();
  }
  if (found == statements_.end()) {
    SALES_ASSIGN_OR_RETURN(std::unique_ptr<Statement> statement, Prepare(sql));
    if (statements_.size() >= limits::statements_cached_max) DropLeastUsed();
    found = statements_.emplace(std::string(sql), std::move(statement)).first;
  }
  found->second->last_use = ++uses_;
  return found->second.get();
}

void SqliteConnection::DropLeastUsed() {
  auto least = statements_.end();
  for (auto it = statements_.begin(); it != statements_.end(); ++it) {
    if (it->second->in_use) continue;
    if (least == statements_.end() || it->second->last_use < least->second->last_use) least = it;
  }
  if (least != statements_.end()) statements_.erase(least);
}

absl::Status SqliteConnection::Bind(const Statement& statement, absl::Span<const Param> params) {
  if (params.size() != statement.places.size()) {
    return MakeError(Reason::kInternal,
                     absl::StrCat("a statement with ", statement.places.size(),
                                  " placeholders got ", params.size(), " values"));
  }
  for (size_t i = 0; i < params.size(); ++i) {
    const int code = std::visit(Binder{statement.handle, statement.places[i]}, params[i]);
    if (code != SQLITE_OK) return Error(code);
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::RunToEnd(Statement& statement, const OnRow* on_row) {
  statement.in_use = true;
  const SqliteRow row(statement.handle);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.handle)) == SQLITE_ROW) {
    if (on_row != nullptr) (*on_row)(row);
  }
  absl::Status status = code == SQLITE_DONE ? absl::OkStatus() : Error(code);
  sqlite3_reset(statement.handle);
  statement.in_use = false;
  return status;
}

absl::Status SqliteConnection::RunScript(const char* sql) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<int64_t> SqliteConnection::QueryInt(const char* sql) {
  int64_t number = 0;
  SALES_RETURN_IF_ERROR(Query(sql, {}, [&number](const Row& row) { number = row.Int(0); }));
  return number;
}

absl::StatusOr<int64_t> SqliteConnection::Checkpoint(bool restart) {
  int pages = 0;
  const int mode = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, mode, &pages, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return Error(code);
  return std::max(pages, 0);
}

absl::Status SqliteConnection::EmptyLog() {
  const int code =
      sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::Status SqliteConnection::Error(int code) {
  // Waiting for a lock past the deadline is the caller's deadline, not the other writer's fault.
  if ((code & 0xff) == SQLITE_BUSY && DeadlinePassed()) code = SQLITE_INTERRUPT;
  return SqliteError(db_, code);
}

void SqliteConnection::SetDeadline(absl::Time deadline) {
  const bool had = deadline_ != absl::InfiniteFuture();
  const bool has = deadline != absl::InfiniteFuture();
  deadline_ = deadline;
  if (had == has) return;
  sqlite3_progress_handler(db_, has ? kProgressSteps : 0, has ? &OnProgress : nullptr, this);
}

bool SqliteConnection::DeadlinePassed() const {
  return deadline_ != absl::InfiniteFuture() && absl::Now() >= deadline_;
}

int SqliteConnection::OnProgress(void* self) {
  const auto* connection = static_cast<const SqliteConnection*>(self);
  return !connection->uninterrupted_ && connection->DeadlinePassed() ? 1 : 0;
}

// Waits short at first: most locks are those of a checkpoint that is nearly done.
int SqliteConnection::OnBusy(void* self, int count) {
  auto* connection = static_cast<SqliteConnection*>(self);
  const absl::Time now = absl::Now();
  if (count == 0) connection->busy_since_ = now;
  const absl::Time end =
      std::min(connection->busy_since_ + connection->busy_max_, connection->deadline_);
  if (now >= end) return 0;
  const absl::Duration pause = absl::Microseconds(100) * (1 << std::min(count, 6));
  absl::SleepFor(std::min(pause, end - now));
  return 1;
}

}  // namespace sales::sql
