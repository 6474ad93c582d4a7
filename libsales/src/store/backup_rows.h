// When the store was last backed up.
#ifndef SALES_SRC_STORE_BACKUP_ROWS_H_
#define SALES_SRC_STORE_BACKUP_ROWS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/sql/driver.h"

namespace sales::store {

struct LastBackup {
  // When it began: what was written later is not in it.
  absl::Time time;
  int64_t bytes = 0;
};

absl::StatusOr<std::optional<LastBackup>> LoadLastBackup(sql::Connection& db);
absl::Status SaveLastBackup(sql::Connection& db, const LastBackup& backup);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_BACKUP_ROWS_H_
