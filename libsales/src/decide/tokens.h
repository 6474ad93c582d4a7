// What a token may be.
#ifndef SALES_SRC_DECIDE_TOKENS_H_
#define SALES_SRC_DECIDE_TOKENS_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/token.h"

namespace sales {

// "HEAD_OF_SALES"; as in proto/sales/v1/token.proto without its prefix.
const char* RoleName(Role role);

// The token that a command made by `creator` asks for, without its workspace; its id may be empty.
// Errors: ID_INVALID, FIELD_REQUIRED, FIELD_INVALID.
absl::StatusOr<Token> NewToken(const CreateToken& command, std::string_view creator,
                               absl::Time now);

// Whether it is good at the time.
bool IsGood(const Token& token, absl::Time now);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_TOKENS_H_
