#include "src/sql/sqlite.h"

#include <cerrno>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/sql/sqlite_backup.h"
#include "src/sql/sqlite_connection.h"
#include "src/sql/sqlite_errors.h"
#include "src/sql/sqlite_file.h"
#include "src/sql/sqlite_migrate.h"

namespace sales::sql {
namespace {

using Access = EngineOptions::Access;
using Mode = Connection::Mode;

// More faults than these say nothing new.
constexpr size_t kFaultsMax = 1000;

class SqliteDriver final : public Driver {
 public:
  SqliteDriver(SqliteConnectionOptions options, StoreLock lock,
               std::unique_ptr<SqliteConnection> keeper)
      : options_(std::move(options)), lock_(std::move(lock)), keeper_(std::move(keeper)) {}

  absl::StatusOr<std::unique_ptr<Connection>> Connect(Mode mode) override {
    if (mode == Mode::kWrite && options_.read_only_file) {
      return MakeError(Reason::kStoreReadOnly, "the store is open for reading only");
    }
    SqliteConnectionOptions options = options_;
    options.mode = mode;
    return SqliteConnection::Open(options);
  }

  // No file follows another: OpenSqlite refuses a read_store.
  absl::StatusOr<std::unique_ptr<Connection>> ConnectToCopy() override {
    return Connect(Mode::kRead);
  }

  bool writes_in_parallel() const override { return false; }
  bool is_shared() const override { return false; }
  absl::StatusOr<std::vector<std::string>> WaitForOthers(absl::Time) override {
    return std::vector<std::string>();
  }
  // Who else has the file open for writing shares nothing with this process but the file, and does
  // twice only what is harmless twice.
  absl::StatusOr<bool> Lease(const std::string&, const std::string&, absl::Duration) override {
    return true;
  }

  absl::Status Checkpoint() override {
    if (options_.read_only_file) {
      return MakeError(Reason::kStoreReadOnly, "the store is open for reading only");
    }
    const std::lock_guard<std::mutex> hold(mutex_);
    SALES_ASSIGN_OR_RETURN(const int64_t pages, keeper_->Checkpoint(/*restart=*/false));
    SALES_ASSIGN_OR_RETURN(const int64_t page_bytes, keeper_->QueryInt("PRAGMA page_size"));
    if (pages * page_bytes < limits::log_bytes_max) return absl::OkStatus();
    // The bulk is copied; writers now wait for the rest only.
    return keeper_->Checkpoint(/*restart=*/true).status();
  }

  absl::Status Vacuum() override {
    if (options_.read_only_file) {
      return MakeError(Reason::kStoreReadOnly, "the store is open for reading only");
    }
    SqliteConnectionOptions options = options_;
    options.mode = Mode::kWrite;
    SALES_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                           SqliteConnection::Open(options));
    // The copy goes through a file: memory is not made for a whole store.
    SALES_RETURN_IF_ERROR(connection->RunScript("PRAGMA temp_store = FILE; VACUUM"));
    return connection->EmptyLog();
  }

  absl::StatusOr<int64_t> Backup(const std::string& file) override {
    return BackupSqlite(options_, file);
  }

  int64_t FreeBytes() const override { return FreeBytesAt(options_.path); }

  Engine::StoreSizes Sizes() const override {
    return {FileBytes(options_.path), FileBytes(options_.path + "-wal")};
  }

  absl::StatusOr<std::vector<CheckFault>> CheckIntegrity() override {
    SALES_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connect(Mode::kRead));
    std::vector<CheckFault> faults;
    absl::Status status =
        connection->Query("PRAGMA integrity_check", {}, [&faults](const Row& row) {
          if (row.Text(0) != "ok") Add(faults, "integrity", std::string(row.Text(0)));
        });
    if (status.ok()) {
      status = connection->Query("PRAGMA foreign_key_check", {}, [&faults](const Row& row) {
        Add(faults, "foreign_key",
            absl::StrCat("a row of ", std::string(row.Text(0)), " refers to a missing row of ",
                         std::string(row.Text(2))));
      });
    }
    // Damage that keeps the check from running is what it looks for.
    if (ReasonOf(status) == Reason::kStoreCorrupt) {
      Add(faults, "integrity", std::string(status.message()));
      return faults;
    }
    SALES_RETURN_IF_ERROR(status);
    return faults;
  }

 private:
  static void Add(std::vector<CheckFault>& faults, const char* kind, std::string description) {
    if (faults.size() < kFaultsMax) faults.push_back({"", kind, std::move(description)});
  }

  const SqliteConnectionOptions options_;
  const StoreLock lock_;
  std::mutex mutex_;
  // Moves the log, guarded by mutex_. It closes last, and so leaves a single file.
  const std::unique_ptr<SqliteConnection> keeper_;
};

absl::StatusOr<std::string> CheckPath(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos || path == ":memory:") {
    return FieldError(Reason::kSettingInvalid, "store",
                      "names no file; use sqlite:FILE (a store in memory is not supported)");
  }
  // SQLite would read "file:…" as a URI with settings of its own.
  return path[0] == '/' ? path : "./" + path;
}

// Readers and a writer at once need the log; the file remembers that it has one.
absl::Status TurnLogOn(SqliteConnection& connection) {
  std::string mode;
  SALES_RETURN_IF_ERROR(connection.Query("PRAGMA journal_mode = WAL", {},
                                         [&mode](const Row& row) { mode = row.Text(0); }));
  if (mode == "wal") return absl::OkStatus();
  return MakeError(Reason::kStoreUnavailable,
                   "the store's file system cannot share a log; put the store on a local disk");
}

absl::Status Prepare(const SqliteConnectionOptions& base, bool migrate,
                     absl::Span<const Migration> migrations, absl::Time now) {
  SqliteConnectionOptions options = base;
  options.mode = base.read_only_file ? Mode::kRead : Mode::kWrite;
  options.create = migrate;
  // A migration may rebuild a table that others refer to; keys are checked at its end.
  options.foreign_keys = false;
  SALES_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                         SqliteConnection::Open(options));
  if (!base.read_only_file && connection->read_only()) return SystemError(EROFS);
  SALES_RETURN_IF_ERROR(CheckOwner(*connection, /*empty_is_fine=*/migrate));
  if (!base.read_only_file) SALES_RETURN_IF_ERROR(TurnLogOn(*connection));
  return migrate ? Migrate(*connection, migrations, now) : CheckSchema(*connection, migrations);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Driver>> OpenSqlite(const std::string& path,
                                                   const EngineOptions& options,
                                                   absl::Span<const Migration> migrations,
                                                   absl::Time now) {
  if (!options.read_store.empty()) {
    return FieldError(Reason::kSettingInvalid, "read_store",
                      "is for PostgreSQL; a SQLite file has no copy that follows it");
  }
  SqliteConnectionOptions base;
  SALES_ASSIGN_OR_RETURN(base.path, CheckPath(path));
  base.read_only_file = options.access == Access::kReadOnly;
  base.relaxed = options.durability == EngineOptions::Durability::kRelaxed;
  base.automatic_checkpoint = options.automatic_checkpoint;
  base.busy_max = absl::Milliseconds(limits::store_busy_millis_max);
  const bool migrate = options.migrate && !base.read_only_file;

  SALES_RETURN_IF_ERROR(LookAtSqliteFile(base.path, /*may_create=*/migrate));
  SALES_ASSIGN_OR_RETURN(StoreLock lock, StoreLock::Take(base.path, options));
  SALES_RETURN_IF_ERROR(Prepare(base, migrate, migrations, now));

  std::unique_ptr<SqliteConnection> keeper;
  if (!base.read_only_file) {
    SqliteConnectionOptions keeping = base;
    keeping.mode = Mode::kWrite;
    keeping.busy_max = absl::Milliseconds(limits::checkpoint_busy_millis_max);
    SALES_ASSIGN_OR_RETURN(keeper, SqliteConnection::Open(keeping));
  }
  return std::make_unique<SqliteDriver>(std::move(base), std::move(lock), std::move(keeper));
}

}  // namespace sales::sql
