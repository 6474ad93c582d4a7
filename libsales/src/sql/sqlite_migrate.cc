#include "src/sql/sqlite_migrate.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"
#include "src/sql/schema_history.h"
#include "src/sql/sqlite.h"

namespace sales::sql {
namespace {

constexpr char kCreateMigrations[] =
    "CREATE TABLE IF NOT EXISTS migrations ("
    "number INTEGER NOT NULL PRIMARY KEY, title TEXT NOT NULL, checksum TEXT NOT NULL, "
    "apply_time INTEGER NOT NULL) STRICT";

// Compares the store's record of its migrations with those that this library has.
absl::Status CheckRecord(SqliteConnection& connection, absl::Span<const Migration> migrations,
                         int64_t version) {
  std::vector<std::string> applied;
  const absl::Status status =
      connection.Query("SELECT checksum FROM migrations ORDER BY number", {},
                       [&applied](const Row& row) { applied.emplace_back(row.Text(0)); });
  if (ReasonOf(status) == Reason::kInternal) {
    return ForeignError("the store has no record of its migrations; libsales did not make it");
  }
  SALES_RETURN_IF_ERROR(status);
  return CheckApplied(applied, version, migrations);
}

// The store's version, refused if it is above what the migrations lead to.
absl::StatusOr<int64_t> KnownVersion(SqliteConnection& connection,
                                     absl::Span<const Migration> migrations) {
  SALES_ASSIGN_OR_RETURN(const int64_t version, connection.QueryInt("PRAGMA user_version"));
  SALES_RETURN_IF_ERROR(CheckKnown(version, migrations));
  return version;
}

absl::Status CheckForeignKeys(SqliteConnection& connection) {
  bool broken = false;
  SALES_RETURN_IF_ERROR(
      connection.Query("PRAGMA foreign_key_check", {}, [&broken](const Row&) { broken = true; }));
  if (!broken) return absl::OkStatus();
  return MakeError(Reason::kStoreCorrupt,
                   "a migration found rows that refer to missing ones; restore a backup");
}

absl::Status Apply(SqliteConnection& connection, const Migration& migration, absl::Time now) {
  if (migration.number == 1) {
    const std::string mark = absl::StrCat("PRAGMA application_id = ", kSqliteApplicationId);
    SALES_RETURN_IF_ERROR(connection.RunScript(mark.c_str()));
    SALES_RETURN_IF_ERROR(connection.RunScript(kCreateMigrations));
  }
  SALES_RETURN_IF_ERROR(connection.RunScript(migration.ddl));
  const std::string checksum = ChecksumOf(migration);
  const Param params[] = {int64_t{migration.number}, std::string_view(migration.title),
                          std::string_view(checksum), absl::ToUnixMicros(now)};
  SALES_RETURN_IF_ERROR(connection
                            .Execute("INSERT INTO migrations (number, title, checksum, apply_time) "
                                     "VALUES ($1, $2, $3, $4)",
                                     params)
                            .status());
  const std::string version = absl::StrCat("PRAGMA user_version = ", migration.number);
  SALES_RETURN_IF_ERROR(connection.RunScript(version.c_str()));
  return CheckForeignKeys(connection);
}

}  // namespace

absl::Status CheckOwner(SqliteConnection& connection, bool empty_is_fine) {
  SALES_ASSIGN_OR_RETURN(const int64_t owner, connection.QueryInt("PRAGMA application_id"));
  if (owner == kSqliteApplicationId) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const int64_t entries,
                         connection.QueryInt("SELECT count(*) FROM sqlite_master"));
  if (owner == 0 && entries == 0 && empty_is_fine) return absl::OkStatus();
  if (owner == 0 && entries == 0) {
    return MakeError(Reason::kStoreNotMigrated, "the store is empty; migrate it first");
  }
  return ForeignError("the database belongs to another program; name a store, or a new file");
}

absl::Status CheckSchema(SqliteConnection& connection, absl::Span<const Migration> migrations) {
  SALES_ASSIGN_OR_RETURN(const int64_t version, KnownVersion(connection, migrations));
  SALES_RETURN_IF_ERROR(CheckRecord(connection, migrations, version));
  return CheckCurrent(version, migrations);
}

absl::Status Migrate(SqliteConnection& connection, absl::Span<const Migration> migrations,
                     absl::Time now) {
  SALES_RETURN_IF_ERROR(CheckNumbers(migrations));
  for (const Migration& migration : migrations) {
    SALES_ASSIGN_OR_RETURN(const int64_t seen, KnownVersion(connection, migrations));
    if (seen >= migration.number) continue;
    SALES_RETURN_IF_ERROR(connection.Begin(Connection::Mode::kWrite, {}));
    absl::Status status;
    // Another process may have applied it while this one waited for its turn.
    absl::StatusOr<int64_t> version = connection.QueryInt("PRAGMA user_version");
    status = version.status();
    if (status.ok() && *version < migration.number) status = Apply(connection, migration, now);
    if (status.ok()) status = connection.Commit();
    if (!status.ok()) {
      connection.Rollback();
      return status;
    }
  }
  return CheckSchema(connection, migrations);
}

}  // namespace sales::sql
