// Ids under which rows lie that are no workspace's: those of an import that has not ended, or those
// left of a workspace that was removed.
#ifndef SALES_SRC_STORE_UNFINISHED_ROWS_H_
#define SALES_SRC_STORE_UNFINISHED_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/sql/driver.h"

namespace sales::store {

struct Unfinished {
  // Which import fills the id; empty: all that lies there is to be removed.
  std::string import;
  // Until then nobody else touches the rows.
  absl::Time until;
};

absl::StatusOr<std::optional<Unfinished>> LoadUnfinished(sql::Connection& db,
                                                         const std::string& workspace);
absl::Status SaveUnfinished(sql::Connection& db, const std::string& workspace,
                            const Unfinished& unfinished);
absl::Status DeleteUnfinished(sql::Connection& db, const std::string& workspace);

// An id whose rows are to be removed: nobody's import, or one that has been silent for too long.
absl::StatusOr<std::optional<std::string>> NextRemovable(sql::Connection& db, absl::Time now);
absl::StatusOr<int64_t> CountUnfinished(sql::Connection& db);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_UNFINISHED_ROWS_H_
