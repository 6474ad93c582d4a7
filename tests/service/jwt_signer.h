// Keys of an OpenID provider's, and tokens that it signs; made by OpenSSL's signing half, which the
// server does not use.
#ifndef SALES_TESTS_SERVICE_JWT_SIGNER_H_
#define SALES_TESTS_SERVICE_JWT_SIGNER_H_

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "nlohmann/json.hpp"

namespace sales::service {

inline std::string Base64Url(const std::string& bytes) {
  std::string text;
  absl::WebSafeBase64Escape(bytes, &text);
  return text;
}

// A key pair of a provider's.
class Signer {
 public:
  static Signer Rsa(int bits = 2048) { return Signer(EVP_RSA_gen(bits)); }
  static Signer P256() { return Signer(EVP_EC_gen("P-256")); }

  bool rsa() const { return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA; }

  nlohmann::json Jwk(const std::string& kid) const {
    if (rsa()) {
      return {{"kty", "RSA"},
              {"kid", kid},
              {"use", "sig"},
              {"alg", "RS256"},
              {"n", Number(OSSL_PKEY_PARAM_RSA_N)},
              {"e", Number(OSSL_PKEY_PARAM_RSA_E)}};
    }
    return {{"kty", "EC"},
            {"kid", kid},
            {"crv", "P-256"},
            {"x", Number(OSSL_PKEY_PARAM_EC_PUB_X, 32)},
            {"y", Number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)}};
  }

  // A token of the claims, signed.
  std::string Token(const nlohmann::json& header, const std::string& claims) const {
    const std::string text = Base64Url(header.dump()) + "." + Base64Url(claims);
    return text + "." + Base64Url(Sign(text));
  }

  std::string Sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    size_t size = 0;
    EVP_DigestSign(context, nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                   text.size());
    EVP_MD_CTX_free(context);
    signature.resize(size);
    return rsa() ? signature : Numbers(signature);
  }

 private:
  explicit Signer(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}

  std::string Number(const char* parameter, int size = 0) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), parameter, &number);
    std::string bytes(size == 0 ? BN_num_bytes(number) : size, '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(bytes.size()));
    BN_free(number);
    return Base64Url(bytes);
  }

  static std::string Numbers(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* numbers = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
    std::string both(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(both.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), out + 32, 32);
    ECDSA_SIG_free(numbers);
    return both;
  }

  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace sales::service

#endif  // SALES_TESTS_SERVICE_JWT_SIGNER_H_
