#include "src/sql/driver.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/engine.h"
#include "src/decide/errors.h"
#include "src/sql/sqlite.h"

namespace sales::sql {

absl::StatusOr<std::unique_ptr<Driver>> OpenDriver(const EngineOptions& options,
                                                   absl::Span<const Migration> migrations,
                                                   absl::Time now) {
  const size_t colon = options.store.find(':');
  const std::string scheme = options.store.substr(0, colon);
  if (colon == std::string::npos || scheme != "sqlite") {
    return FieldError(Reason::kSettingInvalid, "store",
                      "names no database that is supported; use sqlite:FILE");
  }
  return OpenSqlite(options.store.substr(colon + 1), options, migrations, now);
}

}  // namespace sales::sql
