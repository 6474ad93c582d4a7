#include "src/store/webhook_rows.h"

#include <charconv>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define WEBHOOK_COLUMNS                                                                         \
  "webhook, uid, display_name, url, types, lead, state, secret_generation, "                    \
  "previous_secret_expire_time, next_revision, next_ordinal, failed_attempts, "                 \
  "first_failure_time, last_failure_time, next_attempt_time, fault, http_status, create_time, " \
  "update_time, revision"

std::string EncodeTypes(const std::vector<EventType>& types) {
  std::string text;
  for (const EventType type : types) {
    absl::StrAppend(&text, text.empty() ? "" : " ", static_cast<int>(type));
  }
  return text;
}

std::vector<EventType> DecodeTypes(std::string_view text) {
  std::vector<EventType> types;
  const char* place = text.data();
  const char* const end = place + text.size();
  while (place < end) {
    int number = 0;
    place = std::from_chars(place, end, number).ptr + 1;
    types.push_back(static_cast<EventType>(number));
  }
  return types;
}

WebhookTask ReadWebhook(const sql::Row& row) {
  WebhookTask task;
  Webhook& webhook = task.webhook;
  webhook.id = TextOf(row, 0);
  webhook.uid = TextOf(row, 1);
  webhook.display_name = TextOf(row, 2);
  webhook.url = TextOf(row, 3);
  webhook.filter.types = DecodeTypes(row.Text(4));
  webhook.filter.lead = TextOf(row, 5);
  webhook.state = static_cast<WebhookState>(row.Int(6));
  webhook.secret_generation = static_cast<int>(row.Int(7));
  webhook.previous_secret_expire_time = OptionalTimeOf(row, 8);
  task.cursor = {row.Int(9), static_cast<int>(row.Int(10))};
  webhook.delivered_revision = task.cursor.revision - 1;
  if (row.Int(11) > 0) {
    WebhookFailure& failure = webhook.failure.emplace();
    failure.attempts = row.Int(11);
    failure.first_time = TimeOf(row, 12);
    failure.last_time = TimeOf(row, 13);
    failure.next_time = OptionalTimeOf(row, 14);
    failure.fault = static_cast<DeliveryFault>(row.Int(15));
    failure.http_status = static_cast<int>(row.Int(16));
  }
  webhook.create_time = TimeOf(row, 17);
  webhook.update_time = TimeOf(row, 18);
  webhook.etag = std::to_string(row.Int(19));
  return task;
}

}  // namespace

absl::StatusOr<std::optional<WebhookTask>> LoadWebhook(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& webhook) {
  std::optional<WebhookTask> found;
  SALES_RETURN_IF_ERROR(db.Query("SELECT " WEBHOOK_COLUMNS
                                 " FROM webhooks WHERE workspace = $1 AND webhook = $2",
                                 {std::string_view(workspace), std::string_view(webhook)},
                                 [&](const sql::Row& row) { found = ReadWebhook(row); }));
  return found;
}

absl::Status SaveWebhook(sql::Connection& db, const std::string& workspace, const WebhookTask& task,
                         int64_t revision) {
  const Webhook& webhook = task.webhook;
  const std::string types = EncodeTypes(webhook.filter.types);
  const WebhookFailure none;
  const bool failed = webhook.failure.has_value();
  const WebhookFailure& failure = failed ? *webhook.failure : none;
  const auto failure_time = [failed](absl::Time time) {
    return failed ? sql::Param(ToMicros(time)) : sql::Param(nullptr);
  };
  return db.Apply(
      "INSERT INTO webhooks (workspace, " WEBHOOK_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
      "$17, $18, $19, $20, $21) ON CONFLICT (workspace, webhook) DO UPDATE SET "
      "uid = excluded.uid, display_name = excluded.display_name, "
      "url = excluded.url, types = excluded.types, lead = excluded.lead, "
      "state = excluded.state, secret_generation = excluded.secret_generation, "
      "previous_secret_expire_time = excluded.previous_secret_expire_time, "
      "next_revision = excluded.next_revision, "
      "next_ordinal = excluded.next_ordinal, "
      "failed_attempts = excluded.failed_attempts, "
      "first_failure_time = excluded.first_failure_time, "
      "last_failure_time = excluded.last_failure_time, "
      "next_attempt_time = excluded.next_attempt_time, fault = excluded.fault, "
      "http_status = excluded.http_status, create_time = excluded.create_time, "
      "update_time = excluded.update_time, revision = excluded.revision",
      {std::string_view(workspace),
       std::string_view(webhook.id),
       std::string_view(webhook.uid),
       std::string_view(webhook.display_name),
       std::string_view(webhook.url),
       std::string_view(types),
       std::string_view(webhook.filter.lead),
       static_cast<int64_t>(webhook.state),
       int64_t{webhook.secret_generation},
       Nullable(webhook.previous_secret_expire_time),
       task.cursor.revision,
       int64_t{task.cursor.ordinal},
       failure.attempts,
       failure_time(failure.first_time),
       failure_time(failure.last_time),
       Nullable(failure.next_time),
       static_cast<int64_t>(failure.fault),
       int64_t{failure.http_status},
       ToMicros(webhook.create_time),
       ToMicros(webhook.update_time),
       revision});
}

absl::Status DeleteWebhook(sql::Connection& db, const std::string& workspace,
                           const std::string& webhook) {
  return db.Apply("DELETE FROM webhooks WHERE workspace = $1 AND webhook = $2",
                  {std::string_view(workspace), std::string_view(webhook)});
}

absl::StatusOr<std::vector<WebhookTask>> ListWebhooks(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& after, int count) {
  std::vector<WebhookTask> tasks;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " WEBHOOK_COLUMNS
               " FROM webhooks WHERE workspace = $1 AND webhook > $2 ORDER BY webhook LIMIT $3",
               {std::string_view(workspace), std::string_view(after), int64_t{count}},
               [&](const sql::Row& row) { tasks.push_back(ReadWebhook(row)); }));
  return tasks;
}

absl::StatusOr<std::vector<WebhookTask>> ListEnabledWebhooks(sql::Connection& db,
                                                             const std::string& workspace) {
  std::vector<WebhookTask> tasks;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " WEBHOOK_COLUMNS
               " FROM webhooks WHERE workspace = $1 AND state = $2 ORDER BY webhook",
               {std::string_view(workspace), static_cast<int64_t>(WebhookState::kEnabled)},
               [&](const sql::Row& row) { tasks.push_back(ReadWebhook(row)); }));
  return tasks;
}

absl::StatusOr<int64_t> CountWebhooks(sql::Connection& db, const std::string& workspace) {
  int64_t count = 0;
  SALES_RETURN_IF_ERROR(db.Query("SELECT COUNT(*) FROM webhooks WHERE workspace = $1",
                                 {std::string_view(workspace)},
                                 [&](const sql::Row& row) { count = row.Int(0); }));
  return count;
}

absl::Status AdvanceWebhook(sql::Connection& db, const std::string& workspace,
                            const WebhookProgress& progress) {
  int64_t revision = 0;
  std::from_chars(progress.etag.data(), progress.etag.data() + progress.etag.size(), revision);
  return db.Apply(
      "UPDATE webhooks SET next_revision = $4, next_ordinal = $5, failed_attempts = 0, "
      "first_failure_time = NULL, last_failure_time = NULL, next_attempt_time = NULL, "
      "fault = 0, http_status = 0 "
      "WHERE workspace = $1 AND webhook = $2 AND revision = $3",
      {std::string_view(workspace), std::string_view(progress.webhook), revision,
       progress.cursor.revision, int64_t{progress.cursor.ordinal}});
}

absl::StatusOr<std::optional<int64_t>> OldestWebhookRevision(sql::Connection& db,
                                                             const std::string& workspace) {
  std::optional<int64_t> oldest;
  SALES_RETURN_IF_ERROR(db.Query("SELECT MIN(next_revision) FROM webhooks WHERE workspace = $1",
                                 {sql::Param(std::string_view(workspace))},
                                 [&](const sql::Row& row) {
                                   if (!row.IsNull(0)) oldest = row.Int(0);
                                 }));
  return oldest;
}

}  // namespace sales::store
