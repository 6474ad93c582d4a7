#include "src/store/token_rows.h"

#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define TOKEN_COLUMNS \
  "workspace, token, role, actor, creator, create_time, expire_time, revoke_time"

Token ReadToken(const sql::Row& row) {
  Token token;
  token.workspace = TextOf(row, 0);
  token.id = TextOf(row, 1);
  token.role = static_cast<Role>(row.Int(2));
  token.actor = TextOf(row, 3);
  token.creator = TextOf(row, 4);
  token.create_time = TimeOf(row, 5);
  token.expire_time = TimeOf(row, 6);
  token.revoke_time = OptionalTimeOf(row, 7);
  return token;
}

}  // namespace

absl::StatusOr<std::optional<Token>> LoadToken(sql::Connection& db, const std::string& workspace,
                                               const std::string& token) {
  std::optional<Token> found;
  SALES_RETURN_IF_ERROR(db.Query("SELECT " TOKEN_COLUMNS
                                 " FROM tokens WHERE workspace = $1 AND token = $2",
                                 {std::string_view(workspace), std::string_view(token)},
                                 [&](const sql::Row& row) { found = ReadToken(row); }));
  return found;
}

absl::StatusOr<std::optional<Token>> FindToken(sql::Connection& db, const std::string& hash) {
  std::optional<Token> found;
  SALES_RETURN_IF_ERROR(db.Query("SELECT " TOKEN_COLUMNS " FROM tokens WHERE hash = $1",
                                 {std::string_view(hash)},
                                 [&](const sql::Row& row) { found = ReadToken(row); }));
  return found;
}

absl::Status InsertToken(sql::Connection& db, const Token& token, const std::string& hash) {
  return db.Apply(
      "INSERT INTO tokens (" TOKEN_COLUMNS ", hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {std::string_view(token.workspace), std::string_view(token.id),
       static_cast<int64_t>(token.role), std::string_view(token.actor),
       std::string_view(token.creator), ToMicros(token.create_time), ToMicros(token.expire_time),
       Nullable(token.revoke_time), std::string_view(hash)});
}

absl::Status SetRevokeTime(sql::Connection& db, const Token& token) {
  return db.Apply(
      "UPDATE tokens SET revoke_time = $3 WHERE workspace = $1 AND token = $2",
      {std::string_view(token.workspace), std::string_view(token.id), Nullable(token.revoke_time)});
}

absl::StatusOr<std::vector<Token>> ListTokens(sql::Connection& db, const std::string& workspace,
                                              const std::string& after, int count) {
  std::vector<Token> tokens;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " TOKEN_COLUMNS
               " FROM tokens WHERE workspace = $1 AND token > $2 ORDER BY token LIMIT $3",
               {std::string_view(workspace), std::string_view(after), int64_t{count}},
               [&](const sql::Row& row) { tokens.push_back(ReadToken(row)); }));
  return tokens;
}

absl::StatusOr<int64_t> CountGoodTokens(sql::Connection& db, const std::string& workspace,
                                        absl::Time now) {
  int64_t count = 0;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT COUNT(*) FROM tokens WHERE workspace = $1 AND revoke_time IS NULL AND "
               "expire_time > $2",
               {std::string_view(workspace), ToMicros(now)},
               [&](const sql::Row& row) { count = row.Int(0); }));
  return count;
}

}  // namespace sales::store
