#include "src/store/backup_rows.h"

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {

absl::StatusOr<std::optional<LastBackup>> LoadLastBackup(sql::Connection& db) {
  std::optional<LastBackup> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT backup_time, bytes FROM last_backup", {}, [&found](const sql::Row& row) {
        found = LastBackup{TimeOf(row, 0), row.Int(1)};
      }));
  return found;
}

absl::Status SaveLastBackup(sql::Connection& db, const LastBackup& backup) {
  return db.Apply(
      "INSERT INTO last_backup (one, backup_time, bytes) VALUES (1, $1, $2) "
      "ON CONFLICT (one) DO UPDATE SET backup_time = $1, bytes = $2",
      {ToMicros(backup.time), backup.bytes});
}

}  // namespace sales::store
