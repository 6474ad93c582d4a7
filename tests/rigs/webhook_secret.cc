#include "service/src/webhooks/secrets.h"
#include "tests/rigs/rig.h"

namespace sales::rigs {

std::function<std::string(const std::string& uid, int generation)> WebhookSecret() {
  return [secrets = service::WebhookSecrets(std::string(32, 'k'))](
             const std::string& uid, int generation) { return secrets.Of(uid, generation); };
}

}  // namespace sales::rigs
