#include "src/decide/webhooks.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/engine/retention.h"
#include "src/store/list.h"
#include "src/store/webhook_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::EngineCore;
using internal::ReadScope;
using internal::WriteScope;

absl::Status CheckFilter(const EventFilter& filter) {
  SALES_RETURN_IF_ERROR(CheckList("filter.types", filter.types.size(), limits::event_types_max));
  return CheckOptionalId("filter.lead", filter.lead);
}

absl::Status CheckState(WebhookState state) {
  if (state == WebhookState::kEnabled || state == WebhookState::kDisabled) return absl::OkStatus();
  return FieldError(Reason::kFieldInvalid, "state", "is to be ENABLED or DISABLED");
}

absl::Status CheckSecrets(const EngineCore& core) {
  if (core.webhooks().secret != nullptr) return absl::OkStatus();
  return MakeError(Reason::kWebhooksOff,
                   "The server has no key to make the secrets of webhooks from.");
}

absl::StatusOr<WebhookTask> FindWebhook(sql::Connection& db, const std::string& workspace,
                                        const std::string& webhook) {
  SALES_ASSIGN_OR_RETURN(std::optional<WebhookTask> found,
                         store::LoadWebhook(db, workspace, webhook));
  if (!found.has_value()) {
    return MakeError(Reason::kWebhookNotFound, "There is no such webhook.");
  }
  return *std::move(found);
}

absl::Status RecordAbout(WriteScope& scope, EventType type, const std::string& webhook,
                         std::vector<Change> changes) {
  Event event;
  event.type = type;
  event.subject = "webhooks/" + webhook;
  event.changes = std::move(changes);
  return scope.Record(std::move(event));
}

// Keeps a webhook that was just changed, and stamps it.
absl::Status Keep(WriteScope& scope, EventType type, WebhookTask& task,
                  std::vector<Change> changes) {
  task.webhook.update_time = scope.now;
  task.webhook.etag = std::to_string(scope.revision());
  task.webhook.delivered_revision = task.cursor.revision - 1;
  SALES_RETURN_IF_ERROR(store::SaveWebhook(scope.db, scope.workspace(), task, scope.revision()));
  return RecordAbout(scope, type, task.webhook.id, std::move(changes));
}

// What the event says of a change of state; nothing where there is none.
std::vector<Change> StateChanges(WebhookState before, WebhookState after) {
  if (before == after) return {};
  return {{"state", WebhookStateName(before), WebhookStateName(after)}};
}

// Begins anew: what failed before does not count.
void Enable(Webhook& webhook) {
  webhook.state = WebhookState::kEnabled;
  webhook.failure.reset();
}

// The url itself is not told: it may carry a secret of its receiver's.
std::vector<Change> Apply(const UpdateWebhook& command, Webhook& webhook) {
  const WebhookState state = command.state.value_or(webhook.state);
  std::vector<Change> changes = StateChanges(webhook.state, state);
  if (command.state.has_value() || command.url.has_value()) webhook.failure.reset();
  if (command.url.has_value() && *command.url != webhook.url) {
    changes.push_back({"url_changed", "", "true"});
  }
  webhook.state = state;
  webhook.display_name = command.display_name.value_or(webhook.display_name);
  webhook.url = command.url.value_or(webhook.url);
  webhook.filter = command.filter.value_or(webhook.filter);
  return changes;
}

absl::Status CheckReplay(WriteScope& scope, int64_t after_revision) {
  const int64_t last = scope.revision() - 1;
  if (after_revision < 0 || after_revision > last) {
    return WithMetadata(FieldError(Reason::kRevisionInvalid, "after_revision",
                                   "is not one of the workspace's revisions"),
                        "revision", std::to_string(last));
  }
  return internal::CheckKept(scope.row.workspace, after_revision + 1);
}

}  // namespace

absl::StatusOr<Webhook> Desk::CreateWebhook(const sales::CreateWebhook& command) const {
  SALES_RETURN_IF_ERROR(CheckId("webhook_id", command.id));
  SALES_RETURN_IF_ERROR(
      CheckText("display_name", command.display_name, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(CheckWebhookUrl("url", command.url, core_->webhooks().allow_http));
  SALES_RETURN_IF_ERROR(CheckFilter(command.filter));
  const WebhookState state =
      command.state == WebhookState::kUnspecified ? WebhookState::kEnabled : command.state;
  SALES_RETURN_IF_ERROR(CheckState(state));
  SALES_RETURN_IF_ERROR(CheckSecrets(*core_));
  const auto create = [&](WriteScope& scope) -> absl::StatusOr<Webhook> {
    SALES_ASSIGN_OR_RETURN(const std::optional<WebhookTask> taken,
                           store::LoadWebhook(scope.db, workspace_, command.id));
    if (taken.has_value()) return FieldError(Reason::kWebhookExists, "webhook_id", "is taken");
    SALES_ASSIGN_OR_RETURN(const int64_t count, store::CountWebhooks(scope.db, workspace_));
    if (count >= limits::webhooks_max) {
      return WithMetadata(
          FieldError(Reason::kLimitReached, "webhook_id", "would be one webhook too many"), "limit",
          std::to_string(limits::webhooks_max));
    }
    WebhookTask task;
    task.webhook.id = command.id;
    task.webhook.uid = core_->MakeId();
    task.webhook.display_name = command.display_name.empty() ? command.id : command.display_name;
    task.webhook.url = command.url;
    task.webhook.filter = command.filter;
    task.webhook.state = state;
    task.webhook.create_time = scope.now;
    task.cursor.revision = scope.revision() + 1;
    SALES_RETURN_IF_ERROR(Keep(scope, EventType::kWebhookCreated, task,
                               StateChanges(WebhookState::kUnspecified, state)));
    return task.webhook;
  };
  SALES_ASSIGN_OR_RETURN(
      Webhook webhook,
      core_->Write<Webhook>(workspace_, call_, CallFingerprint(call_, "CreateWebhook", command),
                            create));
  webhook.secret = core_->webhooks().secret(webhook.uid, webhook.secret_generation);
  return webhook;
}

absl::StatusOr<Webhook> Desk::GetWebhook(const std::string& webhook) const {
  Webhook found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(WebhookTask task, FindWebhook(scope.db, workspace_, webhook));
    found = std::move(task.webhook);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Webhook>> Desk::ListWebhooks(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"webhooks", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Webhook> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(std::vector<WebhookTask> tasks,
                           store::ListWebhooks(scope.db, workspace_, after, page_size + 1));
    for (WebhookTask& task : tasks) page.items.push_back(std::move(task.webhook));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Webhook> Desk::UpdateWebhook(const std::string& webhook,
                                            const sales::UpdateWebhook& command) const {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(
        CheckText("display_name", *command.display_name, limits::display_name_bytes_max));
  }
  if (command.url.has_value()) {
    SALES_RETURN_IF_ERROR(CheckWebhookUrl("url", *command.url, core_->webhooks().allow_http));
  }
  if (command.filter.has_value()) SALES_RETURN_IF_ERROR(CheckFilter(*command.filter));
  if (command.state.has_value()) SALES_RETURN_IF_ERROR(CheckState(*command.state));
  return core_->Write<Webhook>(
      workspace_, call_, CallFingerprint(call_, "UpdateWebhook", webhook, command),
      [&](WriteScope& scope) -> absl::StatusOr<Webhook> {
        SALES_ASSIGN_OR_RETURN(WebhookTask task, FindWebhook(scope.db, workspace_, webhook));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, task.webhook.etag));
        std::vector<Change> changes = Apply(command, task.webhook);
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kWebhookUpdated, task, std::move(changes)));
        return task.webhook;
      });
}

absl::StatusOr<int64_t> Desk::DeleteWebhook(const std::string& webhook) const {
  return core_->Write<int64_t>(
      workspace_, call_, CallFingerprint(call_, "DeleteWebhook", webhook),
      [&](WriteScope& scope) -> absl::StatusOr<int64_t> {
        SALES_ASSIGN_OR_RETURN(const WebhookTask task, FindWebhook(scope.db, workspace_, webhook));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, task.webhook.etag));
        SALES_RETURN_IF_ERROR(store::DeleteWebhook(scope.db, workspace_, webhook));
        SALES_RETURN_IF_ERROR(RecordAbout(scope, EventType::kWebhookDeleted, webhook, {}));
        return scope.revision();
      });
}

absl::StatusOr<Webhook> Desk::ReplayWebhook(const std::string& webhook,
                                            const sales::ReplayWebhook& command) const {
  return core_->Write<Webhook>(
      workspace_, call_, CallFingerprint(call_, "ReplayWebhook", webhook, command),
      [&](WriteScope& scope) -> absl::StatusOr<Webhook> {
        SALES_ASSIGN_OR_RETURN(WebhookTask task, FindWebhook(scope.db, workspace_, webhook));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, task.webhook.etag));
        SALES_RETURN_IF_ERROR(CheckReplay(scope, command.after_revision));
        std::vector<Change> changes = StateChanges(task.webhook.state, WebhookState::kEnabled);
        changes.push_back({"after_revision", std::to_string(task.cursor.revision - 1),
                           std::to_string(command.after_revision)});
        Enable(task.webhook);
        task.cursor = {command.after_revision + 1, 0};
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kWebhookReplayed, task, std::move(changes)));
        return task.webhook;
      });
}

absl::StatusOr<Webhook> Desk::RotateWebhookSecret(const std::string& webhook,
                                                  const sales::RotateWebhookSecret& command) const {
  if (command.overlap < absl::ZeroDuration() ||
      command.overlap > absl::Hours(limits::webhook_overlap_hours_max)) {
    return WithMetadata(FieldError(Reason::kFieldInvalid, "overlap", "is not from 0 s to 30 days"),
                        "limit", std::to_string(limits::webhook_overlap_hours_max));
  }
  SALES_RETURN_IF_ERROR(CheckSecrets(*core_));
  const auto rotate = [&](WriteScope& scope) -> absl::StatusOr<Webhook> {
    SALES_ASSIGN_OR_RETURN(WebhookTask task, FindWebhook(scope.db, workspace_, webhook));
    SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, task.webhook.etag));
    ++task.webhook.secret_generation;
    task.webhook.previous_secret_expire_time = scope.now + command.overlap;
    SALES_RETURN_IF_ERROR(Keep(scope, EventType::kWebhookSecretRotated, task, {}));
    return task.webhook;
  };
  SALES_ASSIGN_OR_RETURN(
      Webhook rotated,
      core_->Write<Webhook>(workspace_, call_,
                            CallFingerprint(call_, "RotateWebhookSecret", webhook, command),
                            rotate));
  rotated.secret = core_->webhooks().secret(rotated.uid, rotated.secret_generation);
  return rotated;
}

absl::StatusOr<WebhookTasks> Desk::ListWebhookTasks() const {
  WebhookTasks tasks;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    tasks.revision = scope.row.workspace.revision;
    SALES_ASSIGN_OR_RETURN(tasks.tasks, store::ListEnabledWebhooks(scope.db, workspace_));
    return absl::OkStatus();
  }));
  return tasks;
}

absl::Status Desk::AdvanceWebhooks(const std::vector<WebhookProgress>& progress) const {
  SALES_RETURN_IF_ERROR(CheckList("progress", progress.size(), limits::webhooks_max));
  return core_->Maintain(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    for (const WebhookProgress& step : progress) {
      SALES_RETURN_IF_ERROR(store::AdvanceWebhook(scope.db, workspace_, step));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<Webhook> Desk::FailDelivery(const FailedDelivery& failed) const {
  absl::BitGen random;
  const int spread = absl::Uniform(absl::IntervalClosed, random, 0, 1000);
  const auto note = [&](sql::Connection& db, WebhookTask& task) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(task, FindWebhook(db, workspace_, failed.progress.webhook));
    Call as_seen = call_;
    as_seen.etag = failed.progress.etag;
    SALES_RETURN_IF_ERROR(internal::CheckEtag(as_seen, task.webhook.etag));
    // An event before this one was delivered, so earlier failures are not of the same row.
    if (task.cursor.revision != failed.progress.cursor.revision ||
        task.cursor.ordinal != failed.progress.cursor.ordinal) {
      task.webhook.failure.reset();
    }
    task.cursor = failed.progress.cursor;
    task.webhook.delivered_revision = task.cursor.revision - 1;
    NoteFailedDelivery(core_->webhooks(), failed, core_->Now(), spread, task.webhook);
    return absl::OkStatus();
  };
  WebhookTask task;
  SALES_RETURN_IF_ERROR(core_->Maintain(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(note(scope.db, task));
    if (task.webhook.state != WebhookState::kEnabled) return absl::OkStatus();
    return store::SaveWebhook(scope.db, workspace_, task, std::stoll(task.webhook.etag));
  }));
  if (task.webhook.state == WebhookState::kEnabled) return task.webhook;
  return core_->Write<Webhook>(
      workspace_, call_, /*fingerprint=*/0, [&](WriteScope& scope) -> absl::StatusOr<Webhook> {
        SALES_RETURN_IF_ERROR(note(scope.db, task));
        const WebhookFailure& failure = *task.webhook.failure;
        std::vector<Change> changes = StateChanges(WebhookState::kEnabled, task.webhook.state);
        changes.push_back({"fault", "", DeliveryFaultName(failure.fault)});
        if (failure.http_status != 0) {
          changes.push_back({"http_status", "", std::to_string(failure.http_status)});
        }
        const EventType type = task.webhook.state == WebhookState::kDisabled
                                   ? EventType::kWebhookDisabled
                                   : EventType::kWebhookFailed;
        SALES_RETURN_IF_ERROR(Keep(scope, type, task, std::move(changes)));
        return task.webhook;
      });
}

}  // namespace sales
