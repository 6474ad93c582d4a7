// The answers of recent writes, for callers that ask again.
#ifndef SALES_SRC_STORE_REQUEST_ROWS_H_
#define SALES_SRC_STORE_REQUEST_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/sql/driver.h"

namespace sales::store {

struct RequestRow {
  uint64_t fingerprint = 0;
  // Empty: it was about a contact that was erased since.
  std::string answer;
};

// What was answered under the id, unless that has expired.
absl::StatusOr<std::optional<RequestRow>> LoadRequest(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& request_id,
                                                      absl::Time now);
absl::Status SaveRequest(sql::Connection& db, const std::string& workspace,
                         const std::string& request_id, const RequestRow& row,
                         absl::Time expire_time);
// Takes the answers that hold one of these ids as a JSON text away; the requests stay known, with
// an empty answer.
absl::Status ScrubAnswers(sql::Connection& db, const std::string& workspace,
                          const std::vector<std::string>& sorted_ids);
// Deletes at most `count` expired requests, so that the table does not grow for ever.
absl::Status DeleteExpiredRequests(sql::Connection& db, const std::string& workspace,
                                   absl::Time now, int64_t count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_REQUEST_ROWS_H_
