#include "src/decide/conditions.h"

#include <string>
#include <vector>

#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

using Kind = Condition::Kind;

Condition Of(Kind kind, int64_t number) {
  Condition condition;
  condition.kind = kind;
  condition.number = number;
  return condition;
}

Condition Of(Kind kind, std::vector<Condition> children) {
  Condition condition;
  condition.kind = kind;
  condition.children = std::move(children);
  return condition;
}

Condition Attribute(std::string key, Comparison comparison, std::string value) {
  Condition condition;
  condition.kind = Kind::kAttribute;
  condition.key = std::move(key);
  condition.comparison = comparison;
  condition.value = std::move(value);
  return condition;
}

Condition Activities(ActivityKind kind, Direction direction, int64_t number) {
  Condition condition = Of(Kind::kActivity, number);
  condition.activity_kind = kind;
  condition.direction = direction;
  return condition;
}

bool HoldsNow(const Condition& condition, const LeadFixture& fixture) {
  return Holds(condition, fixture.record, fixture.at);
}

TEST(Facts, OfANewLeadAreAllUnknown) {
  const LeadFixture fixture = Captured();
  for (int fact = 1; fact <= static_cast<int>(Fact::kPriceAccepted); ++fact) {
    EXPECT_FALSE(HoldsNow(FactIs(static_cast<Fact>(fact)), fixture)) << fact;
  }
}

TEST(Facts, FollowWhatIsKnownOfTheLead) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(AssignLead{"anna"}));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kSellerAssigned), fixture));
  UpdateLead update;
  update.need = "shop";
  update.budget = Euros(0);
  update.decision_maker_known = true;
  EXPECT_DONE(fixture.Update(update));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kNeedKnown), fixture));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kBudgetKnown), fixture));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kDecisionMakerKnown), fixture));
}

TEST(Facts, ANeedOfSpacesIsNotKnown) {
  LeadFixture fixture = Captured();
  UpdateLead update;
  update.need = " \n";
  EXPECT_DONE(fixture.Update(update));
  EXPECT_FALSE(HoldsNow(FactIs(Fact::kNeedKnown), fixture));
}

TEST(Facts, OnlyAnOutboundActivityIsAResponse) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kCall, Direction::kIn)));
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kNote, Direction::kInternal)));
  EXPECT_FALSE(HoldsNow(FactIs(Fact::kResponded), fixture));
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kEmail, Direction::kOut)));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kResponded), fixture));
}

TEST(Facts, AnAnswerToAProposalDecidesWhatIsOfferedAndAccepted) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(RequestProposal{}));
  EXPECT_FALSE(HoldsNow(FactIs(Fact::kPriceOffered), fixture));
  EXPECT_DONE(fixture.Do(SendProposal{"", Euros(1), {}}));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kPriceOffered), fixture));
  LeadFixture withdrawn = fixture;
  EXPECT_DONE(withdrawn.Do(AnswerProposal{0, ProposalState::kWithdrawn}));
  EXPECT_FALSE(HoldsNow(FactIs(Fact::kPriceOffered), withdrawn));
  LeadFixture rejected = fixture;
  EXPECT_DONE(rejected.Do(AnswerProposal{0, ProposalState::kRejected}));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kPriceOffered), rejected));
  EXPECT_FALSE(HoldsNow(FactIs(Fact::kPriceAccepted), rejected));
  EXPECT_DONE(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}));
  EXPECT_TRUE(HoldsNow(FactIs(Fact::kPriceAccepted), fixture));
}

TEST(Attributes, AreComparedAsNumbersWhereBothAre) {
  LeadFixture fixture = Captured();
  fixture.record.lead.attributes = {{"staff", "9"}, {"huge", "123456789012345678901234567890"}};
  EXPECT_TRUE(HoldsNow(Attribute("staff", Comparison::kLess, "10"), fixture));
  EXPECT_TRUE(HoldsNow(Attribute("staff", Comparison::kEqual, "+09"), fixture));
  EXPECT_TRUE(HoldsNow(Attribute("staff", Comparison::kGreater, "-10"), fixture));
  EXPECT_TRUE(
      HoldsNow(Attribute("huge", Comparison::kGreater, "99999999999999999999999999"), fixture));
}

TEST(Attributes, AreComparedAsTextWhereOneIsNoNumber) {
  LeadFixture fixture = Captured();
  fixture.record.lead.attributes = {{"region", "north"}, {"staff", "9"}};
  EXPECT_TRUE(HoldsNow(Attribute("region", Comparison::kEqual, "north"), fixture));
  EXPECT_TRUE(HoldsNow(Attribute("region", Comparison::kNotEqual, "south"), fixture));
  EXPECT_TRUE(HoldsNow(Attribute("staff", Comparison::kGreaterOrEqual, "10a"), fixture));
  EXPECT_FALSE(HoldsNow(Attribute("region", Comparison::kLessOrEqual, "m"), fixture));
}

TEST(Attributes, ThatAreMissingMeetNoComparison) {
  const LeadFixture fixture = Captured();
  for (int comparison = 1; comparison <= 7; ++comparison) {
    EXPECT_FALSE(HoldsNow(Attribute("region", static_cast<Comparison>(comparison), "x"), fixture));
  }
}

TEST(Attributes, ThatHaveAValueAreSet) {
  LeadFixture fixture = Captured();
  fixture.record.lead.attributes = {{"region", "north"}, {"empty", ""}};
  EXPECT_TRUE(HoldsNow(Attribute("region", Comparison::kSet, ""), fixture));
  EXPECT_FALSE(HoldsNow(Attribute("empty", Comparison::kSet, ""), fixture));
}

Condition Typed(AttributeType type, Comparison comparison, std::string value) {
  Condition condition = Attribute("x", comparison, std::move(value));
  condition.attribute_type = type;
  return condition;
}

bool HoldsFor(const std::string& value, const Condition& condition) {
  LeadFixture fixture = Captured();
  fixture.record.lead.attributes = {{"x", value}};
  return HoldsNow(condition, fixture);
}

TEST(Attributes, OfTypeNumberAreComparedAsNumbers) {
  constexpr AttributeType kNumber = AttributeType::kNumber;
  EXPECT_TRUE(HoldsFor("9.5", Typed(kNumber, Comparison::kLess, "10")));
  EXPECT_TRUE(HoldsFor("1.50", Typed(kNumber, Comparison::kEqual, "1.5")));
  EXPECT_TRUE(HoldsFor("1.05", Typed(kNumber, Comparison::kLess, "1.5")));
  EXPECT_TRUE(HoldsFor("1.5", Typed(kNumber, Comparison::kGreater, "1.45")));
  EXPECT_TRUE(HoldsFor("1.5", Typed(kNumber, Comparison::kGreater, "1")));
  EXPECT_TRUE(HoldsFor("-0.5", Typed(kNumber, Comparison::kLess, "0")));
  EXPECT_TRUE(HoldsFor("-0.0", Typed(kNumber, Comparison::kEqual, "0")));
  EXPECT_TRUE(HoldsFor("-2.5", Typed(kNumber, Comparison::kLess, "-2.25")));
  EXPECT_TRUE(HoldsFor("123456789012345678901234567890.1",
                       Typed(kNumber, Comparison::kGreater, "123456789012345678901234567890")));
}

TEST(Attributes, OfOtherTypesAreComparedAsTheyAreWritten) {
  EXPECT_TRUE(HoldsFor("2024-02-01", Typed(AttributeType::kDate, Comparison::kLess, "2024-11-01")));
  EXPECT_FALSE(HoldsFor("007", Typed(AttributeType::kText, Comparison::kEqual, "7")));
  EXPECT_TRUE(HoldsFor("10", Typed(AttributeType::kText, Comparison::kLess, "9")));
  EXPECT_TRUE(HoldsFor("true", Typed(AttributeType::kBoolean, Comparison::kEqual, "true")));
  EXPECT_TRUE(HoldsFor("north", Typed(AttributeType::kEnum, Comparison::kNotEqual, "south")));
}

TEST(Attributes, OfBeforeTheirTypeMeetNoComparisonButAreSet) {
  for (int comparison = 1; comparison <= 6; ++comparison) {
    const auto sign = static_cast<Comparison>(comparison);
    EXPECT_FALSE(HoldsFor("about ten", Typed(AttributeType::kNumber, sign, "10")));
    EXPECT_FALSE(HoldsFor("soon", Typed(AttributeType::kDate, sign, "2024-01-01")));
    EXPECT_FALSE(HoldsFor("yes", Typed(AttributeType::kBoolean, sign, "true")));
  }
  EXPECT_TRUE(HoldsFor("about ten", Typed(AttributeType::kNumber, Comparison::kSet, "")));
  EXPECT_FALSE(HoldsFor("10", Typed(AttributeType::kNumber, Comparison::kGreater, "many")));
}

TEST(ActivityCondition, CountsTheKindAndDirectionItNames) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kCall, Direction::kOut)));
  EXPECT_DONE(fixture.Do(Logged(ActivityKind::kEmail, Direction::kOut)));
  EXPECT_FALSE(HoldsNow(Activities(ActivityKind::kCall, Direction::kOut, 2), fixture));
  EXPECT_TRUE(HoldsNow(Activities(ActivityKind::kUnspecified, Direction::kOut, 2), fixture));
  EXPECT_TRUE(HoldsNow(Activities(ActivityKind::kCall, Direction::kUnspecified, 1), fixture));
  EXPECT_FALSE(HoldsNow(Activities(ActivityKind::kCall, Direction::kIn, 1), fixture));
}

TEST(DaysInStage, AreWholeDaysSinceTheStageWasEntered) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(71);
  EXPECT_TRUE(HoldsNow(Of(Kind::kDaysInStageAtLeast, 2), fixture));
  EXPECT_FALSE(HoldsNow(Of(Kind::kDaysInStageAtLeast, 3), fixture));
  fixture.at = Hour(72);
  EXPECT_TRUE(HoldsNow(Of(Kind::kDaysInStageAtLeast, 3), fixture));
  EXPECT_DONE(fixture.Do(To("b")));
  EXPECT_FALSE(HoldsNow(Of(Kind::kDaysInStageAtLeast, 1), fixture));
}

TEST(Amounts, AreComparedInOneCurrency) {
  LeadFixture fixture = Captured();
  Condition condition = Of(Kind::kExpectedValueAtLeast, 0);
  condition.money = Euros(100);
  EXPECT_FALSE(HoldsNow(condition, fixture));
  fixture.record.lead.expected_value = Euros(100);
  EXPECT_TRUE(HoldsNow(condition, fixture));
  condition.money->currency_code = "USD";
  EXPECT_FALSE(HoldsNow(condition, fixture));
}

TEST(ConditionText, SaysItInThePolicysWords) {
  EXPECT_EQ(ConditionText(FactIs(Fact::kRequirementsAgreed)), "requirements_agreed");
  EXPECT_EQ(ConditionText(Of(Kind::kInterestAtLeast, 50)), "interest >= 50");
  EXPECT_EQ(ConditionText(Activities(ActivityKind::kCall, Direction::kOut, 2)),
            "activity(CALL, OUT) >= 2");
  EXPECT_EQ(ConditionText(Activities(ActivityKind::kUnspecified, Direction::kIn, 1)),
            "activity(ANY, IN) >= 1");
  EXPECT_EQ(ConditionText(Attribute("region", Comparison::kEqual, "north")),
            "attribute(region) = 'north'");
  EXPECT_EQ(ConditionText(Attribute("region", Comparison::kSet, "")), "attribute(region) set");
  EXPECT_EQ(ConditionText(Of(Kind::kDaysInStageAtLeast, 3)), "days_in_stage >= 3");
  const std::vector<Condition> two = {FactIs(Fact::kNeedKnown), FactIs(Fact::kBudgetKnown)};
  EXPECT_EQ(ConditionText(Of(Kind::kAnyOf, two)), "any_of(need_known, budget_known)");
  EXPECT_EQ(ConditionText(Of(Kind::kNot, {two[0]})), "not(need_known)");
  Condition amount = Of(Kind::kExpectedValueAtLeast, 0);
  amount.money = Euros(5);
  EXPECT_EQ(ConditionText(amount), "expected_value >= 5 EUR");
}

TEST(Missing, NamesEachConditionByItselfAndAlternativesTogether) {
  const LeadFixture fixture = Captured();
  Stage stage = StageNamed("x");
  stage.entry.children = {
      FactIs(Fact::kNeedKnown),
      Of(Kind::kAllOf, {FactIs(Fact::kBudgetKnown), FactIs(Fact::kNeedKnown)}),
      Of(Kind::kAnyOf, {FactIs(Fact::kPriceOffered), Of(Kind::kInterestAtLeast, 5)}),
      Of(Kind::kNot, {Of(Kind::kInterestAtLeast, 0)}),
      Of(Kind::kInterestAtLeast, 0),
  };
  std::vector<MissingCondition> missing;
  AddMissing(stage, fixture.record, fixture.at, missing);
  ASSERT_EQ(missing.size(), 4u);
  EXPECT_EQ(missing[0].condition, "need_known");
  EXPECT_EQ(missing[1].condition, "budget_known");
  EXPECT_EQ(missing[2].condition, "any_of(price_offered, interest >= 5)");
  EXPECT_EQ(missing[3].condition, "not(interest >= 0)");
  for (const MissingCondition& one : missing) {
    EXPECT_EQ(one.stage, "x");
    EXPECT_FALSE(one.description.empty());
  }
}

}  // namespace
}  // namespace sales
