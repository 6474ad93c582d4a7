#include "clients/cli/src/webhook_verbs.h"

#include "clients/cli/src/verb_flags.h"

namespace salesctl {

std::vector<Verb> WebhookVerbs() {
  const Flags which = {{"WEBHOOK", "name", Form::kWebhook, "Which webhook.", kRequired}};
  const Flags once = {
      {"--etag", "etag", Form::kText, "Refuse if it has changed since."},
      {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}};
  const Flags about = {
      {"--display-name", "webhook.display_name", Form::kText, "The name that people see."},
      {"--type", "webhook.filter.types", Form::kEnum,
       "Only of events of this type; several are allowed."},
      {"--lead", "webhook.filter.lead", Form::kLead, "Only of events about this lead."},
      {"--state", "webhook.state", Form::kEnum, "enabled or disabled."}};
  return {
      {"webhook", "create", "EventService.CreateWebhook",
       "Have somebody told of events; shows the secret that verifies them, once.",
       Joined(Joined({{"ID", "webhook_id", Form::kText,
                       "Lower-case letters, digits, '-', '_', '.'.", kRequired},
                      {"URL", "webhook.url", Form::kText, "https://example.com/sales.", kRequired}},
                     about),
              {{"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}})},
      {"webhook", "get", "EventService.GetWebhook", "Show a webhook, and how far it is.", which},
      {"webhook", "list", "EventService.ListWebhooks", "List webhooks.", Listing({})},
      {"webhook", "update", "EventService.UpdateWebhook",
       "Change a webhook; enabling it tries again at once.",
       Joined(Joined({{"WEBHOOK", "webhook.name", Form::kWebhook, "Which webhook.", kRequired},
                      {"--url", "webhook.url", Form::kText, "Where events go from now on."}},
                     about),
              {{"--field", "update_mask", Form::kMask,
                "Change just this field, even to nothing: filter; several are allowed."},
               {"--etag", "webhook.etag", Form::kText, "Refuse if it has changed since."}})},
      {"webhook", "delete", "EventService.DeleteWebhook", "Tell somebody no more.",
       Joined(which, once)},
      {"webhook", "replay", "EventService.ReplayWebhook",
       "Enable a webhook, and deliver again what was recorded after a revision.",
       Joined(Joined(which, {{"--after", "after_revision", Form::kInteger,
                              "The revision; default: from the beginning."}}),
              once)},
      {"webhook", "rotate", "EventService.RotateWebhookSecret",
       "Give a webhook a new secret, and show it, once.",
       Joined(Joined(which, {{"--overlap", "overlap", Form::kDuration,
                              "How long the old secret signs too; default 24h."}}),
              once)},
  };
}

}  // namespace salesctl
