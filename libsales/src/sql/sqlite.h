// The driver of SQLite: one file, its write-ahead log beside it, one writer, snapshot readers.
#ifndef SALES_SRC_SQL_SQLITE_H_
#define SALES_SRC_SQL_SQLITE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/engine.h"
#include "src/sql/driver.h"

namespace sales::sql {

// Marks a file as a store of libsales: "sale".
inline constexpr int kSqliteApplicationId = 0x73616C65;

// OpenDriver for the file at `path`.
absl::StatusOr<std::unique_ptr<Driver>> OpenSqlite(const std::string& path,
                                                   const EngineOptions& options,
                                                   absl::Span<const Migration> migrations,
                                                   absl::Time now);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SQLITE_H_
