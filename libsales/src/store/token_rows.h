// Tokens, by workspace and id, and by the hash of their secret.
#ifndef SALES_SRC_STORE_TOKEN_ROWS_H_
#define SALES_SRC_STORE_TOKEN_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/token.h"
#include "src/sql/driver.h"

namespace sales::store {

absl::StatusOr<std::optional<Token>> LoadToken(sql::Connection& db, const std::string& workspace,
                                               const std::string& token);
absl::StatusOr<std::optional<Token>> FindToken(sql::Connection& db, const std::string& hash);
absl::Status InsertToken(sql::Connection& db, const Token& token, const std::string& hash);
absl::Status SetRevokeTime(sql::Connection& db, const Token& token);
// Up to `count` with an id after `after`, by id.
absl::StatusOr<std::vector<Token>> ListTokens(sql::Connection& db, const std::string& workspace,
                                              const std::string& after, int count);
// How many are neither revoked nor expired.
absl::StatusOr<int64_t> CountGoodTokens(sql::Connection& db, const std::string& workspace,
                                        absl::Time now);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_TOKEN_ROWS_H_
