#include "src/store/unfinished_rows.h"

#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {

absl::StatusOr<std::optional<Unfinished>> LoadUnfinished(sql::Connection& db,
                                                         const std::string& workspace) {
  std::optional<Unfinished> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT import, until_time FROM unfinished_workspaces WHERE workspace = $1",
               {sql::Param(std::string_view(workspace))}, [&found](const sql::Row& row) {
                 found = Unfinished{TextOf(row, 0), TimeOf(row, 1)};
               }));
  return found;
}

absl::Status SaveUnfinished(sql::Connection& db, const std::string& workspace,
                            const Unfinished& unfinished) {
  return db.Apply(
      "INSERT INTO unfinished_workspaces (workspace, import, until_time) VALUES ($1, $2, $3) "
      "ON CONFLICT (workspace) DO UPDATE SET import = $2, until_time = $3",
      {std::string_view(workspace), std::string_view(unfinished.import),
       ToMicros(unfinished.until)});
}

absl::Status DeleteUnfinished(sql::Connection& db, const std::string& workspace) {
  return db.Apply("DELETE FROM unfinished_workspaces WHERE workspace = $1",
                  {sql::Param(std::string_view(workspace))});
}

absl::StatusOr<std::optional<std::string>> NextRemovable(sql::Connection& db, absl::Time now) {
  std::optional<std::string> found;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT workspace FROM unfinished_workspaces WHERE until_time <= $1 "
      "ORDER BY workspace LIMIT 1",
      {sql::Param(ToMicros(now))}, [&found](const sql::Row& row) { found = TextOf(row, 0); }));
  return found;
}

absl::StatusOr<int64_t> CountUnfinished(sql::Connection& db) {
  int64_t count = 0;
  SALES_RETURN_IF_ERROR(db.Query("SELECT COUNT(*) FROM unfinished_workspaces", {},
                                 [&count](const sql::Row& row) { count = row.Int(0); }));
  return count;
}

}  // namespace sales::store
