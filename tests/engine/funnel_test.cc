#include "sales/report.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Funnels = Studio;

FunnelPolicy TwoStages(const char* last) {
  FunnelPolicy policy;
  policy.id = "short";
  policy.display_name = "Short";
  Stage first;
  first.key = "asked";
  Stage second;
  second.key = last;
  second.qualifying = true;
  policy.stages = {first, second};
  return policy;
}

TEST_F(Funnels, EachActivationIsTheNextVersionAndTheEarlierOneStays) {
  EXPECT_EQ(desk().ActivateFunnelPolicy({TwoStages("agreed"), {}})->version, 1);
  EXPECT_EQ(desk().ActivateFunnelPolicy({TwoStages("signed"), {}})->version, 2);
  EXPECT_EQ(desk().GetFunnelPolicy("short")->stages[1].key, "signed");
  EXPECT_EQ(desk().GetFunnelPolicy("short", 1)->stages[1].key, "agreed");
  EXPECT_EQ(ReasonIn(desk().GetFunnelPolicy("short", 3).status()), Reason::kFunnelNotFound);
  EXPECT_EQ(desk().ListFunnelPolicies({})->items.size(), 2u);
}

TEST_F(Funnels, ALeadInARemovedStageNeedsAMapping) {
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("agreed"), {}}).ok());
  CaptureLead lead = Person("anna");
  lead.funnel = "short";
  lead.seller = "boris";
  const auto captured = desk().CaptureLead(lead);
  ASSERT_TRUE(desk().AdvanceLead(captured->lead.id, {"agreed", "", ""}).ok());
  const absl::Status stranded = desk().ActivateFunnelPolicy({TwoStages("signed"), {}}).status();
  EXPECT_EQ(ReasonIn(stranded), Reason::kStageInUse);
  EXPECT_EQ(DetailOf(stranded).metadata["stages"], "agreed");
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("signed"), {{"agreed", "signed"}}}).ok());
  EXPECT_EQ(desk().GetLead(captured->lead.id)->stage, "signed");
  ExpectClean();
}

TEST_F(Funnels, AClosedLeadWhoseStageWasRemovedIsReopenedInTheFirstIfItsConditionsHold) {
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("agreed"), {}}).ok());
  CaptureLead capture = Person("anna");
  capture.funnel = "short";
  const std::string lead = desk().CaptureLead(capture)->lead.id;
  ASSERT_TRUE(desk().AdvanceLead(lead, {"agreed", "", ""}).ok());
  ASSERT_TRUE(desk().LoseLead(lead, {"no-money", ""}).ok());
  FunnelPolicy strict = TwoStages("signed");
  strict.stages[0].entry.kind = Condition::Kind::kFact;
  strict.stages[0].entry.fact = Fact::kSellerAssigned;
  ASSERT_TRUE(desk().ActivateFunnelPolicy({strict, {}}).ok());
  const absl::Status refused = desk().ReopenLead(lead, {"he called", ""}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kGuardUnmet);
  EXPECT_EQ(DetailOf(refused).metadata["to"], "asked");
  AssignLead assign;
  assign.seller = "boris";
  ASSERT_TRUE(desk().AssignLead(lead, assign).ok());
  const auto reopened = desk().ReopenLead(lead, {"he called", ""});
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->stage, "asked");
  EXPECT_EQ(reopened->visits.back().stage, "asked");
  ExpectClean();
}

TEST_F(Funnels, ANewVersionIsInForceForTheNextMove) {
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("agreed"), {}}).ok());
  CaptureLead lead = Person("anna");
  lead.funnel = "short";
  const auto captured = desk().CaptureLead(lead);
  FunnelPolicy strict = TwoStages("agreed");
  strict.stages[1].entry.kind = Condition::Kind::kFact;
  strict.stages[1].entry.fact = Fact::kPriceAccepted;
  ASSERT_TRUE(desk().ActivateFunnelPolicy({strict, {}}).ok());
  const absl::Status refused = desk().AdvanceLead(captured->lead.id, {"agreed", "", ""}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kGuardUnmet);
  ASSERT_EQ(DetailOf(refused).missing.size(), 1u);
  EXPECT_EQ(DetailOf(refused).missing[0].condition, "price_accepted");
}

TEST_F(Funnels, AFaultyPolicyIsRefusedWithThePathOfEachFault) {
  FunnelPolicy policy = TwoStages("asked");
  policy.stages[1].qualifying = false;
  const absl::Status refused = desk().ActivateFunnelPolicy({policy, {}}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kPolicyInvalid);
  EXPECT_GE(DetailOf(refused).fields.size(), 2u);
}

TEST_F(Funnels, AReportOfARevisionUsesThePolicyOfThatTime) {
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("agreed"), {}}).ok());
  ReportQuery query;
  query.funnel = "short";
  query.as_of_revision = desk().GetWorkspace()->revision;
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("signed"), {}}).ok());
  EXPECT_EQ(desk().ReportFunnel(query)->stages[1].stage, "agreed");
  query.as_of_revision = 1;
  EXPECT_EQ(ReasonIn(desk().ReportFunnel(query).status()), Reason::kFunnelNotFound);
}

TEST_F(Funnels, DefaultFunnelOfAWorkspaceIsWhereLeadsGo) {
  UpdateWorkspace update;
  update.default_funnel = "short";
  EXPECT_EQ(ReasonIn(desk().UpdateWorkspace(update).status()), Reason::kFunnelNotFound);
  ASSERT_TRUE(desk().ActivateFunnelPolicy({TwoStages("agreed"), {}}).ok());
  ASSERT_TRUE(desk().UpdateWorkspace(update).ok());
  EXPECT_EQ(Capture("anna").lead.stage, "asked");
}

TEST_F(Funnels, ACloseOutcomeChangesTheYieldOfTheDeclineItCameOutOf) {
  const CaptureResult first = Capture("anna");
  ASSERT_TRUE(desk().DeclineLead(first.lead.id, Refusal()).ok());
  const CaptureResult second = Capture("anna");
  WinLead win;
  win.value = Money{"EUR", 5'000};
  win.override_reason = "signed at once";
  ASSERT_TRUE(desk().WinLead(second.lead.id, win).ok());
  EXPECT_EQ(desk().ReportChannels({})->total.decline_yield.revenue.minor_units, 5'000);
  ReopenLead reopening;
  reopening.reason = "cancelled";
  ASSERT_TRUE(desk().ReopenLead(second.lead.id, reopening).ok());
  EXPECT_EQ(desk().ReportChannels({})->total.decline_yield.won, 0);
  ExpectClean();
}

}  // namespace
}  // namespace sales::testing
