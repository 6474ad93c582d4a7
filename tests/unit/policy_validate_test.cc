#include <string>
#include <vector>

#include "sales/limits.h"
#include "src/decide/policy.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

using Texts = std::vector<std::string>;
using Kind = Condition::Kind;

Texts Faults(const FunnelPolicy& policy) {
  Texts faults;
  for (const PolicyFault& fault : ValidateFunnelPolicy(policy)) {
    faults.push_back(fault.path + " " + fault.code);
    EXPECT_FALSE(fault.description.empty());
  }
  return faults;
}

Texts FaultsOfEntry(const Condition& entry) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].entry = entry;
  return Faults(policy);
}

Condition Of(Kind kind, int64_t number = 0) {
  Condition condition;
  condition.kind = kind;
  condition.number = number;
  return condition;
}

TEST(ValidateFunnelPolicy, FindsNothingWrongWithWebStudio) {
  EXPECT_EQ(Faults(WebStudioPolicy()), Texts{});
  EXPECT_EQ(Faults(PlainPolicy()), Texts{});
}

TEST(ValidateFunnelPolicy, NeedsStagesAndAQualifyingOne) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].qualifying = false;
  EXPECT_EQ(Faults(policy), Texts{"stages NO_QUALIFYING_STAGE"});
  policy.stages.clear();
  EXPECT_EQ(Faults(policy), Texts{"stages NO_STAGES"});
  policy.stages.assign(limits::stages_max + 1, StageNamed("a"));
  EXPECT_EQ(Faults(policy), Texts{"stages TOO_MANY_STAGES"});
}

TEST(ValidateFunnelPolicy, ChecksNames) {
  FunnelPolicy policy = PlainPolicy();
  policy.id = "Web Studio";
  policy.display_name = "\xff";
  policy.stages[0].key = "New lead";
  policy.stages[1].display_name = std::string(501, 'x');
  policy.stages[2].key = "b";
  EXPECT_EQ(Faults(policy),
            (Texts{"id ID_INVALID", "display_name TEXT_INVALID", "stages[0].key STAGE_KEY_INVALID",
                   "stages[1].display_name TEXT_INVALID", "stages[2].key STAGE_KEY_DUPLICATE"}));
}

TEST(ValidateFunnelPolicy, FindsStagesThatNothingLeadsTo) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].allowed_moves = {"c"};
  policy.stages[2].allowed_moves = {"a"};
  EXPECT_EQ(Faults(policy), Texts{"stages[1] STAGE_UNREACHABLE"});
}

TEST(ValidateFunnelPolicy, FindsStagesWithoutAWayOut) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages.push_back(StageNamed("d"));
  policy.stages[1].allowed_moves = {"c"};
  policy.stages[2].allowed_moves = {"b"};
  EXPECT_EQ(Faults(policy), (Texts{"stages[1] NO_WAY_OUT", "stages[2] NO_WAY_OUT"}));
}

TEST(ValidateFunnelPolicy, FindsMovesToNowhere) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].allowed_moves = {"b", "z", "a"};
  EXPECT_EQ(Faults(policy), (Texts{"stages[0].allowed_moves[1] MOVE_TO_UNKNOWN_STAGE",
                                   "stages[0].allowed_moves[2] MOVE_TO_SAME_STAGE"}));
}

TEST(ValidateFunnelPolicy, ChecksConditions) {
  EXPECT_EQ(FaultsOfEntry(FactIs(Fact::kUnspecified)), Texts{"stages[1].entry.fact FACT_UNKNOWN"});
  Condition all = Of(Kind::kAllOf);
  all.children = {FactIs(Fact::kNeedKnown), FactIs(static_cast<Fact>(99))};
  EXPECT_EQ(FaultsOfEntry(all), Texts{"stages[1].entry.all_of[1].fact FACT_UNKNOWN"});
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kAnyOf)), Texts{"stages[1].entry.any_of CONDITION_EMPTY"});
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kNot)), Texts{"stages[1].entry.not CONDITION_EMPTY"});
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kInterestAtLeast, 101)),
            Texts{"stages[1].entry.interest_at_least NUMBER_INVALID"});
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kDaysInStageAtLeast, -1)),
            Texts{"stages[1].entry.days_in_stage_at_least NUMBER_INVALID"});
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kExpectedValueAtLeast)),
            Texts{"stages[1].entry.expected_value_at_least CONDITION_EMPTY"});
  Condition amount = Of(Kind::kExpectedValueAtLeast);
  amount.money = Money{"euro", -1};
  EXPECT_EQ(FaultsOfEntry(amount),
            (Texts{"stages[1].entry.expected_value_at_least.currency_code CURRENCY_INVALID",
                   "stages[1].entry.expected_value_at_least.minor_units NUMBER_INVALID"}));
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kAttribute)),
            (Texts{"stages[1].entry.attribute.key ATTRIBUTE_INVALID",
                   "stages[1].entry.attribute.operator COMPARISON_UNKNOWN"}));
  EXPECT_EQ(FaultsOfEntry(Of(Kind::kActivity)),
            Texts{"stages[1].entry.activity.at_least NUMBER_INVALID"});
  EXPECT_EQ(FaultsOfEntry(Of(static_cast<Kind>(99))), Texts{"stages[1].entry CONDITION_UNKNOWN"});
}

TEST(ValidateFunnelPolicy, FindsAFirstStageThatNoCaptureCanEnter) {
  const Texts impossible = {"stages[0].entry CAPTURE_IMPOSSIBLE"};
  const auto faults = [](Kind kind, std::vector<Condition> children) {
    FunnelPolicy policy = PlainPolicy();
    policy.stages[0].entry = Of(kind);
    policy.stages[0].entry.children = std::move(children);
    return Faults(policy);
  };
  const Condition answered = FactIs(Fact::kResponded);
  const Condition needed = FactIs(Fact::kNeedKnown);
  EXPECT_EQ(faults(Kind::kAllOf, {needed, answered}), impossible);
  EXPECT_EQ(faults(Kind::kAllOf, {Of(Kind::kActivity, 1)}), impossible);
  EXPECT_EQ(faults(Kind::kAllOf, {Of(Kind::kDaysInStageAtLeast, 1)}), impossible);
  EXPECT_EQ(faults(Kind::kNot, {Of(Kind::kInterestAtLeast, 0)}), impossible);
  EXPECT_EQ(faults(Kind::kAnyOf, {needed, answered}), Texts{});
  EXPECT_EQ(faults(Kind::kNot, {answered}), Texts{});
  EXPECT_EQ(faults(Kind::kNot, {needed}), Texts{});
  EXPECT_EQ(faults(Kind::kAllOf, {Of(Kind::kInterestAtLeast, 60)}), Texts{});
}

TEST(ValidateFunnelPolicy, BoundsTheDepthAndSizeOfConditions) {
  Condition deep = FactIs(Fact::kNeedKnown);
  for (int depth = 1; depth < limits::condition_depth_max; ++depth) {
    Condition outer = Of(Kind::kNot);
    outer.children = {deep};
    deep = outer;
  }
  EXPECT_EQ(FaultsOfEntry(deep), Texts{});
  Condition deeper = Of(Kind::kNot);
  deeper.children = {deep};
  ASSERT_EQ(FaultsOfEntry(deeper).size(), 1u);
  EXPECT_NE(FaultsOfEntry(deeper)[0].find("CONDITION_TOO_DEEP"), std::string::npos);
  Condition wide = Of(Kind::kAllOf);
  wide.children.assign(limits::condition_nodes_max - 1, FactIs(Fact::kNeedKnown));
  EXPECT_EQ(FaultsOfEntry(wide), Texts{});
  wide.children.push_back(FactIs(Fact::kNeedKnown));
  EXPECT_EQ(FaultsOfEntry(wide), Texts{"stages[1].entry CONDITION_TOO_LARGE"});
}

TEST(ValidateFunnelPolicy, ChecksLimits) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].respond_within = Limit{absl::ZeroDuration(), true};
  policy.stages[0].stage_within = Limit{-absl::Hours(1), true};
  policy.stages[0].proposal_within = Limit{absl::Hours(24 * 4000), false};
  policy.stages[0].rot_after = absl::InfiniteDuration();
  EXPECT_EQ(
      Faults(policy),
      (Texts{"stages[0].respond_within LIMIT_INVALID", "stages[0].stage_within LIMIT_INVALID",
             "stages[0].proposal_within LIMIT_INVALID", "stages[0].rot_after LIMIT_INVALID"}));
}

TEST(ValidateFunnelPolicy, ChecksTheLimitsOfTheHandoff) {
  FunnelPolicy policy = PlainPolicy();
  policy.handoff = {Limit{absl::ZeroDuration(), false}, Limit{absl::Hours(24 * 3661), false}};
  EXPECT_EQ(Faults(policy), (Texts{"handoff.introduction_within LIMIT_INVALID",
                                   "handoff.accept_within LIMIT_INVALID"}));
  policy.handoff = {Limit{absl::Hours(2), true}, Limit{absl::Hours(1), true}};
  EXPECT_EQ(Faults(policy), Texts{"handoff.accept_within LIMIT_INVALID"});
  policy.handoff = {Limit{absl::Hours(1), true}, Limit{absl::Hours(2), false}};
  EXPECT_EQ(Faults(policy), Texts{});
}

TEST(ValidateFunnelPolicy, FindsLimitsThatCannotBeMet) {
  FunnelPolicy policy = PlainPolicy();
  for (bool respond_working : {true, false}) {
    for (bool stage_working : {true, false}) {
      policy.stages[0].respond_within = Limit{absl::Hours(2), respond_working};
      policy.stages[0].stage_within = Limit{absl::Hours(1), stage_working};
      const bool may_be_met = stage_working && !respond_working;
      EXPECT_EQ(Faults(policy),
                may_be_met ? Texts{} : Texts{"stages[0].stage_within LIMIT_INVALID"});
    }
  }
}

TEST(ValidateFunnelPolicy, ChecksNumbers) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].probability_percent = 101;
  policy.stages[1].work_units = -1;
  EXPECT_EQ(Faults(policy), (Texts{"stages[0].probability_percent PROBABILITY_INVALID",
                                   "stages[1].work_units WORK_UNITS_INVALID"}));
}

TEST(ValidateFunnelPolicy, BoundsTheWholePolicy) {
  FunnelPolicy policy = PlainPolicy();
  Condition attribute = Of(Kind::kAttribute);
  attribute.key = "region";
  attribute.comparison = Comparison::kEqual;
  attribute.value = std::string(limits::attribute_value_bytes_max, 'x');
  policy.stages[0].entry.children.assign(190, attribute);
  EXPECT_EQ(Faults(policy), Texts{" POLICY_TOO_LARGE"});
}

TEST(PolicyError, TellsFaultsWithTheirPaths) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].qualifying = false;
  policy.stages[1].work_units = -1;
  const absl::Status error = PolicyError(ValidateFunnelPolicy(policy));
  EXPECT_REFUSED(error, "POLICY_INVALID");
  ASSERT_EQ(DetailOf(error).fields.size(), 2u);
  EXPECT_EQ(FieldOf(error), "stages");
  EXPECT_EQ(MetadataOf(error, "faults"), "2");
  EXPECT_TRUE(PolicyError({}).ok());
}

TEST(WebStudio, LeadsFromNewToContract) {
  const FunnelPolicy& policy = WebStudioPolicy();
  Texts keys;
  for (const Stage& stage : policy.stages) {
    keys.push_back(stage.key);
    EXPECT_EQ(stage.qualifying, stage.key == "start_of_work");
  }
  EXPECT_EQ(keys,
            (Texts{"new", "contacted", "requirements", "proposal", "start_of_work", "contract"}));
  EXPECT_EQ(policy.stages[0].respond_within->within, absl::Minutes(15));
  EXPECT_TRUE(policy.stages[0].respond_within->working);
  EXPECT_FALSE(policy.decline.all_arguments);
  EXPECT_TRUE(policy.decline.alternatives_required);
}

}  // namespace
}  // namespace sales
