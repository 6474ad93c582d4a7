#include "src/decide/tokens.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr size_t kHashDigits = 64;

absl::Status CheckHash(const std::string& hash) {
  const bool digits = std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (digits && hash.size() == kHashDigits) return absl::OkStatus();
  return FieldError(Reason::kFieldInvalid, "hash",
                    "must be a SHA-256 as 64 hexadecimal digits in lower case");
}

absl::Status CheckTokenActor(const CreateToken& command) {
  if (command.role == Role::kSeller) return CheckId("actor", command.actor);
  SALES_RETURN_IF_ERROR(CheckRequiredText("actor", command.actor, limits::actor_bytes_max));
  return CheckActor(command.actor);
}

}  // namespace

const char* RoleName(Role role) {
  static constexpr const char* kNames[] = {
      "UNSPECIFIED",        "OWNER",   "HEAD_OF_SALES", "SELLER",
      "PRODUCTION_MANAGER", "ANALYST", "INTEGRATION"};
  const size_t number = static_cast<size_t>(role);
  return number < std::size(kNames) ? kNames[number] : kNames[0];
}

absl::StatusOr<Token> NewToken(const CreateToken& command, std::string_view creator,
                               absl::Time now) {
  SALES_RETURN_IF_ERROR(CheckOptionalId("token_id", command.id));
  if (command.role < Role::kOwner || command.role > Role::kIntegration) {
    return FieldError(Reason::kFieldRequired, "role", "says what the holder may do");
  }
  SALES_RETURN_IF_ERROR(CheckTokenActor(command));
  SALES_RETURN_IF_ERROR(CheckHash(command.hash));
  const absl::Time expire_time =
      command.expire_time.value_or(now + absl::Hours(24) * limits::token_days_default);
  SALES_RETURN_IF_ERROR(CheckTime("expire_time", expire_time));
  if (expire_time <= now || expire_time > now + absl::Hours(24) * limits::token_days_max) {
    return FieldError(Reason::kFieldInvalid, "expire_time",
                      "must be after now and at most ten years ahead");
  }
  Token token;
  token.id = command.id;
  token.role = command.role;
  token.actor = command.actor;
  token.creator = std::string(creator);
  token.create_time = now;
  token.expire_time = expire_time;
  return token;
}

bool IsGood(const Token& token, absl::Time now) {
  return !token.revoke_time.has_value() && now < token.expire_time;
}

}  // namespace sales
