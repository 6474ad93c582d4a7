#include "service/src/convert/team.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

std::string At(const std::string& field, int index) {
  return field + "[" + std::to_string(index) + "]";
}

// Bounds the work on a list before it is done; the engine bounds what it may hold.
absl::Status CheckSize(int size, int limit, const std::string& field) {
  if (size <= limit) return absl::OkStatus();
  return WithMetadata(Refuse(Reason::kListTooLong, field, "has too many entries"), "limit",
                      std::to_string(limit));
}

absl::StatusOr<Intake> IntakeFrom(const v1::Intake& intake) {
  Intake out;
  out.leads = intake.leads();
  out.periods = intake.periods() == 0 ? 1 : intake.periods();
  ASSIGN_OR_RETURN(out.unit,
                   EnumFrom<IntakeUnit>(intake.unit(), v1::Intake::Unit_IsValid(intake.unit()),
                                        "seller.intake.unit"));
  return out;
}

void SetIntake(const Intake& intake, v1::Intake* out) {
  out->set_leads(intake.leads);
  out->set_periods(intake.periods);
  out->set_unit(static_cast<v1::Intake::Unit>(intake.unit));
}

absl::StatusOr<absl::CivilDay> RequiredDay(const std::string& text, const std::string& field) {
  ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> day, DayFrom(text, field));
  if (!day.has_value()) return Refuse(Reason::kFieldRequired, field, "is needed");
  return *day;
}

absl::StatusOr<AttributeTest> AttributeFrom(const v1::AttributeTest& test,
                                            const std::string& field) {
  AttributeTest out;
  out.key = test.key();
  out.value = test.value();
  ASSIGN_OR_RETURN(
      out.comparison,
      EnumFrom<Comparison>(test.operator_(), v1::AttributeTest::Operator_IsValid(test.operator_()),
                           field + ".operator"));
  return out;
}

absl::Status ReadSources(const v1::AssignmentRule& rule, const std::string& workspace,
                         const std::string& field, AssignmentRule& out) {
  RETURN_IF_ERROR(CheckSize(rule.channels_size(), limits::rule_terms_max, field + ".channels"));
  RETURN_IF_ERROR(CheckSize(rule.campaigns_size(), limits::rule_terms_max, field + ".campaigns"));
  RETURN_IF_ERROR(CheckSize(rule.funnels_size(), limits::rule_terms_max, field + ".funnels"));
  for (int i = 0; i < rule.channels_size(); ++i) {
    ASSIGN_OR_RETURN(std::string channel,
                     ChannelRef(rule.channels(i), workspace, At(field + ".channels", i)));
    out.channels.push_back(std::move(channel));
  }
  for (int i = 0; i < rule.campaigns_size(); ++i) {
    ASSIGN_OR_RETURN(CampaignName campaign,
                     CampaignRef(rule.campaigns(i), workspace, At(field + ".campaigns", i)));
    out.campaigns.push_back({std::move(campaign.channel), std::move(campaign.campaign)});
  }
  for (int i = 0; i < rule.funnels_size(); ++i) {
    ASSIGN_OR_RETURN(std::string funnel,
                     FunnelRef(rule.funnels(i), workspace, At(field + ".funnels", i)));
    out.funnels.push_back(std::move(funnel));
  }
  return absl::OkStatus();
}

absl::StatusOr<AssignmentRule> RuleFrom(const v1::AssignmentRule& rule,
                                        const std::string& workspace, const std::string& field) {
  AssignmentRule out;
  RETURN_IF_ERROR(ReadSources(rule, workspace, field, out));
  if (rule.has_expected_value_at_least()) {
    out.expected_value_at_least = MoneyFrom(rule.expected_value_at_least());
  }
  if (rule.has_expected_value_below()) {
    out.expected_value_below = MoneyFrom(rule.expected_value_below());
  }
  RETURN_IF_ERROR(CheckSize(rule.attributes_size(), limits::rule_terms_max, field + ".attributes"));
  for (int i = 0; i < rule.attributes_size(); ++i) {
    ASSIGN_OR_RETURN(AttributeTest test,
                     AttributeFrom(rule.attributes(i), At(field + ".attributes", i)));
    out.attributes.push_back(std::move(test));
  }
  ASSIGN_OR_RETURN(out.team, TeamRef(rule.team(), workspace, field + ".team"));
  RETURN_IF_ERROR(CheckSize(rule.skills_size(), limits::skills_max, field + ".skills"));
  out.skills.assign(rule.skills().begin(), rule.skills().end());
  return out;
}

void SetRule(const AssignmentRule& rule, const std::string& workspace, v1::AssignmentRule* out) {
  for (const std::string& channel : rule.channels) {
    out->add_channels(ChannelNameOf(workspace, channel));
  }
  for (const CampaignOfChannel& campaign : rule.campaigns) {
    out->add_campaigns(CampaignNameOf(workspace, campaign.channel, campaign.campaign));
  }
  for (const std::string& funnel : rule.funnels) out->add_funnels(funnel);
  if (rule.expected_value_at_least) {
    SetMoney(*rule.expected_value_at_least, out->mutable_expected_value_at_least());
  }
  if (rule.expected_value_below) {
    SetMoney(*rule.expected_value_below, out->mutable_expected_value_below());
  }
  for (const AttributeTest& test : rule.attributes) {
    v1::AttributeTest& added = *out->add_attributes();
    added.set_key(test.key);
    added.set_operator_(static_cast<v1::AttributeTest::Operator>(test.comparison));
    added.set_value(test.value);
  }
  out->set_team(TeamNameOf(workspace, rule.team));
  for (const std::string& skill : rule.skills) out->add_skills(skill);
}

void SetCandidate(const AssignmentCandidate& candidate, Exclusion exclusion,
                  const std::string& workspace, v1::AssignmentCandidate* out) {
  out->set_seller(SellerNameOf(workspace, candidate.seller));
  out->set_exclusion(static_cast<v1::AssignmentCandidate::Exclusion>(exclusion));
  out->set_team(TeamNameOf(workspace, candidate.team));
  for (const std::string& skill : candidate.skills) out->add_skills(skill);
  out->set_inactive(candidate.inactive);
  out->set_absent(candidate.absent);
  out->set_working(candidate.working);
  out->set_capacity(candidate.capacity);
  out->set_open_work_units(candidate.open_work_units);
  out->set_intake_bounded(candidate.intake_allowed.has_value());
  out->set_intake_allowed(candidate.intake_allowed.value_or(0));
  out->set_intake_used(candidate.intake_used);
  out->set_weight(candidate.weight);
  out->set_turn(candidate.turn);
  out->set_pass_start(candidate.pass_start);
  out->set_pass(candidate.pass);
}

void SetInputs(const AssignmentRecord& record, const std::string& workspace,
               v1::AssignmentRecord* out) {
  const AssignmentInputs& inputs = record.inputs;
  out->set_funnel(inputs.funnel);
  out->set_channel(ChannelNameOf(workspace, inputs.channel));
  if (!inputs.campaign.empty()) {
    out->set_campaign(CampaignNameOf(workspace, inputs.channel, inputs.campaign));
  }
  out->set_expected_value(inputs.expected_value);
  for (const int rule : inputs.attributes_hold) out->add_attributes_hold(rule + 1);
  out->set_work_units(inputs.work_units);
  out->set_previous_seller(SellerNameOf(workspace, inputs.previous_seller));
  for (size_t i = 0; i < inputs.candidates.size(); ++i) {
    SetCandidate(inputs.candidates[i], record.decision.exclusions[i], workspace,
                 out->add_candidates());
  }
}

}  // namespace

v1::Team ToProto(const Team& team, const std::string& workspace) {
  v1::Team out;
  out.set_name(TeamNameOf(workspace, team.id));
  out.set_display_name(team.display_name);
  SetTime(team.create_time, out.mutable_create_time());
  SetTime(team.update_time, out.mutable_update_time());
  out.set_etag(team.etag);
  return out;
}

v1::Seller ToProto(const Seller& seller, const std::string& workspace) {
  v1::Seller out;
  out.set_name(SellerNameOf(workspace, seller.id));
  out.set_display_name(seller.display_name);
  out.set_team(TeamNameOf(workspace, seller.team));
  out.set_role(seller.role);
  for (const std::string& skill : seller.skills) out.add_skills(skill);
  out.set_calendar(CalendarNameOf(workspace, seller.calendar));
  out.set_capacity(seller.capacity);
  if (seller.intake) SetIntake(*seller.intake, out.mutable_intake());
  out.set_weight(seller.weight);
  out.set_inactive(seller.inactive);
  for (const Absence& absence : seller.absences) {
    v1::Absence& added = *out.add_absences();
    added.set_first_date(DayText(absence.first_day));
    added.set_last_date(DayText(absence.last_day));
    added.set_name(AbsenceNameOf(workspace, seller.id, added.first_date()));
  }
  SetTime(seller.create_time, out.mutable_create_time());
  SetTime(seller.update_time, out.mutable_update_time());
  out.set_etag(seller.etag);
  return out;
}

v1::AssignmentPolicy ToProto(const AssignmentPolicy& policy, const std::string& workspace) {
  v1::AssignmentPolicy out;
  out.set_name(AssignmentPolicyNameOf(workspace));
  for (const AssignmentRule& rule : policy.rules) SetRule(rule, workspace, out.add_rules());
  out.set_default_team(TeamNameOf(workspace, policy.default_team));
  out.set_method(static_cast<v1::AssignmentPolicy::Method>(policy.method));
  out.set_previous_seller(policy.previous_seller);
  out.set_assign_on_capture(policy.assign_on_capture);
  out.set_version(policy.version);
  SetTime(policy.set_time, out.mutable_set_time());
  out.set_etag(policy.etag);
  return out;
}

v1::AssignmentRecord ToProto(const AssignmentRecord& record, const std::string& workspace) {
  v1::AssignmentRecord out;
  const AssignmentDecision& decision = record.decision;
  out.set_lead(LeadNameOf(workspace, record.lead));
  out.set_seller(SellerNameOf(workspace, decision.seller));
  out.set_by_previous_seller(decision.by_previous_seller);
  out.set_cause(static_cast<v1::AssignmentRecord::Cause>(record.cause));
  SetTime(record.decide_time, out.mutable_decide_time());
  out.set_actor(record.actor);
  out.set_revision(record.revision);
  out.set_policy_version(record.policy_version);
  out.set_method(static_cast<v1::AssignmentPolicy::Method>(record.method));
  out.set_rule(decision.rule + 1);
  out.set_team(TeamNameOf(workspace, decision.team));
  SetInputs(record, workspace, &out);
  return out;
}

absl::StatusOr<CreateTeam> FromProto(const v1::CreateTeamRequest& request) {
  if (request.team_id().empty()) return Refuse(Reason::kFieldRequired, "team_id", "is needed");
  return CreateTeam{request.team_id(), request.team().display_name()};
}

absl::StatusOr<UpdateTeam> FromProto(const v1::UpdateTeamRequest& request) {
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), request.team(), {"display_name"}));
  UpdateTeam command;
  if (fields.count("display_name") > 0) command.display_name = request.team().display_name();
  return command;
}

absl::StatusOr<CreateSeller> FromProto(const v1::CreateSellerRequest& request,
                                       const std::string& workspace) {
  if (request.seller_id().empty()) return Refuse(Reason::kFieldRequired, "seller_id", "is needed");
  const v1::Seller& seller = request.seller();
  CreateSeller command;
  command.id = request.seller_id();
  command.display_name = seller.display_name();
  ASSIGN_OR_RETURN(command.team, TeamRef(seller.team(), workspace, "seller.team"));
  command.role = seller.role();
  RETURN_IF_ERROR(CheckSize(seller.skills_size(), limits::skills_max, "seller.skills"));
  command.skills.assign(seller.skills().begin(), seller.skills().end());
  ASSIGN_OR_RETURN(command.calendar, CalendarRef(seller.calendar(), workspace, "seller.calendar"));
  command.capacity = seller.capacity();
  if (seller.has_intake()) {
    ASSIGN_OR_RETURN(command.intake, IntakeFrom(seller.intake()));
  }
  command.weight = seller.weight() == 0 ? 1 : seller.weight();
  command.inactive = seller.inactive();
  return command;
}

absl::StatusOr<UpdateSeller> FromProto(const v1::UpdateSellerRequest& request,
                                       const std::string& workspace) {
  const v1::Seller& seller = request.seller();
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), seller,
                                 {"display_name", "team", "role", "skills", "calendar", "capacity",
                                  "intake", "weight", "inactive"}));
  UpdateSeller command;
  if (fields.count("display_name") > 0) command.display_name = seller.display_name();
  if (fields.count("team") > 0) {
    ASSIGN_OR_RETURN(command.team, TeamRef(seller.team(), workspace, "seller.team"));
  }
  if (fields.count("role") > 0) command.role = seller.role();
  if (fields.count("skills") > 0) {
    RETURN_IF_ERROR(CheckSize(seller.skills_size(), limits::skills_max, "seller.skills"));
    command.skills.emplace(seller.skills().begin(), seller.skills().end());
  }
  if (fields.count("calendar") > 0) {
    ASSIGN_OR_RETURN(command.calendar,
                     CalendarRef(seller.calendar(), workspace, "seller.calendar"));
  }
  if (fields.count("capacity") > 0) command.capacity = seller.capacity();
  if (fields.count("intake") > 0) {
    command.clear_intake = !seller.has_intake();
    if (seller.has_intake()) {
      ASSIGN_OR_RETURN(command.intake, IntakeFrom(seller.intake()));
    }
  }
  if (fields.count("weight") > 0) command.weight = seller.weight();
  if (fields.count("inactive") > 0) command.inactive = seller.inactive();
  return command;
}

absl::StatusOr<Absence> FromProto(const v1::SetAbsenceRequest& request) {
  Absence absence;
  ASSIGN_OR_RETURN(absence.first_day,
                   RequiredDay(request.absence().first_date(), "absence.first_date"));
  ASSIGN_OR_RETURN(absence.last_day,
                   RequiredDay(request.absence().last_date(), "absence.last_date"));
  return absence;
}

absl::StatusOr<AssignmentPolicy> FromProto(const v1::SetAssignmentPolicyRequest& request,
                                           const std::string& workspace) {
  const v1::AssignmentPolicy& policy = request.assignment_policy();
  AssignmentPolicy out;
  RETURN_IF_ERROR(
      CheckSize(policy.rules_size(), limits::assignment_rules_max, "assignment_policy.rules"));
  for (int i = 0; i < policy.rules_size(); ++i) {
    ASSIGN_OR_RETURN(AssignmentRule rule,
                     RuleFrom(policy.rules(i), workspace, At("assignment_policy.rules", i)));
    out.rules.push_back(std::move(rule));
  }
  ASSIGN_OR_RETURN(out.default_team,
                   TeamRef(policy.default_team(), workspace, "assignment_policy.default_team"));
  ASSIGN_OR_RETURN(out.method,
                   EnumFrom<AssignmentMethod>(policy.method(),
                                              v1::AssignmentPolicy::Method_IsValid(policy.method()),
                                              "assignment_policy.method"));
  out.previous_seller = policy.previous_seller();
  out.assign_on_capture = policy.assign_on_capture();
  return out;
}

absl::StatusOr<absl::CivilDay> AbsenceDayFrom(const std::string& first_date,
                                              const std::string& field) {
  return RequiredDay(first_date, field);
}

absl::Status SpellTeam(const absl::Status& status) {
  return Respell(
      status,
      {{{"team_id", "team_id"}, {"team", "team"}, {"request_id", "request_id"}, {"", "team."}}});
}

absl::Status SpellSeller(const absl::Status& status) {
  return Respell(status,
                 {{{"seller_id", "seller_id"}, {"request_id", "request_id"}, {"", "seller."}}});
}

absl::Status SpellAbsence(const absl::Status& status) {
  return Respell(status,
                 {{{"first_day", "absence.first_date"}, {"last_day", "absence.last_date"}}});
}

absl::Status SpellAssignmentPolicy(const absl::Status& status) {
  return Respell(status, {{{"request_id", "request_id"}, {"", "assignment_policy."}}});
}

}  // namespace sales::service
