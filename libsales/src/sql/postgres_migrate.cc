#include "src/sql/postgres_migrate.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"
#include "src/sql/schema_history.h"

namespace sales::sql {
namespace {

// What the driver itself needs. `turns` orders writes, `leases` says which process has a work to
// itself; each process looks after the time by the server's clock.
constexpr char kCreateOwn[] = R"sql(
CREATE TABLE migrations (
  number BIGINT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  checksum TEXT NOT NULL,
  apply_time BIGINT NOT NULL
);
CREATE TABLE turns (
  workspace TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  taken BIGINT NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE leases (
  workspace TEXT COLLATE "C" NOT NULL,  -- empty: of the whole store
  work TEXT COLLATE "C" NOT NULL,
  holder TEXT NOT NULL,
  until_time TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (workspace, work)
) WITH (fillfactor = 50);
)sql";

// Any number that other programs in the database will not have chosen: "sales" in ASCII.
constexpr char kLock[] = "SELECT pg_advisory_lock(495555732851)";
constexpr char kUnlock[] = "SELECT pg_advisory_unlock(495555732851)";

absl::StatusOr<int64_t> QueryInt(PostgresConnection& connection, const char* sql) {
  int64_t number = 0;
  SALES_RETURN_IF_ERROR(
      connection.Query(sql, {}, [&number](const Row& row) { number = row.Int(0); }));
  return number;
}

// The version of the store, 0 where there is none yet. Errors: STORE_FOREIGN, STORE_NEWER.
absl::StatusOr<int64_t> KnownVersion(PostgresConnection& connection,
                                     absl::Span<const Migration> migrations) {
  SALES_ASSIGN_OR_RETURN(
      const int64_t own,
      QueryInt(connection,
               "SELECT count(*) FROM information_schema.columns WHERE table_schema = "
               "current_schema() AND (table_name, column_name) IN (('migrations', 'checksum'), "
               "('turns', 'taken'), ('leases', 'holder'))"));
  if (own == 0) {
    SALES_ASSIGN_OR_RETURN(const int64_t tables,
                           QueryInt(connection,
                                    "SELECT count(*) FROM information_schema.tables WHERE "
                                    "table_schema = current_schema()"));
    if (tables == 0) return 0;
  }
  if (own != 3) {
    return ForeignError(
        "the database's schema belongs to another program; name a database or schema of its own");
  }
  SALES_ASSIGN_OR_RETURN(const int64_t version,
                         QueryInt(connection, "SELECT coalesce(max(number), 0) FROM migrations"));
  SALES_RETURN_IF_ERROR(CheckKnown(version, migrations));
  return version;
}

absl::Status Apply(PostgresConnection& connection, const Migration& migration, bool first,
                   absl::Time now) {
  // One script is one transaction: also what creates tables is undone where it fails.
  SALES_RETURN_IF_ERROR(connection.RunScript(
      absl::StrCat("BEGIN; ", first ? kCreateOwn : "", migration.ddl,
                   "; INSERT INTO migrations VALUES (", migration.number, ", '", migration.title,
                   "', '", ChecksumOf(migration), "', ", absl::ToUnixMicros(now), "); COMMIT")));
  return absl::OkStatus();
}

absl::Status MigrateInTurn(PostgresConnection& connection, absl::Span<const Migration> migrations,
                           absl::Time now) {
  SALES_ASSIGN_OR_RETURN(const int64_t version, KnownVersion(connection, migrations));
  bool first = version == 0;
  for (const Migration& migration : migrations) {
    if (migration.number <= version) continue;
    SALES_RETURN_IF_ERROR(Apply(connection, migration, first, now));
    first = false;
  }
  return CheckPostgresSchema(connection, migrations);
}

}  // namespace

absl::Status CheckPostgresSchema(PostgresConnection& connection,
                                 absl::Span<const Migration> migrations) {
  SALES_ASSIGN_OR_RETURN(const int64_t version, KnownVersion(connection, migrations));
  if (version == 0) {
    return MakeError(Reason::kStoreNotMigrated, "the store is empty; migrate it first");
  }
  std::vector<std::string> applied;
  SALES_RETURN_IF_ERROR(
      connection.Query("SELECT checksum FROM migrations ORDER BY number", {},
                       [&applied](const Row& row) { applied.emplace_back(row.Text(0)); }));
  SALES_RETURN_IF_ERROR(CheckApplied(applied, version, migrations));
  return CheckCurrent(version, migrations);
}

absl::Status MigratePostgres(PostgresConnection& connection, absl::Span<const Migration> migrations,
                             absl::Time now) {
  SALES_RETURN_IF_ERROR(CheckNumbers(migrations));
  // However long another process migrates.
  SALES_RETURN_IF_ERROR(connection.RunScript("SET lock_timeout = 0"));
  SALES_RETURN_IF_ERROR(connection.Query(kLock, {}, [](const Row&) {}));
  absl::Status status = MigrateInTurn(connection, migrations, now);
  if (!status.ok()) connection.RunScript("ROLLBACK").IgnoreError();
  connection.Query(kUnlock, {}, [](const Row&) {}).IgnoreError();
  return status;
}

}  // namespace sales::sql
