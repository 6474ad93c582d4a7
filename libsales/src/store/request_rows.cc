#include "src/store/request_rows.h"

#include <algorithm>
#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

// Whether one of the ids stands in the text in quotes: looks at each quoted text once.
bool HoldsOneOf(std::string_view text, const std::vector<std::string>& sorted_ids) {
  size_t open = text.find('"');
  while (open != std::string_view::npos) {
    const size_t close = text.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    const std::string_view quoted = text.substr(open + 1, close - open - 1);
    const auto place = std::lower_bound(sorted_ids.begin(), sorted_ids.end(), quoted);
    if (place != sorted_ids.end() && *place == quoted) return true;
    // The closing quote may open the next: a text with an escaped quote has an odd number.
    open = close;
  }
  return false;
}

}  // namespace

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
  return db.Apply(
      "INSERT INTO requests (workspace, request_id, fingerprint, answer, expire_time) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, request_id) DO UPDATE SET "
      "fingerprint = excluded.fingerprint, answer = excluded.answer, "
      "expire_time = excluded.expire_time",
      {std::string_view(workspace), std::string_view(request_id),
       static_cast<int64_t>(row.fingerprint), std::string_view(row.answer), ToMicros(expire_time)});
}

absl::Status ScrubAnswers(sql::Connection& db, const std::string& workspace,
                          const std::vector<std::string>& sorted_ids) {
  std::vector<std::string> found;
  SALES_RETURN_IF_ERROR(db.Query("SELECT request_id, answer FROM requests WHERE workspace = $1",
                                 {std::string_view(workspace)}, [&](const sql::Row& row) {
                                   if (HoldsOneOf(row.Text(1), sorted_ids))
                                     found.push_back(TextOf(row, 0));
                                 }));
  for (const std::string& request_id : found) {
    SALES_RETURN_IF_ERROR(
        db.Apply("UPDATE requests SET answer = '' WHERE workspace = $1 AND request_id = $2",
                 {std::string_view(workspace), std::string_view(request_id)}));
  }
  return absl::OkStatus();
}

absl::Status DeleteExpiredRequests(sql::Connection& db, const std::string& workspace,
                                   absl::Time now, int64_t count) {
  return db.Apply(
      "DELETE FROM requests WHERE workspace = $1 AND request_id IN (SELECT request_id FROM "
      "requests WHERE workspace = $1 AND expire_time <= $2 ORDER BY expire_time LIMIT $3)",
      {std::string_view(workspace), ToMicros(now), count});
}

}  // namespace sales::store
