// The secrets of webhooks and what is signed with them, as Standard Webhooks says.
#ifndef SALES_SERVICE_WEBHOOKS_SECRETS_H_
#define SALES_SERVICE_WEBHOOKS_SECRETS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/webhook.h"

namespace sales::service {

// Makes each secret from one key (HMAC-SHA256 of uid and generation), so that the store holds none:
// who has a copy of it can sign nothing. A changed key changes every secret.
class WebhookSecrets {
 public:
  // Errors: SETTING_INVALID (there is no such file, or it has less than 32 bytes).
  static absl::StatusOr<WebhookSecrets> FromFile(const std::string& path);
  explicit WebhookSecrets(std::string key) : key_(std::move(key)) {}

  // "whsec_…"; the same for the same uid and generation.
  std::string Of(const std::string& uid, int generation) const;

 private:
  std::string key_;
};

// What signs for a webhook at a time: its secret, and the one before for as long as that counts.
std::vector<std::string> SecretsAt(const WebhookOptions& options, const Webhook& webhook,
                                   absl::Time now);

// The header `webhook-signature`: "v1,…", one for each secret, the first one's first.
std::string Signature(const std::vector<std::string>& secrets, const std::string& id,
                      int64_t timestamp_seconds, const std::string& body);

}  // namespace sales::service

#endif  // SALES_SERVICE_WEBHOOKS_SECRETS_H_
