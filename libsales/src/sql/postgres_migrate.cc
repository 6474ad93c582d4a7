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

// One step of the schema is taken at a time: whoever takes it holds the turn of the store as a
// whole, which is a row like any other turn. Engines that speak the protocol need not have advisory
// locks, and may want a transaction that changes the schema to have written nothing before.
constexpr char kMakeTurn[] =
    "INSERT INTO turns (workspace, taken) VALUES ('', 0) ON CONFLICT (workspace) DO NOTHING";
constexpr char kTakeTurn[] = "SELECT taken FROM turns WHERE workspace = '' FOR UPDATE";

absl::StatusOr<int64_t> QueryInt(PostgresConnection& connection, const char* sql) {
  int64_t number = 0;
  SALES_RETURN_IF_ERROR(
      connection.Query(sql, {}, [&number](const Row& row) { number = row.Int(0); }));
  return number;
}

// Whether the tables of the driver itself are there; not where nothing is. Errors: STORE_FOREIGN.
absl::StatusOr<bool> HasOwn(PostgresConnection& connection) {
  int64_t own = 0;
  int64_t all = 0;
  // In one statement: another process may make them meanwhile.
  SALES_RETURN_IF_ERROR(connection.Query(
      "SELECT count(CASE WHEN (table_name, column_name) IN (('migrations', 'checksum'), "
      "('turns', 'taken'), ('leases', 'holder')) THEN 1 END), count(*) "
      "FROM information_schema.columns WHERE table_schema = current_schema()",
      {}, [&own, &all](const Row& row) {
        own = row.Int(0);
        all = row.Int(1);
      }));
  if (own == 3) return true;
  if (all == 0) return false;
  return ForeignError(
      "the database's schema belongs to another program; name a database or schema of its own");
}

// The version of the store, 0 where there is none yet. Errors: STORE_FOREIGN, STORE_NEWER.
absl::StatusOr<int64_t> KnownVersion(PostgresConnection& connection,
                                     absl::Span<const Migration> migrations) {
  SALES_ASSIGN_OR_RETURN(const bool has_own, HasOwn(connection));
  if (!has_own) return 0;
  SALES_ASSIGN_OR_RETURN(const int64_t version,
                         QueryInt(connection, "SELECT coalesce(max(number), 0) FROM migrations"));
  SALES_RETURN_IF_ERROR(CheckKnown(version, migrations));
  return version;
}

absl::Status MakeOwn(PostgresConnection& connection) {
  const absl::Status made = connection.RunScript(absl::StrCat("BEGIN; ", kCreateOwn, "; COMMIT"));
  if (made.ok()) return absl::OkStatus();
  connection.RunScript("ROLLBACK").IgnoreError();
  // Of many that are the first at once, all but one are refused, and find that it is done.
  SALES_ASSIGN_OR_RETURN(const bool has_own, HasOwn(connection));
  return has_own ? absl::OkStatus() : made;
}

// In a transaction that is open: also what creates tables is undone where the rest fails.
absl::Status ApplyInTurn(PostgresConnection& connection, absl::Span<const Migration> migrations,
                         const Migration& migration, absl::Time now) {
  // A script is waited for however long another process migrates.
  SALES_RETURN_IF_ERROR(connection.RunScript(kTakeTurn));
  // Whoever had the turn before may have taken this step.
  SALES_ASSIGN_OR_RETURN(const int64_t version, KnownVersion(connection, migrations));
  if (migration.number <= version) return absl::OkStatus();
  return connection.RunScript(absl::StrCat(
      migration.ddl, "; INSERT INTO migrations VALUES (", migration.number, ", '", migration.title,
      "', '", ChecksumOf(migration), "', ", absl::ToUnixMicros(now), ")"));
}

absl::Status Apply(PostgresConnection& connection, absl::Span<const Migration> migrations,
                   const Migration& migration, absl::Time now) {
  SALES_RETURN_IF_ERROR(connection.Execute(kMakeTurn, {}).status());
  SALES_RETURN_IF_ERROR(connection.Begin(Connection::Mode::kWrite, {}));
  absl::Status status = ApplyInTurn(connection, migrations, migration, now);
  if (status.ok()) status = connection.Commit();
  connection.Rollback();
  return status;
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
  SALES_ASSIGN_OR_RETURN(const bool has_own, HasOwn(connection));
  if (!has_own) SALES_RETURN_IF_ERROR(MakeOwn(connection));
  SALES_ASSIGN_OR_RETURN(const int64_t version, KnownVersion(connection, migrations));
  SALES_RETURN_IF_ERROR(connection.RunScript("SET lock_timeout = 0"));
  for (const Migration& migration : migrations) {
    if (migration.number <= version) continue;
    SALES_RETURN_IF_ERROR(Apply(connection, migrations, migration, now));
  }
  return CheckPostgresSchema(connection, migrations);
}

}  // namespace sales::sql
