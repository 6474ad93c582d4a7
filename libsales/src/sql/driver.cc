#include "src/sql/driver.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/engine.h"
#include "src/decide/errors.h"
#include "src/sql/sqlite.h"
#ifdef SALES_POSTGRES
#include "src/sql/postgres.h"
#endif

namespace sales::sql {

namespace {

absl::StatusOr<std::unique_ptr<Driver>> OpenServer([[maybe_unused]] const EngineOptions& options,
                                                   [[maybe_unused]] const Migrations& migrations,
                                                   [[maybe_unused]] absl::Time now) {
#ifdef SALES_POSTGRES
  return OpenPostgres(options.store, options, migrations.postgres, now);
#else
  return FieldError(Reason::kSettingInvalid, "store",
                    "names a PostgreSQL database, without which this libsales was built "
                    "(SALES_POSTGRES)");
#endif
}

}  // namespace

absl::Status Connection::QueryAll(absl::Span<const Question> questions) {
  for (const Question& question : questions) {
    SALES_RETURN_IF_ERROR(Query(question.sql, question.params, question.on_row));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Driver>> OpenDriver(const EngineOptions& options,
                                                   const Migrations& migrations, absl::Time now) {
  const std::string scheme = options.store.substr(0, options.store.find(':') + 1);
  if (scheme == "sqlite:") {
    return OpenSqlite(options.store.substr(scheme.size()), options, migrations.sqlite, now);
  }
  if (scheme == "postgres:" || scheme == "postgresql:") {
    return OpenServer(options, migrations, now);
  }
  return FieldError(Reason::kSettingInvalid, "store",
                    "names no database that is supported; use sqlite:FILE or postgres:@FILE");
}

}  // namespace sales::sql
