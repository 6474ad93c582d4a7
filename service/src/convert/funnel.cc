#include "service/src/convert/funnel.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "sales/limits.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

using Test = v1::Condition;

struct FactName {
  Fact fact;
  const char* name;
};

constexpr FactName kFacts[] = {
    {Fact::kSellerAssigned, "seller_assigned"},
    {Fact::kResponded, "responded"},
    {Fact::kNeedKnown, "need_known"},
    {Fact::kBudgetKnown, "budget_known"},
    {Fact::kDecisionMakerKnown, "decision_maker_known"},
    {Fact::kRequirementsAgreed, "requirements_agreed"},
    {Fact::kPriceOffered, "price_offered"},
    {Fact::kPriceAccepted, "price_accepted"},
};

Fact FactOf(const std::string& name) {
  for (const FactName& entry : kFacts) {
    if (name == entry.name) return entry.fact;
  }
  return Fact::kUnspecified;
}

const char* NameOfFact(Fact fact) {
  for (const FactName& entry : kFacts) {
    if (fact == entry.fact) return entry.name;
  }
  return "";
}

void SetCondition(const Condition& condition, v1::Condition* out);

void SetList(const Condition& condition, v1::ConditionList* out) {
  for (const Condition& child : condition.children) SetCondition(child, out->add_conditions());
}

void SetCondition(const Condition& condition, v1::Condition* out) {
  switch (condition.kind) {
    case Condition::Kind::kAllOf:
      SetList(condition, out->mutable_all_of());
      return;
    case Condition::Kind::kAnyOf:
      SetList(condition, out->mutable_any_of());
      return;
    case Condition::Kind::kNot:
      if (!condition.children.empty()) SetCondition(condition.children[0], out->mutable_not_());
      return;
    case Condition::Kind::kFact:
      out->set_fact(NameOfFact(condition.fact));
      return;
    case Condition::Kind::kInterestAtLeast:
      out->set_interest_at_least(static_cast<int32_t>(condition.number));
      return;
    case Condition::Kind::kExpectedValueAtLeast:
      SetMoney(condition.money.value_or(Money{}), out->mutable_expected_value_at_least());
      return;
    case Condition::Kind::kAttribute:
      out->mutable_attribute()->set_key(condition.key);
      out->mutable_attribute()->set_operator_(
          static_cast<v1::AttributeTest::Operator>(condition.comparison));
      out->mutable_attribute()->set_value(condition.value);
      return;
    case Condition::Kind::kActivity:
      out->mutable_activity()->set_kind(static_cast<v1::Activity::Kind>(condition.activity_kind));
      out->mutable_activity()->set_direction(
          static_cast<v1::Activity::Direction>(condition.direction));
      out->mutable_activity()->set_at_least(static_cast<int32_t>(condition.number));
      return;
    case Condition::Kind::kDaysInStageAtLeast:
      out->set_days_in_stage_at_least(static_cast<int32_t>(condition.number));
      return;
  }
}

absl::StatusOr<Condition> ConditionFrom(const v1::Condition& test, const std::string& field,
                                        int depth);

absl::Status AddChildren(const v1::ConditionList& list, const std::string& field, int depth,
                         Condition& out) {
  for (int i = 0; i < list.conditions_size(); ++i) {
    ASSIGN_OR_RETURN(
        Condition child,
        ConditionFrom(list.conditions(i), field + "[" + std::to_string(i) + "]", depth + 1));
    out.children.push_back(std::move(child));
  }
  return absl::OkStatus();
}

absl::Status ReadAttribute(const v1::AttributeTest& test, const std::string& field,
                           Condition& out) {
  out.kind = Condition::Kind::kAttribute;
  out.key = test.key();
  out.value = test.value();
  ASSIGN_OR_RETURN(
      out.comparison,
      EnumFrom<Comparison>(test.operator_(), v1::AttributeTest::Operator_IsValid(test.operator_()),
                           field + ".operator"));
  return absl::OkStatus();
}

absl::Status ReadActivity(const v1::ActivityTest& test, const std::string& field, Condition& out) {
  out.kind = Condition::Kind::kActivity;
  out.number = test.at_least();
  ASSIGN_OR_RETURN(out.activity_kind,
                   EnumFrom<ActivityKind>(test.kind(), v1::Activity::Kind_IsValid(test.kind()),
                                          field + ".kind"));
  ASSIGN_OR_RETURN(
      out.direction,
      EnumFrom<Direction>(test.direction(), v1::Activity::Direction_IsValid(test.direction()),
                          field + ".direction"));
  return absl::OkStatus();
}

absl::StatusOr<Condition> ConditionFrom(const v1::Condition& test, const std::string& field,
                                        int depth) {
  if (depth > limits::condition_depth_max) {
    return WithMetadata(Refuse(Reason::kPolicyInvalid, field, "is nested too deep"), "limit",
                        std::to_string(limits::condition_depth_max));
  }
  Condition out;
  switch (test.test_case()) {
    case Test::kAllOf:
      out.kind = Condition::Kind::kAllOf;
      RETURN_IF_ERROR(AddChildren(test.all_of(), field + ".all_of", depth, out));
      return out;
    case Test::kAnyOf:
      out.kind = Condition::Kind::kAnyOf;
      RETURN_IF_ERROR(AddChildren(test.any_of(), field + ".any_of", depth, out));
      return out;
    case Test::kNot: {
      out.kind = Condition::Kind::kNot;
      ASSIGN_OR_RETURN(Condition child, ConditionFrom(test.not_(), field + ".not", depth + 1));
      out.children.push_back(std::move(child));
      return out;
    }
    case Test::kFact:
      out.kind = Condition::Kind::kFact;
      out.fact = FactOf(test.fact());
      return out;
    case Test::kInterestAtLeast:
      out.kind = Condition::Kind::kInterestAtLeast;
      out.number = test.interest_at_least();
      return out;
    case Test::kExpectedValueAtLeast:
      out.kind = Condition::Kind::kExpectedValueAtLeast;
      out.money = MoneyFrom(test.expected_value_at_least());
      return out;
    case Test::kAttribute:
      RETURN_IF_ERROR(ReadAttribute(test.attribute(), field + ".attribute", out));
      return out;
    case Test::kActivity:
      RETURN_IF_ERROR(ReadActivity(test.activity(), field + ".activity", out));
      return out;
    case Test::kDaysInStageAtLeast:
      out.kind = Condition::Kind::kDaysInStageAtLeast;
      out.number = test.days_in_stage_at_least();
      return out;
    case Test::TEST_NOT_SET:
      return Refuse(Reason::kPolicyInvalid, field, "holds no test");
  }
  return Refuse(Reason::kPolicyInvalid, field, "holds no test");
}

absl::StatusOr<std::optional<Limit>> LimitFrom(bool set, const v1::Limit& limit,
                                               const std::string& field) {
  if (!set) return std::optional<Limit>();
  if (!v1::Limit::Basis_IsValid(limit.basis())) {
    return Refuse(Reason::kEnumUnknown, field + ".basis", "the value is none that the type lists");
  }
  Limit out;
  ASSIGN_OR_RETURN(out.within, DurationFrom(limit.within(), field + ".within"));
  out.working = limit.basis() != v1::Limit::BASIS_CALENDAR;
  return std::optional<Limit>(out);
}

void SetLimit(const Limit& limit, v1::Limit* out) {
  SetDuration(limit.within, out->mutable_within());
  out->set_basis(limit.working ? v1::Limit::BASIS_WORKING : v1::Limit::BASIS_CALENDAR);
}

absl::StatusOr<Stage> StageFrom(const v1::Stage& stage, const std::string& field) {
  Stage out;
  out.key = stage.key();
  out.display_name = stage.display_name();
  out.qualifying = stage.qualifying();
  if (stage.has_entry()) {
    ASSIGN_OR_RETURN(out.entry, ConditionFrom(stage.entry(), field + ".entry", 1));
  }
  out.allowed_moves.assign(stage.allowed_moves().begin(), stage.allowed_moves().end());
  ASSIGN_OR_RETURN(out.respond_within, LimitFrom(stage.has_respond_within(), stage.respond_within(),
                                                 field + ".respond_within"));
  ASSIGN_OR_RETURN(out.stage_within, LimitFrom(stage.has_stage_within(), stage.stage_within(),
                                               field + ".stage_within"));
  ASSIGN_OR_RETURN(
      out.proposal_within,
      LimitFrom(stage.has_proposal_within(), stage.proposal_within(), field + ".proposal_within"));
  out.probability_percent = stage.probability_percent();
  out.work_units = stage.work_units();
  if (stage.has_rot_after()) {
    ASSIGN_OR_RETURN(out.rot_after, DurationFrom(stage.rot_after(), field + ".rot_after"));
  }
  return out;
}

bool IsWithoutCondition(const Condition& condition) {
  return condition.kind == Condition::Kind::kAllOf && condition.children.empty();
}

}  // namespace

v1::FunnelPolicy ToProto(const FunnelPolicy& policy, const std::string& workspace) {
  v1::FunnelPolicy out;
  out.set_name(FunnelNameOf(workspace, policy.id));
  out.set_display_name(policy.display_name);
  for (const Stage& stage : policy.stages) {
    v1::Stage& added = *out.add_stages();
    added.set_key(stage.key);
    added.set_display_name(stage.display_name);
    added.set_qualifying(stage.qualifying);
    if (!IsWithoutCondition(stage.entry)) SetCondition(stage.entry, added.mutable_entry());
    for (const std::string& move : stage.allowed_moves) added.add_allowed_moves(move);
    if (stage.respond_within) SetLimit(*stage.respond_within, added.mutable_respond_within());
    if (stage.stage_within) SetLimit(*stage.stage_within, added.mutable_stage_within());
    if (stage.proposal_within) SetLimit(*stage.proposal_within, added.mutable_proposal_within());
    added.set_probability_percent(stage.probability_percent);
    added.set_work_units(stage.work_units);
    if (stage.rot_after) SetDuration(*stage.rot_after, added.mutable_rot_after());
  }
  out.mutable_decline()->set_arguments(policy.decline.all_arguments
                                           ? v1::DeclineRules::ARGUMENT_DEMAND_ALL
                                           : v1::DeclineRules::ARGUMENT_DEMAND_ANY);
  out.mutable_decline()->set_alternatives_required(policy.decline.alternatives_required);
  const HandoffRules& handoff = policy.handoff;
  if (handoff.introduction_within) {
    SetLimit(*handoff.introduction_within, out.mutable_handoff()->mutable_introduction_within());
  }
  if (handoff.accept_within) {
    SetLimit(*handoff.accept_within, out.mutable_handoff()->mutable_accept_within());
  }
  out.set_version(policy.version);
  if (policy.version > 0) SetTime(policy.activate_time, out.mutable_activate_time());
  return out;
}

v1::PolicyFault ToProto(const PolicyFault& fault) {
  v1::PolicyFault out;
  out.set_path(fault.path);
  out.set_code(fault.code);
  out.set_description(fault.description);
  return out;
}

absl::StatusOr<FunnelPolicy> FunnelPolicyFrom(const v1::FunnelPolicy& policy,
                                              const std::string& id) {
  FunnelPolicy out;
  out.id = id;
  out.display_name = policy.display_name();
  if (policy.stages_size() > limits::stages_max) {
    return WithMetadata(Refuse(Reason::kListTooLong, "policy.stages", "has too many entries"),
                        "limit", std::to_string(limits::stages_max));
  }
  for (int i = 0; i < policy.stages_size(); ++i) {
    ASSIGN_OR_RETURN(Stage stage,
                     StageFrom(policy.stages(i), "policy.stages[" + std::to_string(i) + "]"));
    out.stages.push_back(std::move(stage));
  }
  const int demand = policy.decline().arguments();
  if (!v1::DeclineRules::ArgumentDemand_IsValid(demand)) {
    return Refuse(Reason::kEnumUnknown, "policy.decline.arguments",
                  "the value is none that the type lists");
  }
  out.decline.all_arguments = demand == v1::DeclineRules::ARGUMENT_DEMAND_ALL;
  out.decline.alternatives_required = policy.decline().alternatives_required();
  const v1::HandoffRules& handoff = policy.handoff();
  ASSIGN_OR_RETURN(out.handoff.introduction_within,
                   LimitFrom(handoff.has_introduction_within(), handoff.introduction_within(),
                             "policy.handoff.introduction_within"));
  ASSIGN_OR_RETURN(out.handoff.accept_within,
                   LimitFrom(handoff.has_accept_within(), handoff.accept_within(),
                             "policy.handoff.accept_within"));
  return out;
}

absl::StatusOr<ActivateFunnelPolicy> FromProto(const v1::ActivateFunnelPolicyRequest& request) {
  ASSIGN_OR_RETURN(const FunnelName name, ParseFunnel(request.policy().name(), "policy.name"));
  ActivateFunnelPolicy command;
  ASSIGN_OR_RETURN(command.policy, FunnelPolicyFrom(request.policy(), name.funnel));
  command.stage_mapping = std::map<std::string, std::string>(request.stage_mapping().begin(),
                                                             request.stage_mapping().end());
  return command;
}

absl::Status SpellActivateFunnelPolicy(const absl::Status& status) {
  return Respell(status, {{{"policy", "policy"},
                           {"stage_mapping", "stage_mapping"},
                           {"request_id", "request_id"},
                           {"id", "policy.name"},
                           {"", "policy."}}});
}

}  // namespace sales::service
