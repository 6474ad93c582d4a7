#ifndef SALES_TOKEN_H_
#define SALES_TOKEN_H_

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace sales {

// What somebody is to a workspace. libsales keeps it; what each may do is for the door that asks:
// of salesd, service/src/auth/rights.inc.
enum class Role {
  kUnspecified = 0,
  kOwner = 1,
  kHeadOfSales = 2,
  kSeller = 3,
  kProductionManager = 4,
  kAnalyst = 5,
  // A program: a form of the site, telephony, an exchange with another system.
  kIntegration = 6,
};

// The workspace of tokens that are good for every workspace: engine.At(kEveryWorkspace). It has no
// events: the token itself says who made it, and when it was revoked.
inline constexpr char kEveryWorkspace[] = "-";

// A secret by which a caller is known. The secret is never kept, only a hash of it.
struct Token {
  std::string id;
  // What it is good for; kEveryWorkspace: all of them.
  std::string workspace;
  Role role = Role::kUnspecified;
  // In whose name it is used; for a seller, the seller's id.
  std::string actor;
  // Who made it.
  std::string creator;
  absl::Time create_time;
  absl::Time expire_time;
  // Set once it is revoked.
  std::optional<absl::Time> revoke_time = {};
};

struct CreateToken {
  // Empty: made by the engine.
  std::string id;
  Role role = Role::kUnspecified;
  std::string actor;
  // Of the secret, which the caller made: SHA-256 as 64 hexadecimal digits in lower case. A secret
  // has at least 256 random bits, so a fast hash without salt hides it.
  std::string hash;
  // At most limits::token_days_max ahead. Unset: limits::token_days_default.
  std::optional<absl::Time> expire_time = {};
};

}  // namespace sales

#endif  // SALES_TOKEN_H_
