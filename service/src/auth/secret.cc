#include "service/src/auth/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <string_view>

#include "absl/strings/escaping.h"
#include "sales/error.h"

namespace sales::service {
namespace {

constexpr size_t kSecretBytes = 32;

}  // namespace

absl::StatusOr<std::string> MakeSecret() {
  std::array<unsigned char, kSecretBytes> bits;
  if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1) {
    ErrorDetail detail;
    detail.reason = Reason::kInternal;
    return MakeError(detail, "the machine gives no random bits");
  }
  std::string text;
  absl::WebSafeBase64Escape(std::string(reinterpret_cast<const char*>(bits.data()), bits.size()),
                            &text);
  OPENSSL_cleanse(bits.data(), bits.size());
  return kSecretPrefix + text;
}

std::string HashOf(const std::string& secret) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  std::string text;
  text.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

bool EqualInConstantTime(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sales::service
