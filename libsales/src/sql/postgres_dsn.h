// How a PostgreSQL database is named.
#ifndef SALES_SRC_SQL_POSTGRES_DSN_H_
#define SALES_SRC_SQL_POSTGRES_DSN_H_

#include <string>

#include "absl/status/statusor.h"

namespace sales::sql {

// The connection string that `place` holds or, after '@', names the file of. `field` is the setting
// that errors are about. Errors: SETTING_INVALID.
absl::StatusOr<std::string> ReadDsn(const std::string& place, const char* field);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_POSTGRES_DSN_H_
