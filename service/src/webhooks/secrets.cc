#include "service/src/webhooks/secrets.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/escaping.h"
#include "sales/error.h"

namespace sales::service {
namespace {

constexpr char kPrefix[] = "whsec_";
constexpr size_t kKeyBytesMin = 32;

std::string Hmac(const std::string& key, const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return std::string(reinterpret_cast<const char*>(digest), size);
}

absl::Status KeyError(const std::string& description) {
  ErrorDetail detail;
  detail.reason = Reason::kSettingInvalid;
  detail.metadata["setting"] = "--webhook-key-file";
  return MakeError(detail, "--webhook-key-file: " + description);
}

}  // namespace

absl::StatusOr<WebhookSecrets> WebhookSecrets::FromFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return KeyError("the file cannot be read");
  std::string key((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  // What an editor or echo puts behind it is no part of it.
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.size() < kKeyBytesMin) {
    return KeyError("the key is shorter than 32 bytes; 'openssl rand -base64 48' makes one");
  }
  return WebhookSecrets(std::move(key));
}

std::string WebhookSecrets::Of(const std::string& uid, int generation) const {
  const std::string made =
      Hmac(key_, "sales.v1 webhook secret\n" + uid + "\n" + std::to_string(generation));
  return kPrefix + absl::Base64Escape(made);
}

std::vector<std::string> SecretsAt(const WebhookOptions& options, const Webhook& webhook,
                                   absl::Time now) {
  std::vector<std::string> secrets = {options.secret(webhook.uid, webhook.secret_generation)};
  if (webhook.previous_secret_expire_time > now) {
    secrets.push_back(options.secret(webhook.uid, webhook.secret_generation - 1));
  }
  return secrets;
}

std::string Signature(const std::vector<std::string>& secrets, const std::string& id,
                      int64_t timestamp_seconds, const std::string& body) {
  const std::string signed_text = id + "." + std::to_string(timestamp_seconds) + "." + body;
  std::string header;
  for (const std::string& secret : secrets) {
    std::string key;
    absl::Base64Unescape(secret.substr(sizeof(kPrefix) - 1), &key);
    header += header.empty() ? "v1," : " v1,";
    header += absl::Base64Escape(Hmac(key, signed_text));
  }
  return header;
}

}  // namespace sales::service
