#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "sales/engine.h"
#include "src/decide/civil.h"
#include "src/decide/handoff_pack.h"
#include "src/decide/policy_words.h"
#include "src/engine/contacts.h"
#include "src/engine/leads.h"
#include "src/store/channel_rows.h"
#include "src/store/contact_rows.h"
#include "src/store/handoff_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/referral_rows.h"

namespace sales {
namespace {

using internal::ReadScope;
using Json = nlohmann::ordered_json;

// Adds what is there; what is empty is left out.
void Put(Json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}
void Put(Json& out, const char* key, absl::Time time) {
  out[key] = absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}
void Put(Json& out, const char* key, const std::optional<absl::Time>& time) {
  if (time.has_value()) Put(out, key, *time);
}
void Put(Json& out, const char* key, const std::optional<absl::CivilDay>& day) {
  if (day.has_value()) out[key] = FormatDay(*day);
}
void Put(Json& out, const char* key, const std::optional<Money>& money) {
  if (!money.has_value()) return;
  out[key] = {{"currency_code", money->currency_code}, {"minor_units", money->minor_units}};
}
void Put(Json& out, const char* key, const std::map<std::string, std::string>& values) {
  if (!values.empty()) out[key] = values;
}
void Put(Json& out, const char* key, const Consent& consent) {
  if (!consent.time.has_value()) return;
  Json& added = out[key];
  added["refused"] = consent.refused;
  Put(added, "source", consent.source);
  Put(added, "time", consent.time);
}
void PutList(Json& out, const char* key, Json list) {
  if (!list.empty()) out[key] = std::move(list);
}

const char* NameOf(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::kEmail:
      return "EMAIL";
    case IdentityKind::kPhone:
      return "PHONE";
    case IdentityKind::kMessenger:
      return "MESSENGER";
    case IdentityKind::kExternal:
      return "EXTERNAL";
    default:
      return "";
  }
}

const char* NameOf(ProposalState state) {
  switch (state) {
    case ProposalState::kRequested:
      return "REQUESTED";
    case ProposalState::kSent:
      return "SENT";
    case ProposalState::kAccepted:
      return "ACCEPTED";
    case ProposalState::kRejected:
      return "REJECTED";
    case ProposalState::kExpired:
      return "EXPIRED";
    case ProposalState::kWithdrawn:
      return "WITHDRAWN";
    default:
      return "";
  }
}

Json DocumentOf(const Contact& contact) {
  Json out;
  out["id"] = contact.id;
  Put(out, "display_name", contact.display_name);
  Put(out, "organization", contact.organization);
  Json identities = Json::array();
  for (const Identity& identity : contact.identities) {
    Json added;
    added["kind"] = NameOf(identity.kind);
    added["value"] = identity.value;
    Put(added, "source", identity.source);
    Put(added, "normal_value", identity.normal_value);
    identities.push_back(std::move(added));
  }
  PutList(out, "identities", std::move(identities));
  Put(out, "attributes", contact.attributes);
  Put(out, "do_not_email", contact.do_not_email);
  Put(out, "do_not_call", contact.do_not_call);
  Put(out, "merged_into", contact.merged_into);
  Put(out, "create_time", contact.create_time);
  Put(out, "update_time", contact.update_time);
  out["etag"] = contact.etag;
  return out;
}

Json DocumentOf(const Proposal& proposal) {
  Json out;
  out["version"] = proposal.version;
  out["state"] = NameOf(proposal.state);
  Put(out, "scope", proposal.scope);
  Put(out, "price", proposal.price);
  Put(out, "valid_until", proposal.valid_until);
  Put(out, "request_time", proposal.request_time);
  Put(out, "send_time", proposal.send_time);
  Put(out, "answer_time", proposal.answer_time);
  return out;
}

Json DocumentOf(const Outcome& outcome) {
  Json out;
  out["state"] = LeadStateName(outcome.state);
  Put(out, "stage", outcome.stage);
  Put(out, "occur_time", outcome.occur_time);
  Put(out, "actor", outcome.actor);
  Put(out, "reason", outcome.reason);
  Put(out, "argument_better", outcome.arguments.better);
  Put(out, "argument_price", outcome.arguments.price);
  Put(out, "argument_differ", outcome.arguments.differ);
  Put(out, "alternatives", outcome.alternatives);
  Put(out, "told_in", outcome.told_in);
  if (outcome.may_keep_in_touch) out["may_keep_in_touch"] = true;
  Put(out, "revisit", outcome.revisit);
  Put(out, "competitor", outcome.competitor);
  Put(out, "wake", outcome.wake);
  Put(out, "owner", outcome.owner);
  Put(out, "value", outcome.value);
  return out;
}

Json DocumentOf(const Activity& activity) {
  Json out;
  out["id"] = activity.id;
  out["kind"] = ActivityKindName(activity.kind);
  out["direction"] = DirectionName(activity.direction);
  Put(out, "occur_time", activity.occur_time);
  if (activity.duration > absl::ZeroDuration()) {
    out["duration_seconds"] = absl::ToInt64Seconds(activity.duration);
  }
  Put(out, "text", activity.text);
  if (activity.expectation != 0) out["expectation"] = activity.expectation;
  Put(out, "record_time", activity.record_time);
  Put(out, "actor", activity.actor);
  return out;
}

void PutParts(const Lead& lead, Json& out) {
  Json visits = Json::array();
  for (const Visit& visit : lead.visits) {
    Json added;
    added["stage"] = visit.stage;
    Put(added, "enter_time", visit.enter_time);
    Put(added, "leave_time", visit.leave_time);
    visits.push_back(std::move(added));
  }
  PutList(out, "visits", std::move(visits));
  Json requirements = Json::array();
  for (const Requirements& version : lead.requirements) {
    Json added;
    added["version"] = version.version;
    Put(added, "text", version.text);
    Put(added, "agree_time", version.agree_time);
    requirements.push_back(std::move(added));
  }
  PutList(out, "requirements", std::move(requirements));
  Json proposals = Json::array();
  for (const Proposal& proposal : lead.proposals) proposals.push_back(DocumentOf(proposal));
  PutList(out, "proposals", std::move(proposals));
  Json outcomes = Json::array();
  for (const Outcome& outcome : lead.outcomes) outcomes.push_back(DocumentOf(outcome));
  PutList(out, "outcomes", std::move(outcomes));
  Json stances = Json::array();
  for (const StanceTaken& taken : lead.stances) {
    Json added;
    added["stance"] = StanceName(taken.stance);
    Put(added, "reason", taken.reason);
    Put(added, "stage", taken.stage);
    Put(added, "occur_time", taken.occur_time);
    Put(added, "actor", taken.actor);
    stances.push_back(std::move(added));
  }
  PutList(out, "stances", std::move(stances));
}

Json DocumentOf(const PlannedActivity& planned) {
  Json out;
  out["id"] = planned.id;
  Put(out, "kind", std::string(ActivityKindName(planned.kind)));
  Put(out, "due_time", planned.due_time);
  Put(out, "text", planned.text);
  Put(out, "owner", planned.owner);
  Put(out, "plan_time", planned.plan_time);
  Put(out, "actor", planned.actor);
  return out;
}

Json DocumentOf(const Lead& lead, const std::vector<Activity>& activities) {
  Json out;
  out["id"] = lead.id;
  out["contact"] = lead.contact;
  out["state"] = LeadStateName(lead.state);
  out["stage"] = lead.stage;
  out["funnel"] = lead.funnel;
  out["channel"] = lead.channel;
  Put(out, "campaign", lead.campaign);
  Put(out, "need", lead.need);
  out["interest"] = lead.interest;
  Put(out, "expected_value", lead.expected_value);
  if (lead.expected_close.has_value()) out["expected_close"] = FormatDay(*lead.expected_close);
  Put(out, "budget", lead.budget);
  if (lead.decision_maker_known) out["decision_maker_known"] = true;
  Put(out, "seller", lead.seller);
  Put(out, "referrer", lead.referrer);
  Put(out, "external_id", lead.external_id);
  Put(out, "attributes", lead.attributes);
  if (!lead.labels.empty()) out["labels"] = lead.labels;
  Put(out, "receive_time", lead.receive_time);
  Put(out, "close_time", lead.close_time);
  Put(out, "won_value", lead.won_value);
  Put(out, "first_response_time", lead.first_response_time);
  Put(out, "returned_from", lead.returned_from);
  PutParts(lead, out);
  Json logged = Json::array();
  for (const Activity& activity : activities) logged.push_back(DocumentOf(activity));
  PutList(out, "activities", std::move(logged));
  Json planned = Json::array();
  for (const PlannedActivity& next : lead.planned_activities) planned.push_back(DocumentOf(next));
  PutList(out, "planned_activities", std::move(planned));
  Put(out, "project", lead.project);
  Put(out, "create_time", lead.create_time);
  Put(out, "update_time", lead.update_time);
  out["etag"] = lead.etag;
  return out;
}

// The contact with everything that hangs on it, and with those merged into it under "merged".
absl::StatusOr<Json> Document(ReadScope& scope, const Contact& contact) {
  const std::string& workspace = scope.workspace();
  Json out = DocumentOf(contact);
  Json leads = Json::array();
  SALES_ASSIGN_OR_RETURN(const std::vector<store::ContactLead> captured,
                         store::LeadsOfContact(scope.db, workspace, contact.id));
  for (const store::ContactLead& entry : captured) {
    SALES_ASSIGN_OR_RETURN(
        const LeadRecord record,
        internal::FindLead(scope.db, workspace, entry.lead, scope.currency_code()));
    SALES_ASSIGN_OR_RETURN(const std::vector<Activity> activities,
                           store::ListActivities(scope.db, workspace, entry.lead));
    Json document = DocumentOf(record.lead, activities);
    SALES_ASSIGN_OR_RETURN(const std::optional<Handoff> handoff,
                           store::LoadHandoff(scope.db, workspace, entry.lead));
    if (handoff.has_value()) {
      Json pack = Json::parse(
          MakeHandoffPack({workspace, absl::UTCTimeZone(), *handoff, record.lead, contact}).json);
      // The document has these already.
      for (const char* key : {"workspace", "client", "lead"}) pack.erase(key);
      document["handoff"] = std::move(pack);
    }
    leads.push_back(std::move(document));
  }
  PutList(out, "leads", std::move(leads));
  Json touches = Json::array();
  SALES_ASSIGN_OR_RETURN(const std::vector<store::Touch> reached,
                         store::TouchesOf(scope.db, workspace, contact.id));
  for (const store::Touch& touch : reached) {
    Json added;
    added["channel"] = touch.channel;
    added["campaign"] = touch.campaign;
    Put(added, "occur_time", touch.occur_time);
    touches.push_back(std::move(added));
  }
  PutList(out, "touches", std::move(touches));
  Json referrals = Json::array();
  SALES_ASSIGN_OR_RETURN(const std::vector<Referral> by_hand,
                         store::ReferralsByHand(scope.db, workspace, contact.id));
  for (const Referral& referral : by_hand) {
    Json added;
    added["referrer"] = referral.referrer;
    added["contact"] = referral.contact;
    Put(added, "occur_time", referral.occur_time);
    referrals.push_back(std::move(added));
  }
  PutList(out, "referrals", std::move(referrals));
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         store::ContactsMergedInto(scope.db, workspace, contact.id));
  Json merged = Json::array();
  for (const std::string& id : ids) {
    SALES_ASSIGN_OR_RETURN(const Contact other, internal::FindContactById(scope.db, workspace, id));
    SALES_ASSIGN_OR_RETURN(Json document, Document(scope, other));
    merged.push_back(std::move(document));
  }
  PutList(out, "merged", std::move(merged));
  return out;
}

}  // namespace

absl::StatusOr<std::string> Desk::ExportContact(const std::string& contact) const {
  std::string text;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const Contact found,
                           internal::FindLivingContact(scope.db, workspace_, contact));
    SALES_ASSIGN_OR_RETURN(const Json document, Document(scope, found));
    text = document.dump(2, ' ', false, Json::error_handler_t::replace);
    return absl::OkStatus();
  }));
  if (text.size() <= limits::export_bytes_max) return text;
  ErrorDetail detail;
  detail.reason = Reason::kLimitReached;
  detail.metadata["limit"] = std::to_string(limits::export_bytes_max);
  return MakeError(std::move(detail), "The contact's document is longer than one may be.");
}

}  // namespace sales
