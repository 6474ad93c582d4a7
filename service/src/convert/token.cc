#include "service/src/convert/token.h"

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {

v1::Token ToProto(const Token& token) {
  v1::Token out;
  out.set_name(TokenNameOf(token.workspace, token.id));
  out.set_role(static_cast<v1::Role>(token.role));
  out.set_actor(token.actor);
  SetTime(token.expire_time, out.mutable_expire_time());
  out.set_creator(token.creator);
  SetTime(token.create_time, out.mutable_create_time());
  if (token.revoke_time.has_value()) SetTime(*token.revoke_time, out.mutable_revoke_time());
  return out;
}

absl::StatusOr<CreateToken> FromProto(const v1::CreateTokenRequest& request) {
  const v1::Token& token = request.token();
  CreateToken command;
  command.id = request.token_id();
  ASSIGN_OR_RETURN(command.role,
                   EnumFrom<Role>(token.role(), v1::Role_IsValid(token.role()), "token.role"));
  command.actor = token.actor();
  if (!command.actor.empty() && !IsActor(command.actor)) {
    return Refuse(Reason::kFieldInvalid, "token.actor",
                  "is no id of at most 128 letters, digits, '-', '_', '.', ':', '/'");
  }
  if (token.has_expire_time()) {
    ASSIGN_OR_RETURN(command.expire_time, TimeFrom(token.expire_time(), "token.expire_time"));
  }
  return command;
}

absl::Status SpellCreateToken(const absl::Status& status) {
  return Respell(status,
                 {{{"token_id", "token_id"}, {"request_id", "request_id"}, {"", "token."}}});
}

}  // namespace sales::service
