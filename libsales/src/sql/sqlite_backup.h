// Copies a SQLite store into a file of its own, while others read and write.
#ifndef SALES_SRC_SQL_SQLITE_BACKUP_H_
#define SALES_SRC_SQL_SQLITE_BACKUP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "src/sql/sqlite_connection.h"

namespace sales::sql {

// See Driver::Backup. `from` says how the store is opened.
absl::StatusOr<int64_t> BackupSqlite(SqliteConnectionOptions from, const std::string& file);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SQLITE_BACKUP_H_
