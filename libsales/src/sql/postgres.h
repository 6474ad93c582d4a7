// The driver of PostgreSQL, and of what speaks its protocol: many writers, many processes.
#ifndef SALES_SRC_SQL_POSTGRES_H_
#define SALES_SRC_SQL_POSTGRES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/engine.h"
#include "src/sql/driver.h"

namespace sales::sql {

// OpenDriver for a database: "postgres:" and a connection string of libpq without a password, or
// "@FILE", a file that holds one with or without; or a URI of libpq as it stands.
absl::StatusOr<std::unique_ptr<Driver>> OpenPostgres(const std::string& store,
                                                     const EngineOptions& options,
                                                     absl::Span<const Migration> migrations,
                                                     absl::Time now);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_POSTGRES_H_
