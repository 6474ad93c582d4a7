#ifndef SALES_STORE_H_
#define SALES_STORE_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace sales {

// How a store is, for whoever runs it.
struct StoreStatus {
  // By how many migrations its schema was made.
  int schema_version = 0;
  // By the engine's clock.
  absl::Time now;
  // Bytes of the store, of its write-ahead log, and those that are free on their volume; the last
  // is -1 where a database's own server looks after that.
  int64_t store_bytes = 0;
  int64_t log_bytes = 0;
  int64_t free_bytes = 0;
  // When the last backup through an engine began, and how many bytes it has; unset: there was none.
  std::optional<absl::Time> backup_time;
  int64_t backup_bytes = 0;
  int64_t workspaces = 0;
  // Ids under which an import or a removal is not finished.
  int64_t workspaces_unfinished = 0;
};

}  // namespace sales

#endif  // SALES_STORE_H_
