#ifndef SALES_SRC_STORE_WEBHOOK_ROWS_H_
#define SALES_SRC_STORE_WEBHOOK_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/webhook.h"
#include "src/sql/driver.h"

namespace sales::store {

absl::StatusOr<std::optional<WebhookTask>> LoadWebhook(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& webhook);
// Inserts or updates; `revision` becomes the etag.
absl::Status SaveWebhook(sql::Connection& db, const std::string& workspace, const WebhookTask& task,
                         int64_t revision);
absl::Status DeleteWebhook(sql::Connection& db, const std::string& workspace,
                           const std::string& webhook);

// Up to `count` webhooks with an id after `after`, by id.
absl::StatusOr<std::vector<WebhookTask>> ListWebhooks(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& after, int count);
absl::StatusOr<std::vector<WebhookTask>> ListEnabledWebhooks(sql::Connection& db,
                                                             const std::string& workspace);
absl::StatusOr<int64_t> CountWebhooks(sql::Connection& db, const std::string& workspace);

// Notes how far deliveries got, and that none failed since, unless the webhook changed.
absl::Status AdvanceWebhook(sql::Connection& db, const std::string& workspace,
                            const WebhookProgress& progress);

// The least revision whose events some webhook, of whatever state, was not told of yet; nothing
// where there is no webhook.
absl::StatusOr<std::optional<int64_t>> OldestWebhookRevision(sql::Connection& db,
                                                             const std::string& workspace);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_WEBHOOK_ROWS_H_
