// Brings a SQLite file to the schema that the code expects, or refuses it.
#ifndef SALES_SRC_SQL_SQLITE_MIGRATE_H_
#define SALES_SRC_SQL_SQLITE_MIGRATE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/sql/driver.h"
#include "src/sql/sqlite_connection.h"

namespace sales::sql {

// Whether the file is a store of libsales, or (`empty_is_fine`) nothing yet. Only reads. Errors:
// STORE_FOREIGN, STORE_CORRUPT.
absl::Status CheckOwner(SqliteConnection& connection, bool empty_is_fine);

// Refuses a schema that the migrations do not lead to. Errors: STORE_NEWER, STORE_NOT_MIGRATED,
// STORE_FOREIGN.
absl::Status CheckSchema(SqliteConnection& connection, absl::Span<const Migration> migrations);

// Applies the migrations that are missing, each in a transaction of its own. Two processes may do
// so at once. Errors: those of CheckSchema but STORE_NOT_MIGRATED.
absl::Status Migrate(SqliteConnection& connection, absl::Span<const Migration> migrations,
                     absl::Time now);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SQLITE_MIGRATE_H_
