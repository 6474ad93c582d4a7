// The fields of what writes answer with, named once for writing and reading, for the archives that
// keep answers. Found by the type of the value, so they stand in its namespace.
#ifndef SALES_SRC_STORE_ANSWER_FIELDS_H_
#define SALES_SRC_STORE_ANSWER_FIELDS_H_

#include "sales/channel.h"
#include "sales/contact.h"
#include "sales/lead.h"
#include "sales/money.h"
#include "sales/score.h"
#include "sales/token.h"
#include "sales/webhook.h"
#include "sales/workspace.h"
#include "src/store/handoff_fields.h"

namespace sales {

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Money>& money) {
  archive("currency", money.currency_code);
  archive("minor_units", money.minor_units);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, AttributeDefinition>& definition) {
  archive("key", definition.key);
  archive("display_name", definition.display_name);
  archive("type", definition.type);
  archive("values", definition.values);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Workspace>& workspace) {
  archive("id", workspace.id);
  archive("display_name", workspace.display_name);
  archive("time_zone", workspace.time_zone);
  archive("currency", workspace.currency_code);
  archive("default_region", workspace.default_region);
  archive("default_funnel", workspace.default_funnel);
  archive("revision", workspace.revision);
  archive("create_time", workspace.create_time);
  archive("update_time", workspace.update_time);
  archive("etag", workspace.etag);
  archive("default_calendar", workspace.default_calendar);
  archive("lead_attributes", workspace.lead_attributes);
  archive("score_features", workspace.score_features);
  archive("event_retention_days", workspace.event_retention_days);
  archive("oldest_revision", workspace.oldest_revision);
  archive("lead_visibility", workspace.lead_visibility);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Token>& token) {
  archive("id", token.id);
  archive("workspace", token.workspace);
  archive("role", token.role);
  archive("actor", token.actor);
  archive("creator", token.creator);
  archive("create_time", token.create_time);
  archive("expire_time", token.expire_time);
  archive("revoke_time", token.revoke_time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, ScoreContribution>& contribution) {
  archive("feature", contribution.feature);
  archive("value", contribution.value);
  archive("log_odds", contribution.log_odds);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, LeadScore>& score) {
  archive("probability", score.probability);
  archive("log_odds", score.log_odds);
  archive("base_log_odds", score.base_log_odds);
  archive("contributions", score.contributions);
  archive("won", score.won);
  archive("not_won", score.not_won);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, AdviceReason>& reason) {
  archive("code", reason.code);
  archive("description", reason.description);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Advice>& advice) {
  archive("lead", advice.lead);
  archive("action", advice.action);
  archive("score", advice.score);
  archive("reasons", advice.reasons);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Identity>& identity) {
  archive("kind", identity.kind);
  archive("value", identity.value);
  archive("source", identity.source);
  archive("normal_value", identity.normal_value);
  archive("usable", identity.usable);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Consent>& consent) {
  archive("refused", consent.refused);
  archive("source", consent.source);
  archive("time", consent.time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Contact>& contact) {
  archive("id", contact.id);
  archive("display_name", contact.display_name);
  archive("organization", contact.organization);
  archive("identities", contact.identities);
  archive("attributes", contact.attributes);
  archive("do_not_email", contact.do_not_email);
  archive("do_not_call", contact.do_not_call);
  archive("lead_count", contact.lead_count);
  archive("merged_into", contact.merged_into);
  archive("erase_time", contact.erase_time);
  archive("create_time", contact.create_time);
  archive("update_time", contact.update_time);
  archive("revision", contact.revision);
  archive("etag", contact.etag);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Referral>& referral) {
  archive("referrer", referral.referrer);
  archive("contact", referral.contact);
  archive("lead", referral.lead);
  archive("occur_time", referral.occur_time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Visit>& visit) {
  archive("stage", visit.stage);
  archive("enter_time", visit.enter_time);
  archive("leave_time", visit.leave_time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Requirements>& requirements) {
  archive("version", requirements.version);
  archive("text", requirements.text);
  archive("agree_time", requirements.agree_time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Proposal>& proposal) {
  archive("version", proposal.version);
  archive("state", proposal.state);
  archive("scope", proposal.scope);
  archive("price", proposal.price);
  archive("valid_until", proposal.valid_until);
  archive("request_time", proposal.request_time);
  archive("send_time", proposal.send_time);
  archive("answer_time", proposal.answer_time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, PlannedActivity>& planned) {
  archive("id", planned.id);
  archive("kind", planned.kind);
  archive("due_time", planned.due_time);
  archive("text", planned.text);
  archive("owner", planned.owner);
  archive("plan_time", planned.plan_time);
  archive("actor", planned.actor);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, LeadClock>& clock) {
  archive("kind", clock.kind);
  archive("stage", clock.stage);
  archive("start_time", clock.start_time);
  archive("due_time", clock.due_time);
  archive("stop_time", clock.stop_time);
  archive("overdue", clock.overdue);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Arguments>& arguments) {
  archive("better", arguments.better);
  archive("price", arguments.price);
  archive("differ", arguments.differ);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Outcome>& outcome) {
  archive("state", outcome.state);
  archive("stage", outcome.stage);
  archive("occur_time", outcome.occur_time);
  archive("actor", outcome.actor);
  archive("reason", outcome.reason);
  archive("arguments", outcome.arguments);
  archive("alternatives", outcome.alternatives);
  archive("told_in", outcome.told_in);
  archive("may_keep_in_touch", outcome.may_keep_in_touch);
  archive("revisit", outcome.revisit);
  archive("competitor", outcome.competitor);
  archive("wake", outcome.wake);
  archive("owner", outcome.owner);
  archive("value", outcome.value);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, StanceTaken>& taken) {
  archive("stance", taken.stance);
  archive("reason", taken.reason);
  archive("stage", taken.stage);
  archive("occur_time", taken.occur_time);
  archive("actor", taken.actor);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Lead>& lead) {
  archive("id", lead.id);
  archive("contact", lead.contact);
  archive("state", lead.state);
  archive("stage", lead.stage);
  archive("funnel", lead.funnel);
  archive("channel", lead.channel);
  archive("campaign", lead.campaign);
  archive("need", lead.need);
  archive("interest", lead.interest);
  archive("expected_value", lead.expected_value);
  archive("budget", lead.budget);
  archive("decision_maker_known", lead.decision_maker_known);
  archive("seller", lead.seller);
  archive("referrer", lead.referrer);
  archive("external_id", lead.external_id);
  archive("attributes", lead.attributes);
  archive("labels", lead.labels);
  archive("receive_time", lead.receive_time);
  archive("close_time", lead.close_time);
  archive("won_value", lead.won_value);
  archive("first_response_time", lead.first_response_time);
  archive("visits", lead.visits);
  archive("requirements", lead.requirements);
  archive("proposals", lead.proposals);
  archive("outcomes", lead.outcomes);
  archive("stance", lead.stance);
  archive("stances", lead.stances);
  archive("returned_from", lead.returned_from);
  archive("project", lead.project);
  archive("create_time", lead.create_time);
  archive("update_time", lead.update_time);
  archive("revision", lead.revision);
  archive("etag", lead.etag);
  archive("planned_activities", lead.planned_activities);
  archive("clocks", lead.clocks);
  archive("expected_close", lead.expected_close);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, CaptureResult>& result) {
  archive("lead", result.lead);
  archive("contact", result.contact);
  archive("contact_created", result.contact_created);
  archive("possible_duplicates", result.possible_duplicates);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Activity>& activity) {
  archive("id", activity.id);
  archive("lead", activity.lead);
  archive("kind", activity.kind);
  archive("direction", activity.direction);
  archive("occur_time", activity.occur_time);
  archive("duration", activity.duration);
  archive("text", activity.text);
  archive("record_time", activity.record_time);
  archive("actor", activity.actor);
  archive("expectation", activity.expectation);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, LoggedActivity>& logged) {
  archive("activity", logged.activity);
  archive("lead", logged.lead);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Channel>& channel) {
  archive("id", channel.id);
  archive("display_name", channel.display_name);
  archive("create_time", channel.create_time);
  archive("update_time", channel.update_time);
  archive("etag", channel.etag);
  archive("outreach", channel.outreach);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Campaign>& campaign) {
  archive("channel", campaign.channel);
  archive("id", campaign.id);
  archive("display_name", campaign.display_name);
  archive("audience_size", campaign.audience_size);
  archive("create_time", campaign.create_time);
  archive("update_time", campaign.update_time);
  archive("etag", campaign.etag);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, TouchResult>& result) {
  archive("newly_reached", result.newly_reached);
  archive("revision", result.revision);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, EventFilter>& filter) {
  archive("types", filter.types);
  archive("lead", filter.lead);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, WebhookFailure>& failure) {
  archive("attempts", failure.attempts);
  archive("first_time", failure.first_time);
  archive("last_time", failure.last_time);
  archive("next_time", failure.next_time);
  archive("fault", failure.fault);
  archive("http_status", failure.http_status);
}

// Without its secret, which is made again.
template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Webhook>& webhook) {
  archive("id", webhook.id);
  archive("uid", webhook.uid);
  archive("display_name", webhook.display_name);
  archive("url", webhook.url);
  archive("filter", webhook.filter);
  archive("state", webhook.state);
  archive("delivered_revision", webhook.delivered_revision);
  archive("failure", webhook.failure);
  archive("secret_generation", webhook.secret_generation);
  archive("previous_secret_expire_time", webhook.previous_secret_expire_time);
  archive("create_time", webhook.create_time);
  archive("update_time", webhook.update_time);
  archive("etag", webhook.etag);
}

}  // namespace sales

#endif  // SALES_SRC_STORE_ANSWER_FIELDS_H_
