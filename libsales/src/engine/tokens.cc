#include "src/decide/tokens.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/assignment.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/list.h"
#include "src/store/token_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::EngineCore;
using internal::ReadScope;
using internal::WriteScope;

absl::Status NoSuchToken() { return MakeError(Reason::kTokenNotFound, "There is no such token."); }

absl::StatusOr<Token> LoadToken(sql::Connection& db, const std::string& workspace,
                                const std::string& token) {
  SALES_ASSIGN_OR_RETURN(std::optional<Token> found, store::LoadToken(db, workspace, token));
  if (!found.has_value()) return NoSuchToken();
  return *std::move(found);
}

Event TokenEvent(EventType type, const Token& token) {
  Event event;
  event.type = type;
  event.subject = "tokens/" + token.id;
  event.changes = {{"role", "", RoleName(token.role)},
                   {"holder", "", token.actor},
                   {"expire_time", "", std::to_string(ToMicros(token.expire_time))}};
  return event;
}

// Changes a token, in a write of its workspace with its event; those of every workspace have none.
absl::StatusOr<Token> WriteToken(
    EngineCore& core, const std::string& workspace, const Call& call, uint64_t fingerprint,
    EventType type, absl::FunctionRef<absl::StatusOr<Token>(sql::Connection&, absl::Time)> body) {
  if (workspace == kEveryWorkspace) {
    return core.WriteAside<Token>(workspace, call, fingerprint,
                                  [&](sql::Connection& db) { return body(db, core.Now()); });
  }
  return core.Write<Token>(workspace, call, fingerprint,
                           [&](WriteScope& scope) -> absl::StatusOr<Token> {
                             SALES_ASSIGN_OR_RETURN(Token token, body(scope.db, scope.now));
                             SALES_RETURN_IF_ERROR(scope.Record(TokenEvent(type, token)));
                             return token;
                           });
}

absl::Status ReadTokens(EngineCore& core, const std::string& workspace, const Call& call,
                        absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  if (workspace == kEveryWorkspace) return core.ReadStore(call, body);
  return core.Read(workspace, call, [&](ReadScope& scope) { return body(scope.db); });
}

absl::Status KeepNew(sql::Connection& db, absl::Time now, const Token& token,
                     const std::string& hash) {
  SALES_ASSIGN_OR_RETURN(const std::optional<Token> same_id,
                         store::LoadToken(db, token.workspace, token.id));
  if (same_id.has_value()) return FieldError(Reason::kTokenExists, "token_id", "is taken");
  SALES_ASSIGN_OR_RETURN(const std::optional<Token> same_hash, store::FindToken(db, hash));
  if (same_hash.has_value()) return FieldError(Reason::kTokenExists, "hash", "is another token's");
  SALES_ASSIGN_OR_RETURN(const int64_t count, store::CountGoodTokens(db, token.workspace, now));
  SALES_RETURN_IF_ERROR(CheckRoomFor("tokens", count, limits::tokens_max));
  return store::InsertToken(db, token, hash);
}

}  // namespace

absl::StatusOr<Token> Engine::FindToken(const std::string& hash, const Call& call) const {
  std::optional<Token> found;
  SALES_RETURN_IF_ERROR(core_->ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, store::FindToken(db, hash));
    return absl::OkStatus();
  }));
  if (!found.has_value() || !IsGood(*found, core_->Now())) return NoSuchToken();
  return *std::move(found);
}

absl::StatusOr<Token> Desk::CreateToken(const sales::CreateToken& command) const {
  SALES_RETURN_IF_ERROR(NewToken(command, call_.actor, core_->Now()).status());
  // The hash is left out: whoever repeats a request may have made another secret for it.
  const uint64_t fingerprint = CallFingerprint(call_, "CreateToken", command);
  return WriteToken(*core_, workspace_, call_, fingerprint, EventType::kTokenCreated,
                    [&](sql::Connection& db, absl::Time now) -> absl::StatusOr<Token> {
                      SALES_ASSIGN_OR_RETURN(Token token, NewToken(command, call_.actor, now));
                      token.workspace = workspace_;
                      if (token.id.empty()) token.id = core_->MakeId();
                      SALES_RETURN_IF_ERROR(KeepNew(db, now, token, command.hash));
                      return token;
                    });
}

absl::StatusOr<Token> Desk::GetToken(const std::string& token) const {
  SALES_RETURN_IF_ERROR(CheckId("token", token));
  Token found;
  SALES_RETURN_IF_ERROR(
      ReadTokens(*core_, workspace_, call_, [&](sql::Connection& db) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(found, LoadToken(db, workspace_, token));
        return absl::OkStatus();
      }));
  return found;
}

absl::StatusOr<Page<Token>> Desk::ListTokens(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"tokens", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Token> page;
  SALES_RETURN_IF_ERROR(
      ReadTokens(*core_, workspace_, call_, [&](sql::Connection& db) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(page.items, store::ListTokens(db, workspace_, after, page_size + 1));
        return absl::OkStatus();
      }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Token> Desk::RevokeToken(const std::string& token) const {
  SALES_RETURN_IF_ERROR(CheckId("token", token));
  return WriteToken(*core_, workspace_, call_, CallFingerprint(call_, "RevokeToken", token),
                    EventType::kTokenRevoked,
                    [&](sql::Connection& db, absl::Time now) -> absl::StatusOr<Token> {
                      SALES_ASSIGN_OR_RETURN(Token found, LoadToken(db, workspace_, token));
                      if (found.revoke_time.has_value()) return found;
                      found.revoke_time = now;
                      SALES_RETURN_IF_ERROR(store::SetRevokeTime(db, found));
                      return found;
                    });
}

}  // namespace sales
