#ifndef SALES_SERVICE_CONVERT_TOKEN_H_
#define SALES_SERVICE_CONVERT_TOKEN_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/token.h"
#include "sales/v1/token.pb.h"

namespace sales::service {

// Without its secret.
v1::Token ToProto(const Token& token);

// Without the hash of its secret.
absl::StatusOr<CreateToken> FromProto(const v1::CreateTokenRequest& request);

absl::Status SpellCreateToken(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_TOKEN_H_
