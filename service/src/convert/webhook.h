#ifndef SALES_SERVICE_CONVERT_WEBHOOK_H_
#define SALES_SERVICE_CONVERT_WEBHOOK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/v1/event.pb.h"
#include "sales/webhook.h"

namespace sales::service {

v1::Webhook ToProto(const Webhook& webhook, const std::string& workspace);
// "TIMEOUT".
std::string FaultName(DeliveryFault fault);
absl::StatusOr<CreateWebhook> FromProto(const v1::CreateWebhookRequest& request);
absl::StatusOr<UpdateWebhook> FromProto(const v1::UpdateWebhookRequest& request);
absl::StatusOr<RotateWebhookSecret> FromProto(const v1::RotateWebhookSecretRequest& request);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellCreateWebhook(const absl::Status& status);
absl::Status SpellUpdateWebhook(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_WEBHOOK_H_
