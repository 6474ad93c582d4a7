// When a delivery that failed is tried again, and where webhooks may point.
#ifndef SALES_SRC_DECIDE_WEBHOOKS_H_
#define SALES_SRC_DECIDE_WEBHOOKS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/webhook.h"

namespace sales {

// Notes a failed attempt in the webhook: when the next one follows, or that none does. `spread` is
// from 0 to 1000: how much of the part of the wait that is left to chance is left out.
void NoteFailedDelivery(const WebhookOptions& options, const FailedDelivery& failed, absl::Time now,
                        int spread, Webhook& webhook);

// FIELD_REQUIRED, TEXT_TOO_LONG, FIELD_INVALID: anything but https (or http, where allowed), a
// host, and perhaps a port, path and query, in printable ASCII. Which address the host has is
// looked at when it is called.
absl::Status CheckWebhookUrl(std::string_view field, std::string_view url, bool allow_http);

// "ENABLED"; as in the contract.
const char* WebhookStateName(WebhookState state);
const char* DeliveryFaultName(DeliveryFault fault);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_WEBHOOKS_H_
