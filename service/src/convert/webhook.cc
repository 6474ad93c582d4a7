#include "service/src/convert/webhook.h"

#include <set>
#include <utility>

#include "service/src/convert/event.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

absl::StatusOr<WebhookState> StateFrom(const v1::Webhook& webhook) {
  return EnumFrom<WebhookState>(webhook.state(), v1::Webhook_State_IsValid(webhook.state()),
                                "webhook.state");
}

void SetFailure(const WebhookFailure& failure, v1::WebhookFailure* out) {
  out->set_attempts(failure.attempts);
  SetTime(failure.first_time, out->mutable_first_time());
  SetTime(failure.last_time, out->mutable_last_time());
  if (failure.next_time.has_value()) SetTime(*failure.next_time, out->mutable_next_time());
  out->set_fault(static_cast<v1::WebhookFailure::Fault>(failure.fault));
  out->set_http_status(failure.http_status);
}

}  // namespace

v1::Webhook ToProto(const Webhook& webhook, const std::string& workspace) {
  v1::Webhook out;
  out.set_name(WebhookNameOf(workspace, webhook.id));
  out.set_uid(webhook.uid);
  out.set_display_name(webhook.display_name);
  out.set_url(webhook.url);
  for (const EventType type : webhook.filter.types) {
    out.mutable_filter()->add_types(static_cast<v1::EventType>(type));
  }
  if (!webhook.filter.lead.empty()) {
    out.mutable_filter()->set_lead(LeadNameOf(workspace, webhook.filter.lead));
  }
  out.set_state(static_cast<v1::Webhook::State>(webhook.state));
  out.set_delivered_revision(webhook.delivered_revision);
  if (webhook.failure.has_value()) SetFailure(*webhook.failure, out.mutable_failure());
  out.set_secret(webhook.secret);
  if (webhook.previous_secret_expire_time.has_value()) {
    SetTime(*webhook.previous_secret_expire_time, out.mutable_previous_secret_expire_time());
  }
  SetTime(webhook.create_time, out.mutable_create_time());
  SetTime(webhook.update_time, out.mutable_update_time());
  out.set_etag(webhook.etag);
  return out;
}

std::string FaultName(DeliveryFault fault) {
  constexpr char kPrefix[] = "FAULT_";
  return v1::WebhookFailure_Fault_Name(static_cast<v1::WebhookFailure::Fault>(fault))
      .substr(sizeof(kPrefix) - 1);
}

absl::StatusOr<CreateWebhook> FromProto(const v1::CreateWebhookRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  if (request.webhook_id().empty()) {
    return Refuse(Reason::kFieldRequired, "webhook_id", "is needed");
  }
  CreateWebhook command;
  command.id = request.webhook_id();
  command.display_name = request.webhook().display_name();
  command.url = request.webhook().url();
  ASSIGN_OR_RETURN(command.filter,
                   EventFilterFrom(request.webhook().filter(), workspace, "webhook.filter"));
  ASSIGN_OR_RETURN(command.state, StateFrom(request.webhook()));
  return command;
}

absl::StatusOr<UpdateWebhook> FromProto(const v1::UpdateWebhookRequest& request) {
  ASSIGN_OR_RETURN(const WebhookName name, ParseWebhook(request.webhook().name(), "webhook.name"));
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), request.webhook(),
                                 {"display_name", "url", "filter", "state"}));
  UpdateWebhook command;
  if (fields.count("display_name") > 0) command.display_name = request.webhook().display_name();
  if (fields.count("url") > 0) command.url = request.webhook().url();
  if (fields.count("filter") > 0) {
    ASSIGN_OR_RETURN(command.filter,
                     EventFilterFrom(request.webhook().filter(), name.workspace, "webhook.filter"));
  }
  if (fields.count("state") > 0) {
    ASSIGN_OR_RETURN(command.state, StateFrom(request.webhook()));
  }
  return command;
}

absl::StatusOr<RotateWebhookSecret> FromProto(const v1::RotateWebhookSecretRequest& request) {
  RotateWebhookSecret command;
  if (request.has_overlap()) {
    ASSIGN_OR_RETURN(command.overlap, DurationFrom(request.overlap(), "overlap"));
  }
  return command;
}

absl::Status SpellCreateWebhook(const absl::Status& status) {
  return Respell(status,
                 {{{"webhook_id", "webhook_id"}, {"request_id", "request_id"}, {"", "webhook."}}});
}

absl::Status SpellUpdateWebhook(const absl::Status& status) {
  return Respell(status, {{{"request_id", "request_id"}, {"", "webhook."}}});
}

}  // namespace sales::service
