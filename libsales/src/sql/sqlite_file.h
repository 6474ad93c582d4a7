// What is done with a store's files around SQLite: a first look, and the lock beside them.
#ifndef SALES_SRC_SQL_SQLITE_FILE_H_
#define SALES_SRC_SQL_SQLITE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/engine.h"

namespace sales::sql {

// Refuses a path that holds no SQLite file, before anything is written beside it. A missing or
// empty file is fine where one may be made.
absl::Status LookAtSqliteFile(const std::string& path, bool may_create);

// 0 where there is no such file.
int64_t FileBytes(const std::string& path);

// What is free on the volume of the file; 0 where that cannot be told.
int64_t FreeBytesAt(const std::string& path);

// Says who else may have the store, by an advisory lock on "FILE-lock". Held until destroyed, and
// freed by the system if the process dies.
class StoreLock {
 public:
  // An engine that neither serves nor migrates takes none: it may write beside a server, as whoever
  // makes the first token does. Errors: STORE_IN_USE, STORE_MISSING, STORE_READ_ONLY, STORE_FULL,
  // STORE_UNAVAILABLE.
  static absl::StatusOr<StoreLock> Take(const std::string& path, const EngineOptions& options);

  StoreLock(StoreLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  StoreLock& operator=(StoreLock&&) = delete;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}
  int file_;
};

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SQLITE_FILE_H_
