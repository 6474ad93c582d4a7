#include "service/src/convert/lead.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/src/convert/contact.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

void Set(const Outcome& outcome, const Lead& lead, const std::string& workspace, v1::Outcome* out) {
  out->set_state(static_cast<v1::LeadState>(outcome.state));
  out->set_stage(outcome.stage);
  SetTime(outcome.occur_time, out->mutable_occur_time());
  out->set_actor(outcome.actor);
  out->set_reason(outcome.reason);
  if (outcome.state == LeadState::kDeclined) {
    out->mutable_arguments()->set_better(outcome.arguments.better);
    out->mutable_arguments()->set_price(outcome.arguments.price);
    out->mutable_arguments()->set_differ(outcome.arguments.differ);
  }
  out->set_alternatives(outcome.alternatives);
  out->set_told_in(ActivityNameOf(workspace, lead.id, outcome.told_in));
  out->set_may_keep_in_touch(outcome.may_keep_in_touch);
  out->set_revisit_date(DayText(outcome.revisit));
  out->set_competitor(outcome.competitor);
  out->set_wake_date(DayText(outcome.wake));
  out->set_owner(SellerNameOf(workspace, outcome.owner));
  if (outcome.value) SetMoney(*outcome.value, out->mutable_value());
}

void Set(const Proposal& proposal, v1::Proposal* out) {
  out->set_version(proposal.version);
  out->set_state(static_cast<v1::Proposal::State>(proposal.state));
  out->set_scope(proposal.scope);
  if (proposal.price) SetMoney(*proposal.price, out->mutable_price());
  out->set_valid_until_date(DayText(proposal.valid_until));
  if (proposal.request_time) SetTime(*proposal.request_time, out->mutable_request_time());
  if (proposal.send_time) SetTime(*proposal.send_time, out->mutable_send_time());
  if (proposal.answer_time) SetTime(*proposal.answer_time, out->mutable_answer_time());
}

void SetHistory(const Lead& lead, const std::string& workspace, v1::Lead* out) {
  for (const Visit& visit : lead.visits) {
    v1::Visit& added = *out->add_visits();
    added.set_stage(visit.stage);
    SetTime(visit.enter_time, added.mutable_enter_time());
    if (visit.leave_time) SetTime(*visit.leave_time, added.mutable_leave_time());
  }
  for (const Requirements& requirements : lead.requirements) {
    v1::Requirements& added = *out->add_requirements();
    added.set_version(requirements.version);
    added.set_text(requirements.text);
    SetTime(requirements.agree_time, added.mutable_agree_time());
  }
  for (const Proposal& proposal : lead.proposals) Set(proposal, out->add_proposals());
  for (const Outcome& outcome : lead.outcomes) Set(outcome, lead, workspace, out->add_outcomes());
}

void SetStances(const Lead& lead, v1::Lead* out) {
  out->set_stance(static_cast<v1::Stance>(lead.stance));
  for (const StanceTaken& taken : lead.stances) {
    v1::StanceTaken& added = *out->add_stances();
    added.set_stance(static_cast<v1::Stance>(taken.stance));
    added.set_reason(taken.reason);
    added.set_stage(taken.stage);
    SetTime(taken.occur_time, added.mutable_occur_time());
    added.set_actor(taken.actor);
  }
}

void SetNextSteps(const Lead& lead, const std::string& workspace, v1::Lead* out) {
  for (const PlannedActivity& planned : lead.planned_activities) {
    v1::PlannedActivity& added = *out->add_planned_activities();
    added.set_name(PlannedActivityNameOf(workspace, lead.id, planned.id));
    added.set_kind(static_cast<v1::Activity::Kind>(planned.kind));
    SetTime(planned.due_time, added.mutable_due_time());
    added.set_text(planned.text);
    added.set_owner(SellerNameOf(workspace, planned.owner));
    SetTime(planned.plan_time, added.mutable_plan_time());
    added.set_actor(planned.actor);
  }
  for (const LeadClock& clock : lead.clocks) {
    v1::LeadClock& added = *out->add_clocks();
    added.set_kind(static_cast<v1::LeadClock::Kind>(clock.kind));
    added.set_stage(clock.stage);
    SetTime(clock.start_time, added.mutable_start_time());
    if (clock.due_time) SetTime(*clock.due_time, added.mutable_due_time());
    if (clock.stop_time) SetTime(*clock.stop_time, added.mutable_stop_time());
    added.set_overdue(clock.overdue);
  }
}

// A campaign's name holds its channel's, which therefore may be left out but not differ.
absl::Status ReadCampaign(const v1::Lead& lead, const std::string& workspace, std::string& channel,
                          std::string& campaign) {
  ASSIGN_OR_RETURN(CampaignName name, CampaignRef(lead.campaign(), workspace, "lead.campaign"));
  if (name.campaign.empty()) return absl::OkStatus();
  if (!channel.empty() && channel != name.channel) {
    return Refuse(Reason::kFieldInvalid, "lead.campaign",
                  "is a campaign of another channel than lead.channel");
  }
  channel = std::move(name.channel);
  campaign = std::move(name.campaign);
  return absl::OkStatus();
}

std::map<std::string, std::string> AttributesOf(const v1::Lead& lead) {
  return {lead.attributes().begin(), lead.attributes().end()};
}

std::vector<std::string> LabelsOf(const v1::Lead& lead) {
  return {lead.labels().begin(), lead.labels().end()};
}

}  // namespace

void SetLead(const Lead& lead, const std::string& workspace, v1::Lead& out) {
  out.set_name(LeadNameOf(workspace, lead.id));
  out.set_contact(ContactNameOf(workspace, lead.contact));
  out.set_state(static_cast<v1::LeadState>(lead.state));
  out.set_stage(lead.stage);
  out.set_funnel(FunnelNameOf(workspace, lead.funnel));
  out.set_channel(ChannelNameOf(workspace, lead.channel));
  out.set_campaign(CampaignNameOf(workspace, lead.channel, lead.campaign));
  out.set_need(lead.need);
  out.set_interest(lead.interest);
  if (lead.expected_value) SetMoney(*lead.expected_value, out.mutable_expected_value());
  out.set_expected_close_date(DayText(lead.expected_close));
  if (lead.budget) SetMoney(*lead.budget, out.mutable_budget());
  out.set_decision_maker_known(lead.decision_maker_known);
  out.set_seller(SellerNameOf(workspace, lead.seller));
  out.set_referrer(ContactNameOf(workspace, lead.referrer));
  out.set_external_id(lead.external_id);
  for (const auto& [key, value] : lead.attributes) (*out.mutable_attributes())[key] = value;
  out.mutable_labels()->Add(lead.labels.begin(), lead.labels.end());
  SetTime(lead.receive_time, out.mutable_receive_time());
  if (lead.close_time) SetTime(*lead.close_time, out.mutable_close_time());
  if (lead.won_value) SetMoney(*lead.won_value, out.mutable_won_value());
  if (lead.first_response_time) {
    SetTime(*lead.first_response_time, out.mutable_first_response_time());
  }
  SetHistory(lead, workspace, &out);
  SetStances(lead, &out);
  SetNextSteps(lead, workspace, &out);
  out.set_returned_from(LeadNameOf(workspace, lead.returned_from));
  out.set_project(ProjectNameOf(workspace, lead.project));
  SetTime(lead.create_time, out.mutable_create_time());
  SetTime(lead.update_time, out.mutable_update_time());
  out.set_etag(lead.etag);
  out.set_revision(lead.revision);
}

v1::Lead ToProto(const Lead& lead, const std::string& workspace) {
  v1::Lead out;
  SetLead(lead, workspace, out);
  return out;
}

v1::Activity ToProto(const Activity& activity, const std::string& workspace) {
  v1::Activity out;
  out.set_name(ActivityNameOf(workspace, activity.lead, activity.id));
  out.set_kind(static_cast<v1::Activity::Kind>(activity.kind));
  out.set_direction(static_cast<v1::Activity::Direction>(activity.direction));
  SetTime(activity.occur_time, out.mutable_occur_time());
  SetDuration(activity.duration, out.mutable_duration());
  out.set_text(activity.text);
  SetTime(activity.record_time, out.mutable_record_time());
  out.set_actor(activity.actor);
  out.set_expectation(activity.expectation);
  return out;
}

v1::CaptureLeadResponse ToProto(const CaptureResult& result, const std::string& workspace) {
  v1::CaptureLeadResponse out;
  *out.mutable_lead() = ToProto(result.lead, workspace);
  *out.mutable_contact() = ToProto(result.contact, workspace);
  out.set_contact_created(result.contact_created);
  for (const std::string& contact : result.possible_duplicates) {
    out.add_possible_duplicates(ContactNameOf(workspace, contact));
  }
  return out;
}

v1::MoveCheck ToProto(const MoveCheck& check) {
  v1::MoveCheck out;
  out.set_stage(check.stage);
  out.set_allowed(check.allowed);
  for (const MissingCondition& missing : check.missing) {
    v1::MissingCondition& added = *out.add_missing();
    added.set_stage(missing.stage);
    added.set_condition(missing.condition);
    added.set_description(missing.description);
  }
  return out;
}

v1::LogActivityResponse ToProto(const LoggedActivity& logged, const std::string& workspace) {
  v1::LogActivityResponse out;
  *out.mutable_activity() = ToProto(logged.activity, workspace);
  *out.mutable_lead() = ToProto(logged.lead, workspace);
  return out;
}

absl::StatusOr<CaptureLead> FromProto(const v1::CaptureLeadRequest& request,
                                      const std::string& workspace) {
  const v1::Lead& lead = request.lead();
  CaptureLead command;
  ASSIGN_OR_RETURN(command.contact, ContactInputFrom(request.contact(), workspace, "contact"));
  command.id = request.lead_id();
  ASSIGN_OR_RETURN(command.channel, ChannelRef(lead.channel(), workspace, "lead.channel"));
  RETURN_IF_ERROR(ReadCampaign(lead, workspace, command.channel, command.campaign));
  ASSIGN_OR_RETURN(command.funnel, FunnelRef(lead.funnel(), workspace, "lead.funnel"));
  command.need = lead.need();
  command.interest = lead.interest();
  if (lead.has_expected_value()) command.expected_value = MoneyFrom(lead.expected_value());
  if (lead.has_budget()) command.budget = MoneyFrom(lead.budget());
  command.decision_maker_known = lead.decision_maker_known();
  ASSIGN_OR_RETURN(command.seller, SellerRef(lead.seller(), workspace, "lead.seller"));
  ASSIGN_OR_RETURN(command.referrer, ContactRef(lead.referrer(), workspace, "lead.referrer"));
  command.external_id = lead.external_id();
  command.attributes = AttributesOf(lead);
  command.labels = LabelsOf(lead);
  ASSIGN_OR_RETURN(command.expected_close,
                   DayFrom(lead.expected_close_date(), "lead.expected_close_date"));
  if (request.has_receive_time()) {
    ASSIGN_OR_RETURN(command.receive_time, TimeFrom(request.receive_time(), "receive_time"));
  }
  return command;
}

absl::StatusOr<UpdateLead> FromProto(const v1::UpdateLeadRequest& request,
                                     const std::string& workspace) {
  const v1::Lead& lead = request.lead();
  ASSIGN_OR_RETURN(
      const std::set<std::string> fields,
      ChangedFields(request.update_mask(), lead,
                    {"channel", "campaign", "need", "interest", "expected_value", "budget",
                     "decision_maker_known", "attributes", "labels", "expected_close_date"}));
  const auto has = [&fields](const char* name) { return fields.count(name) > 0; };
  UpdateLead command;
  std::string channel;
  std::string campaign;
  if (has("channel")) {
    ASSIGN_OR_RETURN(channel, ChannelRef(lead.channel(), workspace, "lead.channel"));
    command.channel = channel;
  }
  if (has("campaign")) {
    RETURN_IF_ERROR(ReadCampaign(lead, workspace, channel, campaign));
    if (!campaign.empty()) command.channel = channel;
    command.campaign = campaign;
  }
  if (has("need")) command.need = lead.need();
  if (has("interest")) command.interest = lead.interest();
  if (has("expected_value")) {
    command.clear_expected_value = !lead.has_expected_value();
    if (lead.has_expected_value()) command.expected_value = MoneyFrom(lead.expected_value());
  }
  if (has("budget")) {
    command.clear_budget = !lead.has_budget();
    if (lead.has_budget()) command.budget = MoneyFrom(lead.budget());
  }
  if (has("decision_maker_known")) command.decision_maker_known = lead.decision_maker_known();
  if (has("attributes")) command.attributes = AttributesOf(lead);
  if (has("labels")) command.labels = LabelsOf(lead);
  if (has("expected_close_date")) {
    ASSIGN_OR_RETURN(command.expected_close,
                     DayFrom(lead.expected_close_date(), "lead.expected_close_date"));
    command.clear_expected_close = !command.expected_close.has_value();
  }
  return command;
}

std::string SpelledCapture(const std::string& path) {
  return Spelled(path, {{{"contact", "contact"},
                         {"receive_time", "receive_time"},
                         {"id", "lead_id"},
                         {"lead_id", "lead_id"},
                         {"lead", "lead"},
                         {"parent", "parent"},
                         {"request_id", "request_id"},
                         {"", "lead."}}});
}

absl::Status SpellCaptureLead(const absl::Status& status) {
  return Respell(status, SpelledCapture);
}

absl::Status SpellBatchCaptureLeads(const absl::Status& status) {
  return Respell(status, [](const std::string& path) {
    const size_t dot = path.find("].");
    if (path.rfind("requests[", 0) != 0 || dot == std::string::npos) return path;
    return path.substr(0, dot + 2) + SpelledCapture(path.substr(dot + 2));
  });
}

absl::Status SpellUpdateLead(const absl::Status& status) {
  return Respell(status, {{{"lead", "lead"}, {"request_id", "request_id"}, {"", "lead."}}});
}

}  // namespace sales::service
