#ifndef SALES_WEBHOOK_H_
#define SALES_WEBHOOK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/event.h"

namespace sales {

enum class WebhookState {
  kUnspecified = 0,
  // Events are delivered.
  kEnabled = 1,
  // Nothing is delivered, and nothing is lost: somebody said so, or the receiver is gone (410).
  kDisabled = 2,
  // Deliveries failed for as long as they are tried. Nothing is lost here either.
  kFailed = 3,
};

// Why a delivery did not succeed.
enum class DeliveryFault {
  kUnspecified = 0,
  // The host has no address, or nobody listens there.
  kConnect = 1,
  // It took too long.
  kTimeout = 2,
  // The connection could not be secured: a certificate that is not trusted, for example.
  kTls = 3,
  // The answer's status was not from 200 to 299.
  kStatus = 4,
  // The answer broke off, or was none of HTTP.
  kProtocol = 5,
  // Webhooks may not go to the host's address, or not by this scheme.
  kForbidden = 6,
};

// The attempts in a row that failed.
struct WebhookFailure {
  int64_t attempts = 0;
  // Of the first and of the last of them.
  absl::Time first_time;
  absl::Time last_time;
  // When the next one follows; unset: none does.
  std::optional<absl::Time> next_time;
  // Of the last of them.
  DeliveryFault fault = DeliveryFault::kUnspecified;
  // Where the fault is a status.
  int http_status = 0;
};

// Somebody who is told of events over HTTP.
struct Webhook {
  std::string id;
  // Made by the engine, and no other webhook's even after this one is deleted.
  std::string uid;
  std::string display_name;
  // May carry a secret of its receiver's: it is in no event and no log.
  std::string url;
  EventFilter filter;
  WebhookState state = WebhookState::kUnspecified;
  // Every event up to this revision that the filter lets through was delivered.
  int64_t delivered_revision = 0;
  // Unset after a delivery that succeeded.
  std::optional<WebhookFailure> failure;
  // Which of the webhook's secrets signs, from 1 on.
  int secret_generation = 1;
  // Until then the secret before it signs too.
  std::optional<absl::Time> previous_secret_expire_time;
  // What its receiver verifies signatures by. In the answers of CreateWebhook and
  // RotateWebhookSecret only.
  std::string secret;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
};

struct CreateWebhook {
  std::string id;
  std::string display_name;
  // "https://example.com/sales"; without a user, password or fragment.
  std::string url;
  EventFilter filter;
  // kDisabled to begin later; else enabled. It is told of what is recorded after its creation.
  WebhookState state = WebhookState::kUnspecified;
};

// A new url or state begins anew: earlier failures do not count, and nothing waits for a retry.
struct UpdateWebhook {
  std::optional<std::string> display_name;
  std::optional<std::string> url;
  std::optional<EventFilter> filter;
  // kEnabled or kDisabled.
  std::optional<WebhookState> state;
};

struct ReplayWebhook {
  int64_t after_revision = 0;
};

struct RotateWebhookSecret {
  // For how long the secret until now signs too; at most limits::webhook_overlap_hours_max.
  absl::Duration overlap = absl::Hours(24);
};

// The next event to be delivered is the first one at or after this place.
struct WebhookCursor {
  int64_t revision = 0;
  int ordinal = 0;
};

// An enabled webhook, and how far it is.
struct WebhookTask {
  Webhook webhook;
  WebhookCursor cursor;
};

// The enabled webhooks of a workspace, and its last revision.
struct WebhookTasks {
  int64_t revision = 0;
  std::vector<WebhookTask> tasks;
};

// How far a delivery got. Counts only as long as the webhook has this etag: whoever changed or
// replayed it meanwhile goes before.
struct WebhookProgress {
  std::string webhook;
  std::string etag;
  WebhookCursor cursor;
};

// An attempt that failed at the event at `progress.cursor`.
struct FailedDelivery {
  WebhookProgress progress;
  DeliveryFault fault = DeliveryFault::kUnspecified;
  int http_status = 0;
  // What the receiver asked for; zero: nothing.
  absl::Duration retry_after;
};

struct WebhookOptions {
  // Gives the secret of a webhook, the same one for the same uid and generation, so that none is
  // kept in the store. Unset: webhooks cannot be made.
  std::function<std::string(const std::string& uid, int generation)> secret;
  // Whether http will do, which everybody on the way can read.
  bool allow_http = false;
  // How long after the first failure the next attempt follows. The wait doubles with each up to the
  // longest one, and a random part of it, up to a half, is left out so that receivers that fell
  // together are not asked together.
  absl::Duration first_backoff = absl::Seconds(5);
  absl::Duration longest_backoff = absl::Hours(1);
  // How long after its first failure in a row a webhook is given up.
  absl::Duration give_up_after = absl::Hours(72);
};

}  // namespace sales

#endif  // SALES_WEBHOOK_H_
