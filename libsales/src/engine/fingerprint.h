// Tells whether two calls with one request id ask for the same thing, and whether an imported row
// is one that was imported before.
#ifndef SALES_SRC_ENGINE_FINGERPRINT_H_
#define SALES_SRC_ENGINE_FINGERPRINT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sales/calendar.h"
#include "sales/engine.h"
#include "sales/handoff.h"
#include "sales/plan.h"
#include "sales/team.h"
#include "sales/token.h"
#include "src/decide/civil.h"
#include "src/decide/page_token.h"

namespace sales::internal {

// A text that differs whenever what was added to it differs: every part has its length before it.
class Canon {
 public:
  void Add(std::string_view text) {
    text_ += std::to_string(text.size());
    text_ += ':';
    text_ += text;
  }
  void Add(const std::string& text) { Add(std::string_view(text)); }
  void Add(const char* text) { Add(std::string_view(text)); }
  void Add(int64_t number) { Add(std::string_view(std::to_string(number))); }
  void Add(int number) { Add(int64_t{number}); }
  void Add(bool flag) { Add(int64_t{flag ? 1 : 0}); }
  void Add(absl::Time time) { Add(ToMicros(time)); }
  void Add(absl::Duration duration) { Add(absl::ToInt64Microseconds(duration)); }
  void Add(absl::CivilDay day) { Add(FormatDay(day)); }
  void Add(const Money& money) { AddAll(money.currency_code, money.minor_units); }
  void Add(IdentityKind kind) { Add(static_cast<int>(kind)); }
  void Add(ActivityKind kind) { Add(static_cast<int>(kind)); }
  void Add(Outreach outreach) { Add(static_cast<int>(outreach)); }
  void Add(Direction direction) { Add(static_cast<int>(direction)); }
  void Add(ProposalState state) { Add(static_cast<int>(state)); }
  void Add(Stance stance) { Add(static_cast<int>(stance)); }
  void Add(HandoffStep step) { Add(static_cast<int>(step)); }
  void Add(const Participant& p) { AddAll(p.display_name, p.email, p.phone, p.role); }
  void Add(const Link& link) { AddAll(link.title, link.uri); }
  void Add(const Identity& identity) { AddAll(identity.kind, identity.value, identity.source); }
  void Add(const Arguments& a) { AddAll(a.better, a.price, a.differ); }
  void Add(const ContactInput& c) {
    AddAll(c.id, c.display_name, c.organization, c.identities);
    // Added later: what was sent without them keeps its fingerprint. So below.
    if (!c.attributes.empty()) Add(c.attributes);
  }
  void Add(const Consent& c) { AddAll(c.refused, c.source, c.time); }
  void Add(const FunnelPolicy& policy) { Add(FunnelPolicyToJson(policy)); }

  void Add(const CreateWorkspace& c) {
    AddAll(c.id, c.display_name, c.time_zone, c.currency_code, c.default_region, c.default_funnel);
    if (!c.lead_attributes.empty()) Add(c.lead_attributes);
    if (!c.score_features.empty()) AddAll("score_features", c.score_features);
    if (c.event_retention_days != 0) AddAll("event_retention_days", c.event_retention_days);
    if (c.lead_visibility != LeadVisibility::kUnspecified) {
      AddAll("lead_visibility", static_cast<int>(c.lead_visibility));
    }
  }
  void Add(const CreateToken& c) { AddAll(c.id, static_cast<int>(c.role), c.actor, c.expire_time); }
  void Add(const UpdateWorkspace& c) {
    AddAll(c.display_name, c.default_region, c.default_funnel, c.default_calendar);
    if (c.lead_attributes.has_value()) Add(*c.lead_attributes);
    if (c.score_features.has_value()) AddAll("score_features", *c.score_features);
    if (c.event_retention_days.has_value()) {
      AddAll("event_retention_days", *c.event_retention_days);
    }
    if (c.lead_visibility.has_value()) {
      AddAll("lead_visibility", static_cast<int>(*c.lead_visibility));
    }
  }
  void Add(const AttributeDefinition& d) {
    AddAll(d.key, d.display_name, static_cast<int>(d.type), d.values);
  }
  void Add(const UpdateContact& c) {
    AddAll(c.display_name, c.organization, c.identities, c.attributes, c.do_not_email,
           c.do_not_call);
  }
  void Add(const RecordReferral& c) { AddAll(c.referrer, c.contact); }
  void Add(const CreateChannel& c) { AddAll(c.id, c.display_name, c.outreach); }
  void Add(const UpdateChannel& c) { AddAll(c.display_name, c.outreach); }
  void Add(const CreateCampaign& c) { AddAll(c.channel, c.id, c.display_name, c.audience_size); }
  void Add(const UpdateCampaign& c) { AddAll(c.display_name, c.audience_size); }
  void Add(const RecordSpend& c) { AddAll(c.channel, c.campaign, c.amount, c.spend_date); }
  void Add(const RecordTouches& c) { AddAll(c.channel, c.campaign, c.contacts); }
  void Add(const ActivateFunnelPolicy& c) { AddAll(c.policy, c.stage_mapping); }
  void Add(const CaptureLead& c) {
    AddAll(c.contact, c.id, c.channel, c.campaign, c.funnel, c.need, c.interest, c.expected_value,
           c.budget, c.decision_maker_known, c.seller, c.referrer, c.external_id, c.attributes,
           c.receive_time);
    if (!c.labels.empty()) AddAll("labels", c.labels);
    if (c.expected_close.has_value()) AddAll("expected_close", *c.expected_close);
  }
  void Add(const UpdateLead& c) {
    AddAll(c.channel, c.campaign, c.need, c.interest, c.expected_value, c.clear_expected_value,
           c.budget, c.clear_budget, c.decision_maker_known, c.attributes);
    if (c.labels.has_value()) AddAll("labels", *c.labels);
    if (c.expected_close.has_value()) AddAll("expected_close", *c.expected_close);
    if (c.clear_expected_close) Add("clear_expected_close");
  }
  void Add(const AssignLead& c) {
    Add(c.seller);
    // Only where it is said: rows imported before it existed must stay what they were.
    if (c.unassign) Add(c.unassign);
  }
  void Add(const AdvanceLead& c) { AddAll(c.stage, c.reason, c.override_reason); }
  void Add(const LogActivity& c) {
    AddAll(c.kind, c.direction, c.duration, c.text);
    if (c.expectation != 0) AddAll("expectation", c.expectation);
  }
  void Add(const AgreeRequirements& c) { Add(c.text); }
  void Add(const RequestProposal&) {}
  void Add(const SendProposal& c) { AddAll(c.scope, c.price, c.valid_until); }
  void Add(const AnswerProposal& c) { AddAll(c.version, c.answer); }
  void Add(const DeclineLead& c) {
    AddAll(c.reason, c.arguments, c.alternatives, c.told_in, c.may_keep_in_touch, c.revisit);
  }
  void Add(const LoseLead& c) { AddAll(c.reason, c.competitor); }
  void Add(const DisqualifyLead& c) { Add(c.reason); }
  void Add(const NurtureLead& c) { AddAll(c.reason, c.wake, c.owner); }
  void Add(const WinLead& c) { AddAll(c.value, c.override_reason); }
  void Add(const SetStance& c) { AddAll(c.stance, c.reason); }
  void Add(const ReopenLead& c) { AddAll(c.reason, c.override_reason); }
  void Add(const PlanActivity& c) { AddAll(c.kind, c.due_time, c.text, c.owner); }
  void Add(const CompletePlannedActivity& c) { AddAll(c.planned_activity, c.activity); }
  void Add(const CancelPlannedActivity& c) { Add(c.planned_activity); }
  void Add(const WorkInterval& interval) { AddAll(interval.start_minute, interval.end_minute); }
  void Add(const CalendarException& e) { AddAll(e.day, e.title, e.intervals); }
  void Add(const WorkWeek& week) {
    for (const std::vector<WorkInterval>& day : week) Add(day);
  }
  void Add(const CreateCalendar& c) {
    AddAll(c.id, c.display_name, c.time_zone, c.week, c.exceptions);
  }
  void Add(const UpdateCalendar& c) { AddAll(c.display_name, c.time_zone, c.week, c.exceptions); }
  void Add(const CreateTeam& c) { AddAll(c.id, c.display_name); }
  void Add(const UpdateTeam& c) { Add(c.display_name); }
  void Add(const Intake& i) { AddAll(i.leads, i.periods, static_cast<int>(i.unit)); }
  void Add(const Absence& a) { AddAll(a.first_day, a.last_day); }
  void Add(const CreateSeller& c) {
    AddAll(c.id, c.display_name, c.team, c.role, c.skills, c.calendar, c.capacity, c.intake,
           c.weight, c.inactive);
  }
  void Add(const UpdateSeller& c) {
    AddAll(c.display_name, c.team, c.role, c.skills, c.calendar, c.capacity, c.intake,
           c.clear_intake, c.weight, c.inactive);
  }
  void Add(const CampaignOfChannel& c) { AddAll(c.channel, c.campaign); }
  void Add(const AttributeTest& t) { AddAll(t.key, static_cast<int>(t.comparison), t.value); }
  void Add(const AssignmentRule& r) {
    AddAll(r.channels, r.campaigns, r.funnels, r.expected_value_at_least, r.expected_value_below,
           r.attributes, r.team, r.skills);
  }
  void Add(const AssignmentPolicy& p) {
    AddAll(p.rules, p.default_team, static_cast<int>(p.method), p.previous_seller,
           p.assign_on_capture);
  }
  void Add(const LeadCommand& command) {
    Add(static_cast<int64_t>(command.index()));
    std::visit([this](const auto& c) { Add(c); }, command);
  }
  void Add(const std::monostate&) {}
  void Add(const Introduction& i) {
    AddAll(i.meet_time, i.duration, i.place, i.client_participants, i.studio_participants);
  }
  void Add(const ProjectPrepared& p) { AddAll(p.planner, p.project_link, p.members); }
  void Add(const MaterialsShared& m) { AddAll(m.documents, m.requirements, m.access); }
  void Add(const Briefing& b) { AddAll(b.manager, b.text); }
  void Add(const CompleteHandoffStep& c) {
    Add(static_cast<int64_t>(c.evidence.index()));
    std::visit([this](const auto& evidence) { Add(evidence); }, c.evidence);
  }
  void Add(const ReturnHandoff& c) { AddAll(c.missing, c.steps); }
  void Add(const UpdateProject& c) { Add(c.members); }
  void Add(const RequestWork& c) {
    AddAll(c.id, c.need, c.interest, c.expected_value, c.budget, c.seller, c.funnel);
  }
  void Add(const CloseProject& c) { Add(c.satisfaction); }
  void Add(const PlanTargets& t) {
    AddAll(t.revenue, t.won, t.leads, t.response_within_limit, t.proposal_within_limit,
           t.conversion);
  }
  void Add(const SetPlan& c) { AddAll(c.quarter, c.team, c.seller, c.targets); }
  void Add(EventType type) { Add(static_cast<int>(type)); }
  void Add(WebhookState state) { Add(static_cast<int>(state)); }
  void Add(const EventFilter& f) { AddAll(f.types, f.lead); }
  void Add(const CreateWebhook& c) { AddAll(c.id, c.display_name, c.url, c.filter, c.state); }
  void Add(const UpdateWebhook& c) { AddAll(c.display_name, c.url, c.filter, c.state); }
  void Add(const ReplayWebhook& c) { Add(c.after_revision); }
  void Add(const RotateWebhookSecret& c) { Add(c.overlap); }
  void Add(const LeadStep& step) { AddAll(step.occur_time, step.command); }
  void Add(const ImportLead& row) { AddAll(row.capture, row.steps); }

  template <typename T>
  void Add(const std::optional<T>& value) {
    Add(value.has_value());
    if (value.has_value()) Add(*value);
  }
  template <typename T>
  void Add(const std::vector<T>& values) {
    Add(static_cast<int64_t>(values.size()));
    for (const T& value : values) Add(value);
  }
  void Add(const std::map<std::string, std::string>& values) {
    Add(static_cast<int64_t>(values.size()));
    for (const auto& [key, value] : values) AddAll(key, value);
  }

  template <typename... Parts>
  void AddAll(const Parts&... parts) {
    (Add(parts), ...);
  }

  uint64_t fingerprint() const { return Fingerprint({text_}); }

 private:
  std::string text_;
};

// Of a call with a request id: of everything that it asks for. 0 for other calls, which need none.
template <typename... Parts>
uint64_t CallFingerprint(const Call& call, const char* verb, const Parts&... parts) {
  if (call.request_id.empty()) return 0;
  Canon canon;
  canon.AddAll(verb, call.etag, call.occur_time, parts...);
  return canon.fingerprint();
}

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_FINGERPRINT_H_
