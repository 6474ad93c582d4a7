#include "sales/v1/token.pb.h"
#include "service/src/auth/secret.h"
#include "service/src/call.h"
#include "service/src/convert/token.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Token> HandleCreateToken(Caller& caller, const v1::CreateTokenRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseTokenParent(request.parent(), "parent"));
  ASSIGN_OR_RETURN(CreateToken command, FromProto(request));
  ASSIGN_OR_RETURN(const std::string secret, MakeSecret());
  command.hash = HashOf(secret);
  const auto token = caller.At(workspace).CreateToken(command);
  if (!token.ok()) return SpellCreateToken(token.status());
  v1::Token response = ToProto(*token);
  // Repeated under its request id, it gives the first one's answer, whose secret nobody has kept.
  if (caller.engine().FindToken(command.hash).ok()) response.set_secret(secret);
  return response;
}

absl::StatusOr<v1::Token> HandleGetToken(Caller& caller, const v1::GetTokenRequest& request) {
  ASSIGN_OR_RETURN(const TokenName name, ParseToken(request.name(), "name"));
  ASSIGN_OR_RETURN(const Token token, caller.At(name.workspace).GetToken(name.token));
  return ToProto(token);
}

absl::StatusOr<v1::ListTokensResponse> HandleListTokens(Caller& caller,
                                                        const v1::ListTokensRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseTokenParent(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page<Token> page, caller.At(workspace).ListTokens(QueryFrom(request)));
  v1::ListTokensResponse response;
  for (const Token& item : page.items) *response.add_tokens() = ToProto(item);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Token> HandleDeleteToken(Caller& caller, const v1::DeleteTokenRequest& request) {
  ASSIGN_OR_RETURN(const TokenName name, ParseToken(request.name(), "name"));
  ASSIGN_OR_RETURN(const Token token, caller.At(name.workspace).RevokeToken(name.token));
  return ToProto(token);
}

}  // namespace

void AddTokenMethods(std::vector<Method>& methods) {
  // Alone, though it writes: whether it was a repetition is asked of the store once it is written.
  methods.push_back(Unary("WorkspaceService/CreateToken", Work::kScan, HandleCreateToken));
  methods.push_back(Unary("WorkspaceService/GetToken", Work::kQuick, HandleGetToken));
  methods.push_back(Unary("WorkspaceService/ListTokens", Work::kScan, HandleListTokens));
  methods.push_back(Unary("WorkspaceService/DeleteToken", Work::kWrite, HandleDeleteToken));
  methods.back().revokes = true;
}

}  // namespace sales::service
