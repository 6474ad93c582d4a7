#include "src/sql/postgres.h"

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "src/decide/errors.h"
#include "src/sql/postgres_connection.h"
#include "src/sql/postgres_dsn.h"
#include "src/sql/postgres_migrate.h"

namespace sales::sql {
namespace {

using Access = EngineOptions::Access;
using Mode = Connection::Mode;

constexpr char kLease[] =
    "INSERT INTO leases (workspace, work, holder, until_time) "
    "VALUES ('', $1, $2, clock_timestamp() + $3 * interval '1 millisecond') "
    "ON CONFLICT (workspace, work) DO UPDATE SET holder = excluded.holder, "
    "until_time = excluded.until_time "
    "WHERE leases.holder = excluded.holder OR leases.until_time < clock_timestamp()";

// A store that is only read may be one that follows another.
const char* TargetOf(bool read_only) { return read_only ? "any" : "read-write"; }

class PostgresDriver final : public Driver {
 public:
  // `read_dsn`: of a copy; empty: there is none.
  PostgresDriver(std::string dsn, std::string read_dsn, const EngineOptions& options)
      : dsn_(std::move(dsn)),
        read_dsn_(std::move(read_dsn)),
        relaxed_(options.durability == EngineOptions::Durability::kRelaxed),
        read_only_(options.access == Access::kReadOnly) {}

  absl::StatusOr<std::unique_ptr<Connection>> Connect(Mode mode) override {
    if (mode == Mode::kWrite && read_only_) {
      return MakeError(Reason::kStoreReadOnly, "the store is open for reading only");
    }
    return Open(mode);
  }

  absl::StatusOr<std::unique_ptr<Connection>> ConnectToCopy() override {
    return PostgresConnection::Open({read_dsn_, Mode::kRead, "prefer-standby"});
  }

  bool writes_in_parallel() const override { return true; }
  bool is_shared() const override { return true; }

  absl::StatusOr<std::vector<std::string>> WaitForOthers(absl::Time until) override {
    if (listener_ == nullptr) {
      SALES_ASSIGN_OR_RETURN(std::unique_ptr<PostgresConnection> listener, Open(Mode::kRead));
      if (listener->can_tell()) {
        SALES_RETURN_IF_ERROR(
            listener->RunScript(absl::StrCat("LISTEN ", std::string(kNoticeChannel))));
      }
      listener_ = std::move(listener);
    }
    absl::StatusOr<std::vector<std::string>> told = listener_->WaitForNotices(until);
    if (!told.ok()) listener_.reset();
    return told;
  }

  absl::StatusOr<bool> Lease(const std::string& work, const std::string& holder,
                             absl::Duration length) override {
    const std::lock_guard<std::mutex> hold(mutex_);
    if (leaser_ == nullptr) {
      SALES_ASSIGN_OR_RETURN(leaser_, Open(Mode::kWrite));
    }
    SALES_RETURN_IF_ERROR(leaser_->Begin(Mode::kWrite, {}));
    absl::StatusOr<int64_t> changed = leaser_->Execute(
        kLease,
        {std::string_view(work), std::string_view(holder), absl::ToInt64Milliseconds(length)});
    absl::Status status = changed.status();
    if (status.ok()) status = leaser_->Commit();
    leaser_->Rollback();
    SALES_RETURN_IF_ERROR(status);
    return *changed > 0;
  }

  // The server looks after its log, its space and its copies itself.
  absl::Status Checkpoint() override { return absl::OkStatus(); }
  absl::Status Vacuum() override {
    SALES_ASSIGN_OR_RETURN(std::unique_ptr<PostgresConnection> connection, Open(Mode::kWrite));
    return connection->RunScript("VACUUM ANALYZE");
  }
  absl::StatusOr<int64_t> Backup(const std::string&) override {
    return MakeError(Reason::kBackupUnsupported,
                     "a PostgreSQL store is backed up with its own tools: pg_basebackup with the "
                     "log's archive, or pg_dump");
  }
  int64_t FreeBytes() const override { return -1; }

  Engine::StoreSizes Sizes() const override {
    Engine::StoreSizes sizes;
    absl::StatusOr<std::unique_ptr<PostgresConnection>> connection = Open(Mode::kRead);
    if (!connection.ok()) return sizes;
    (*connection)
        ->Query("SELECT pg_database_size(current_database())", {},
                [&sizes](const Row& row) { sizes.store_bytes = row.Int(0); })
        .IgnoreError();
    return sizes;
  }

  absl::StatusOr<std::vector<CheckFault>> CheckIntegrity() override {
    SALES_ASSIGN_OR_RETURN(std::unique_ptr<PostgresConnection> connection, Open(Mode::kRead));
    std::vector<CheckFault> faults;
    SALES_RETURN_IF_ERROR(connection->Query(
        "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database() AND "
        "checksum_failures > 0",
        {}, [&faults](const Row& row) {
          faults.push_back(
              {"", "integrity",
               absl::StrCat("the server found ", row.Int(0), " pages whose checksums are wrong")});
        }));
    SALES_RETURN_IF_ERROR(connection->Query(
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE connamespace = "
        "current_schema()::regnamespace AND NOT convalidated",
        {}, [&faults](const Row& row) {
          faults.push_back(
              {"", "foreign_key",
               absl::StrCat("a constraint of ", std::string(row.Text(0)), " was never checked")});
        }));
    return faults;
  }

 private:
  absl::StatusOr<std::unique_ptr<PostgresConnection>> Open(Mode mode) const {
    return PostgresConnection::Open({dsn_, mode, TargetOf(read_only_), relaxed_});
  }

  const std::string dsn_;
  const std::string read_dsn_;
  const bool relaxed_;
  const bool read_only_;
  // Used by whoever waits for others.
  std::unique_ptr<PostgresConnection> listener_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::unique_ptr<PostgresConnection> leaser_;
};

// What names the database in "postgres:…"; a URI is one as it stands.
std::string PlaceOf(const std::string& store) {
  constexpr absl::string_view kScheme = "postgres:";
  return absl::StartsWith(store, kScheme) ? store.substr(kScheme.size()) : store;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Driver>> OpenPostgres(const std::string& store,
                                                     const EngineOptions& options,
                                                     absl::Span<const Migration> migrations,
                                                     absl::Time now) {
  SALES_ASSIGN_OR_RETURN(std::string dsn, ReadDsn(PlaceOf(store), "store"));
  std::string read_dsn;
  if (!options.read_store.empty()) {
    SALES_ASSIGN_OR_RETURN(read_dsn, ReadDsn(PlaceOf(options.read_store), "read_store"));
  }
  const bool migrate = options.migrate && options.access != Access::kReadOnly;
  const Mode mode = options.access == Access::kReadOnly ? Mode::kRead : Mode::kWrite;
  SALES_ASSIGN_OR_RETURN(std::unique_ptr<PostgresConnection> connection,
                         PostgresConnection::Open({dsn, mode, TargetOf(mode == Mode::kRead)}));
  SALES_RETURN_IF_ERROR(migrate ? MigratePostgres(*connection, migrations, now)
                                : CheckPostgresSchema(*connection, migrations));
  return std::make_unique<PostgresDriver>(std::move(dsn), std::move(read_dsn), options);
}

}  // namespace sales::sql
