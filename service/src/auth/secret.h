// The secrets of bearer tokens, and what is kept of them.
#ifndef SALES_SERVICE_AUTH_SECRET_H_
#define SALES_SERVICE_AUTH_SECRET_H_

#include <string>

#include "absl/status/statusor.h"

namespace sales::service {

// What secrets begin with, so that those who look for leaked ones know one when they see it.
inline constexpr char kSecretPrefix[] = "sales_";

// "sales_" and 256 random bits in base64url. Errors: INTERNAL, where the machine has no random
// bits.
absl::StatusOr<std::string> MakeSecret();

// SHA-256 in hexadecimal digits. A slow hash with salt protects secrets that people chose, which
// can be guessed; one of 256 random bits cannot, so the fastest hash that is not invertible does.
std::string HashOf(const std::string& secret);

// Whether the two are equal, in a time that does not depend on where they differ.
bool EqualInConstantTime(const std::string& a, const std::string& b);

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_SECRET_H_
