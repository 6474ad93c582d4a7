#include "google/protobuf/empty.pb.h"
#include "sales/v1/event.pb.h"
#include "service/src/call.h"
#include "service/src/convert/event.h"
#include "service/src/convert/webhook.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::ListEventsResponse> HandleListEvents(Caller& caller,
                                                        const v1::ListEventsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(EventQuery query,
                   EventQueryFrom(request.filter(), request.after_revision(), workspace));
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  ASSIGN_OR_RETURN(const EventPage page, caller.At(workspace).ListEvents(query));
  v1::ListEventsResponse response;
  for (const Event& event : page.events) *response.add_events() = ToProto(event, workspace);
  response.set_next_page_token(page.next_page_token);
  response.set_revision(page.revision);
  return response;
}

absl::StatusOr<v1::Webhook> HandleCreateWebhook(Caller& caller,
                                                const v1::CreateWebhookRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CreateWebhook command, FromProto(request));
  const auto webhook = caller.At(workspace).CreateWebhook(command);
  if (!webhook.ok()) return SpellCreateWebhook(webhook.status());
  return ToProto(*webhook, workspace);
}

absl::StatusOr<v1::Webhook> HandleGetWebhook(Caller& caller, const v1::GetWebhookRequest& request) {
  ASSIGN_OR_RETURN(const WebhookName name, ParseWebhook(request.name(), "name"));
  ASSIGN_OR_RETURN(const Webhook webhook, caller.At(name.workspace).GetWebhook(name.webhook));
  return ToProto(webhook, name.workspace);
}

absl::StatusOr<v1::ListWebhooksResponse> HandleListWebhooks(
    Caller& caller, const v1::ListWebhooksRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Webhook> page, caller.At(workspace).ListWebhooks(query));
  v1::ListWebhooksResponse response;
  for (const Webhook& item : page.items) *response.add_webhooks() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Webhook> HandleUpdateWebhook(Caller& caller,
                                                const v1::UpdateWebhookRequest& request) {
  ASSIGN_OR_RETURN(const WebhookName name, ParseWebhook(request.webhook().name(), "webhook.name"));
  ASSIGN_OR_RETURN(const UpdateWebhook command, FromProto(request));
  const auto webhook = caller.At(name.workspace).UpdateWebhook(name.webhook, command);
  if (!webhook.ok()) return SpellUpdateWebhook(webhook.status());
  return ToProto(*webhook, name.workspace);
}

absl::StatusOr<google::protobuf::Empty> HandleDeleteWebhook(
    Caller& caller, const v1::DeleteWebhookRequest& request) {
  ASSIGN_OR_RETURN(const WebhookName name, ParseWebhook(request.name(), "name"));
  RETURN_IF_ERROR(caller.At(name.workspace).DeleteWebhook(name.webhook).status());
  return google::protobuf::Empty();
}

absl::StatusOr<v1::Webhook> HandleReplayWebhook(Caller& caller,
                                                const v1::ReplayWebhookRequest& request) {
  ASSIGN_OR_RETURN(const WebhookName name, ParseWebhook(request.name(), "name"));
  ASSIGN_OR_RETURN(
      const Webhook webhook,
      caller.At(name.workspace).ReplayWebhook(name.webhook, {request.after_revision()}));
  return ToProto(webhook, name.workspace);
}

absl::StatusOr<v1::Webhook> HandleRotateWebhookSecret(
    Caller& caller, const v1::RotateWebhookSecretRequest& request) {
  ASSIGN_OR_RETURN(const WebhookName name, ParseWebhook(request.name(), "name"));
  ASSIGN_OR_RETURN(const RotateWebhookSecret command, FromProto(request));
  ASSIGN_OR_RETURN(const Webhook webhook,
                   caller.At(name.workspace).RotateWebhookSecret(name.webhook, command));
  return ToProto(webhook, name.workspace);
}

}  // namespace

void AddEventMethods(std::vector<Method>& methods) {
  const auto add = [&methods](const char* name, Work work, auto handler) {
    methods.push_back(Unary(std::string("EventService/") + name, work, handler));
  };
  add("ListEvents", Work::kScan, HandleListEvents);
  add("CreateWebhook", Work::kWrite, HandleCreateWebhook);
  add("GetWebhook", Work::kQuick, HandleGetWebhook);
  add("ListWebhooks", Work::kScan, HandleListWebhooks);
  add("UpdateWebhook", Work::kWrite, HandleUpdateWebhook);
  add("DeleteWebhook", Work::kWrite, HandleDeleteWebhook);
  add("ReplayWebhook", Work::kWrite, HandleReplayWebhook);
  add("RotateWebhookSecret", Work::kWrite, HandleRotateWebhookSecret);
}

}  // namespace sales::service
