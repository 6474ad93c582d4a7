#include "src/store/request_rows.h"

#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {

absl::StatusOr<std::optional<RequestRow>> LoadRequest(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& request_id,
                                                      absl::Time now) {
  std::optional<RequestRow> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT fingerprint, answer FROM requests WHERE workspace = $1 AND "
               "request_id = $2 AND expire_time > $3",
               {std::string_view(workspace), std::string_view(request_id), ToMicros(now)},
               [&](const sql::Row& row) {
                 found = RequestRow{static_cast<uint64_t>(row.Int(0)), TextOf(row, 1)};
               }));
  return found;
}

absl::Status SaveRequest(sql::Connection& db, const std::string& workspace,
                         const std::string& request_id, const RequestRow& row,
                         absl::Time expire_time) {
  return db
      .Execute(
          "INSERT INTO requests (workspace, request_id, fingerprint, answer, expire_time) "
          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, request_id) DO UPDATE SET "
          "fingerprint = excluded.fingerprint, answer = excluded.answer, "
          "expire_time = excluded.expire_time",
          {std::string_view(workspace), std::string_view(request_id),
           static_cast<int64_t>(row.fingerprint), std::string_view(row.answer),
           ToMicros(expire_time)})
      .status();
}

absl::Status DeleteExpiredRequests(sql::Connection& db, const std::string& workspace,
                                   absl::Time now, int64_t count) {
  return db
      .Execute(
          "DELETE FROM requests WHERE workspace = $1 AND request_id IN (SELECT request_id FROM "
          "requests WHERE workspace = $1 AND expire_time <= $2 ORDER BY expire_time LIMIT $3)",
          {std::string_view(workspace), ToMicros(now), count})
      .status();
}

}  // namespace sales::store
