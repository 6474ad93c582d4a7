// Public keys of a JWKS (RFC 7517), and signatures that they verify (RFC 7518).
#ifndef SALES_SERVICE_AUTH_PUBLIC_KEY_H_
#define SALES_SERVICE_AUTH_PUBLIC_KEY_H_

#include <memory>
#include <optional>
#include <string>

struct evp_pkey_st;

namespace sales::service {

using PublicKey = std::shared_ptr<evp_pkey_st>;

// Base64url without padding, and nothing else; nullopt for any other text.
std::optional<std::string> FromBase64Url(const std::string& text);

// An RSA key of at least 2048 bits, by its modulus and exponent; null if it is none.
PublicKey RsaKey(const std::string& n, const std::string& e);
// A point of P-256, by its coordinates; null if it is none.
PublicKey P256Key(const std::string& x, const std::string& y);

// RS256, and ES256 with the signature as two numbers of 32 bytes.
bool VerifyRs256(const PublicKey& key, const std::string& text, const std::string& signature);
bool VerifyEs256(const PublicKey& key, const std::string& text, const std::string& signature);

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_PUBLIC_KEY_H_
