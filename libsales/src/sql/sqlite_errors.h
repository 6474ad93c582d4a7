// Turns SQLite's result codes into reasons.
#ifndef SALES_SRC_SQL_SQLITE_ERRORS_H_
#define SALES_SRC_SQL_SQLITE_ERRORS_H_

#include <sqlite3.h>

#include "absl/status/status.h"

namespace sales::sql {

// The error of the connection's last call, which returned `code` (with extended bits). Its text
// never holds a bound value.
absl::Status SqliteError(sqlite3* db, int code);

// The error of a system call on the store's files, which set `error_number`.
absl::Status SystemError(int error_number);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SQLITE_ERRORS_H_
