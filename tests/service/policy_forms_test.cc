// A policy has four forms: text in YAML or JSON, a message, and C++; each becomes each other
// without loss.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sales/funnel_builder.h"
#include "service/src/convert/funnel.h"
#include "tests/unit/random_policies.h"

namespace sales::service {
namespace {

using Kind = Condition::Kind;
using testing::RandomPolicies;
using testing::Same;

Condition SaidAgain(const Condition& condition);

std::vector<Condition> SaidAgain(const std::vector<Condition>& conditions) {
  std::vector<Condition> said;
  for (const Condition& condition : conditions) said.push_back(SaidAgain(condition));
  return said;
}

Condition SaidAgain(const Condition& condition) {
  switch (condition.kind) {
    case Kind::kAllOf:
      return when::AllOf(SaidAgain(condition.children));
    case Kind::kAnyOf:
      return when::AnyOf(SaidAgain(condition.children));
    case Kind::kNot:
      return when::Not(SaidAgain(condition.children[0]));
    case Kind::kFact:
      return when::Is(condition.fact);
    case Kind::kInterestAtLeast:
      return when::InterestAtLeast(condition.number);
    case Kind::kExpectedValueAtLeast:
      return when::ExpectedValueAtLeast(*condition.money);
    case Kind::kAttribute:
      if (condition.comparison == Comparison::kSet && condition.value.empty()) {
        return when::AttributeSet(condition.key);
      }
      return when::Attribute(condition.key, condition.comparison, condition.value);
    case Kind::kActivity:
      return when::Activities(condition.number, condition.activity_kind, condition.direction);
    case Kind::kDaysInStageAtLeast:
      return when::DaysInStageAtLeast(condition.number);
  }
  return {};
}

Limit SaidAgain(const Limit& limit) {
  return limit.working ? InWorkingTime(limit.within) : InCalendarTime(limit.within);
}

FunnelPolicy SaidAgain(const FunnelPolicy& policy) {
  FunnelBuilder builder(policy.id);
  builder.Title(policy.display_name);
  if (policy.decline.all_arguments) builder.AllArguments();
  if (policy.decline.alternatives_required) builder.AlternativesRequired();
  const HandoffRules& handoff = policy.handoff;
  if (handoff.introduction_within)
    builder.IntroductionWithin(SaidAgain(*handoff.introduction_within));
  if (handoff.accept_within) builder.AcceptWithin(SaidAgain(*handoff.accept_within));
  for (const Stage& stage : policy.stages) {
    builder.AddStage(stage.key, stage.display_name)
        .Entry(SaidAgain(stage.entry))
        .MovesTo(stage.allowed_moves)
        .ProbabilityPercent(stage.probability_percent)
        .WorkUnits(stage.work_units);
    if (stage.qualifying) builder.Qualifying();
    if (stage.respond_within) builder.RespondWithin(SaidAgain(*stage.respond_within));
    if (stage.stage_within) builder.StageWithin(SaidAgain(*stage.stage_within));
    if (stage.proposal_within) builder.ProposalWithin(SaidAgain(*stage.proposal_within));
    if (stage.rot_after) builder.RotAfter(*stage.rot_after);
  }
  return builder.policy();
}

FunnelPolicy Sent(const FunnelPolicy& policy) {
  v1::FunnelPolicy message;
  EXPECT_TRUE(message.ParseFromString(ToProto(policy, "studio").SerializeAsString()));
  const absl::StatusOr<FunnelPolicy> received = FunnelPolicyFrom(message, policy.id);
  EXPECT_TRUE(received.ok()) << received.status();
  return received.ok() ? *received : FunnelPolicy{};
}

TEST(PolicyForms, BecomeEachOtherWithoutLoss) {
  RandomPolicies policies(11);
  for (int i = 0; i < 1'000; ++i) {
    const FunnelPolicy policy = policies.Next();
    ASSERT_TRUE(Same(Sent(policy), policy)) << FunnelPolicyToYaml(policy);
    ASSERT_TRUE(Same(SaidAgain(policy), policy)) << FunnelPolicyToYaml(policy);
    const auto from_yaml = ParseFunnelPolicy(FunnelPolicyToYaml(Sent(policy)));
    ASSERT_TRUE(from_yaml.ok()) << from_yaml.status();
    const auto from_json = ParseFunnelPolicy(FunnelPolicyToJson(SaidAgain(*from_yaml)));
    ASSERT_TRUE(from_json.ok()) << from_json.status();
    ASSERT_TRUE(Same(Sent(*from_json), policy)) << FunnelPolicyToYaml(policy);
  }
}

TEST(PolicyForms, OfWebStudioAreOne) {
  const FunnelPolicy& policy = WebStudioPolicy();
  EXPECT_EQ(FunnelPolicyToYaml(Sent(SaidAgain(policy))), FunnelPolicyToYaml(policy));
}

}  // namespace
}  // namespace sales::service
