#include "sales/funnel_builder.h"

#include <utility>

#include "src/decide/errors.h"
#include "src/decide/policy.h"

namespace sales {
namespace when {
namespace {

Condition Of(Condition::Kind kind, std::vector<Condition> children = {}) {
  Condition condition;
  condition.kind = kind;
  condition.children = std::move(children);
  return condition;
}

Condition AtLeast(Condition::Kind kind, int64_t number) {
  Condition condition = Of(kind);
  condition.number = number;
  return condition;
}

}  // namespace

Condition AllOf(std::vector<Condition> conditions) {
  return Of(Condition::Kind::kAllOf, std::move(conditions));
}

Condition AnyOf(std::vector<Condition> conditions) {
  return Of(Condition::Kind::kAnyOf, std::move(conditions));
}

Condition Not(Condition condition) {
  Condition negation = Of(Condition::Kind::kNot);
  negation.children.push_back(std::move(condition));
  return negation;
}

Condition Is(Fact fact) {
  Condition condition = Of(Condition::Kind::kFact);
  condition.fact = fact;
  return condition;
}

Condition InterestAtLeast(int64_t number) {
  return AtLeast(Condition::Kind::kInterestAtLeast, number);
}

Condition ExpectedValueAtLeast(Money amount) {
  Condition condition = Of(Condition::Kind::kExpectedValueAtLeast);
  condition.money = std::move(amount);
  return condition;
}

Condition Attribute(std::string key, Comparison comparison, std::string value) {
  Condition condition = Of(Condition::Kind::kAttribute);
  condition.key = std::move(key);
  condition.comparison = comparison;
  condition.value = std::move(value);
  return condition;
}

Condition AttributeSet(std::string key) { return Attribute(std::move(key), Comparison::kSet, ""); }

Condition Activities(int64_t at_least, ActivityKind kind, Direction direction) {
  Condition condition = AtLeast(Condition::Kind::kActivity, at_least);
  condition.activity_kind = kind;
  condition.direction = direction;
  return condition;
}

Condition DaysInStageAtLeast(int64_t days) {
  return AtLeast(Condition::Kind::kDaysInStageAtLeast, days);
}

}  // namespace when

Limit InWorkingTime(absl::Duration within) { return {within, true}; }
Limit InCalendarTime(absl::Duration within) { return {within, false}; }

FunnelBuilder::FunnelBuilder(std::string funnel) { policy_.id = std::move(funnel); }

Stage& FunnelBuilder::Last() {
  if (!policy_.stages.empty()) return policy_.stages.back();
  said_too_early_ = true;
  return before_first_;
}

FunnelBuilder& FunnelBuilder::Title(std::string display_name) {
  policy_.display_name = std::move(display_name);
  return *this;
}

FunnelBuilder& FunnelBuilder::AllArguments() {
  policy_.decline.all_arguments = true;
  return *this;
}

FunnelBuilder& FunnelBuilder::AlternativesRequired() {
  policy_.decline.alternatives_required = true;
  return *this;
}

FunnelBuilder& FunnelBuilder::IntroductionWithin(Limit limit) {
  policy_.handoff.introduction_within = limit;
  return *this;
}

FunnelBuilder& FunnelBuilder::AcceptWithin(Limit limit) {
  policy_.handoff.accept_within = limit;
  return *this;
}

FunnelBuilder& FunnelBuilder::AddStage(std::string key, std::string display_name) {
  Stage& stage = policy_.stages.emplace_back();
  stage.key = std::move(key);
  stage.display_name = std::move(display_name);
  return *this;
}

FunnelBuilder& FunnelBuilder::Qualifying() {
  Last().qualifying = true;
  return *this;
}

FunnelBuilder& FunnelBuilder::Entry(Condition condition) {
  Last().entry = std::move(condition);
  return *this;
}

FunnelBuilder& FunnelBuilder::MovesTo(std::vector<std::string> stages) {
  Last().allowed_moves = std::move(stages);
  return *this;
}

FunnelBuilder& FunnelBuilder::RespondWithin(Limit limit) {
  Last().respond_within = limit;
  return *this;
}

FunnelBuilder& FunnelBuilder::StageWithin(Limit limit) {
  Last().stage_within = limit;
  return *this;
}

FunnelBuilder& FunnelBuilder::ProposalWithin(Limit limit) {
  Last().proposal_within = limit;
  return *this;
}

FunnelBuilder& FunnelBuilder::ProbabilityPercent(int percent) {
  Last().probability_percent = percent;
  return *this;
}

FunnelBuilder& FunnelBuilder::WorkUnits(int units) {
  Last().work_units = units;
  return *this;
}

FunnelBuilder& FunnelBuilder::RotAfter(absl::Duration duration) {
  Last().rot_after = duration;
  return *this;
}

absl::StatusOr<FunnelPolicy> FunnelBuilder::Build() const {
  std::vector<PolicyFault> faults = ValidateFunnelPolicy(policy_);
  if (said_too_early_) {
    faults.insert(faults.begin(), {"stages", "STAGE_MISSING",
                                   "something is said of a stage before the first is added"});
  }
  SALES_RETURN_IF_ERROR(PolicyError(faults));
  return policy_;
}

}  // namespace sales
