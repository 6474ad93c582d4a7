// What PostgreSQL's errors mean to a caller.
#ifndef SALES_SRC_SQL_POSTGRES_ERRORS_H_
#define SALES_SRC_SQL_POSTGRES_ERRORS_H_

#include <libpq-fe.h>

#include "absl/status/status.h"

namespace sales::sql {

// Of a result that is one of an error. Nothing of the server's own text that could hold values of
// rows is passed on.
absl::Status PostgresError(const PGresult* result);

// Whether the server, though it answers, cannot be written through this connection any more: it
// shuts down, or has become a standby.
bool MustReconnect(const PGresult* result);

// Of a connection that is gone or was never made. `doing` completes "the database cannot be …".
absl::Status PostgresUnavailable(const char* doing);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_POSTGRES_ERRORS_H_
