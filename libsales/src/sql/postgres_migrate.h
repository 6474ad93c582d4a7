// Brings a PostgreSQL schema to what the code expects, or refuses it.
#ifndef SALES_SRC_SQL_POSTGRES_MIGRATE_H_
#define SALES_SRC_SQL_POSTGRES_MIGRATE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/sql/driver.h"
#include "src/sql/postgres_connection.h"

namespace sales::sql {

// Refuses a schema that the migrations do not lead to. Errors: STORE_NEWER, STORE_NOT_MIGRATED,
// STORE_FOREIGN.
absl::Status CheckPostgresSchema(PostgresConnection& connection,
                                 absl::Span<const Migration> migrations);

// Applies the migrations that are missing, each in a transaction of its own. Many processes may do
// so at once: they take turns. Errors: those of CheckPostgresSchema but STORE_NOT_MIGRATED.
absl::Status MigratePostgres(PostgresConnection& connection, absl::Span<const Migration> migrations,
                             absl::Time now);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_POSTGRES_MIGRATE_H_
