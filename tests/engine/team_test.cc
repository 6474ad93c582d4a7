// Sellers, teams and assignment policies as resources of a workspace.
#include "tests/engine/team_studio.h"

namespace sales::testing {
namespace {

using Teams = TeamStudio;

TEST_F(Teams, AreInEventsWithoutNames) {
  CreateSeller seller;
  seller.display_name = "Canary Name";
  seller.role = "Canary Role";
  Hire("anna", seller);
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  Capture("ivan");
  for (const Event& event : Events()) {
    EXPECT_EQ(event.subject.find("Canary"), std::string::npos);
    for (const Change& change : event.changes) {
      EXPECT_EQ(change.after.find("Canary"), std::string::npos);
    }
  }
  EXPECT_EQ(Events().back().type, EventType::kLeadAssigned);
}

TEST_F(Teams, PoliciesHaveVersions) {
  EXPECT_EQ(ReasonIn(desk().GetAssignmentPolicy().status()), Reason::kAssignmentPolicyNotSet);
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  Use(OnCapture(AssignmentMethod::kLeastLoad));
  EXPECT_EQ(desk().GetAssignmentPolicy()->version, 2);
  EXPECT_EQ(desk().GetAssignmentPolicy(1)->method, AssignmentMethod::kRoundRobin);
  EXPECT_EQ(ReasonIn(desk().GetAssignmentPolicy(3).status()), Reason::kAssignmentPolicyNotSet);
  EXPECT_EQ(
      ReasonIn(desk(WithEtag("1")).SetAssignmentPolicy(*desk().GetAssignmentPolicy()).status()),
      Reason::kEtagMismatch);
}

TEST_F(Teams, PoliciesNameOnlyWhatIsThere) {
  AssignmentPolicy policy = OnCapture(AssignmentMethod::kRoundRobin);
  const auto refused = [&] {
    const absl::Status status = desk().SetAssignmentPolicy(policy).status();
    const ErrorDetail detail = DetailOf(status);
    return std::string(ReasonName(detail.reason)) +
           (detail.fields.empty() ? "" : " " + detail.fields[0].field);
  };
  policy.default_team = "none";
  EXPECT_EQ(refused(), "TEAM_NOT_FOUND default_team");
  policy.default_team = "";
  policy.rules.resize(1);
  policy.rules[0].team = "none";
  EXPECT_EQ(refused(), "TEAM_NOT_FOUND rules[0].team");
  policy.rules[0].channels = {"none"};
  EXPECT_EQ(refused(), "CHANNEL_NOT_FOUND rules[0].channels[0]");
  policy.rules[0].channels = {"unknown"};
  policy.rules[0].campaigns = {{"unknown", "none"}};
  EXPECT_EQ(refused(), "CAMPAIGN_NOT_FOUND rules[0].campaigns[0]");
  policy.rules[0].campaigns.clear();
  policy.rules[0].funnels = {"none"};
  EXPECT_EQ(refused(), "FUNNEL_NOT_FOUND rules[0].funnels[0]");
}

TEST_F(Teams, HoldOnlyWhatIsThere) {
  EXPECT_EQ(ReasonIn(desk().CreateSeller({.id = "anna", .team = "none"}).status()),
            Reason::kTeamNotFound);
  EXPECT_EQ(ReasonIn(desk().CreateSeller({.id = "anna", .calendar = "none"}).status()),
            Reason::kCalendarNotFound);
  Hire("anna");
  EXPECT_EQ(ReasonIn(desk().CreateSeller({.id = "anna"}).status()), Reason::kSellerExists);
  EXPECT_EQ(ReasonIn(desk().GetSeller("none").status()), Reason::kSellerNotFound);
  EXPECT_EQ(ReasonIn(desk().GetTeam("none").status()), Reason::kTeamNotFound);
  ASSERT_TRUE(desk().CreateTeam({"shops", "Shops"}).ok());
  EXPECT_EQ(ReasonIn(desk().CreateTeam({"shops", ""}).status()), Reason::kTeamExists);
  const Seller before = *desk().GetSeller("anna");
  UpdateSeller update;
  update.team = "shops";
  update.intake = Intake{14, 1, IntakeUnit::kMonth};
  ASSERT_TRUE(desk(WithEtag(before.etag)).UpdateSeller("anna", update).ok());
  EXPECT_EQ(ReasonIn(desk(WithEtag(before.etag)).UpdateSeller("anna", update).status()),
            Reason::kEtagMismatch);
  EXPECT_EQ(desk().GetSeller("anna")->team, "shops");
  update = {};
  update.clear_intake = true;
  EXPECT_FALSE(desk().UpdateSeller("anna", update)->intake.has_value());
}

TEST_F(Teams, AreNoMoreThanThereMayBe) {
  for (int i = 0; i < limits::teams_max; ++i) {
    ASSERT_TRUE(desk().CreateTeam({"t" + std::to_string(i), ""}).ok());
  }
  const absl::Status refused = desk().CreateTeam({"more", ""}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kLimitReached);
  EXPECT_EQ(DetailOf(refused).metadata.at("what"), "teams");
}

TEST_F(Teams, AbsencesThatOverlapAreRefused) {
  Hire("anna");
  ASSERT_TRUE(desk().SetAbsence("anna", {Today(), Today() + 4}).ok());
  EXPECT_EQ(ReasonIn(desk().SetAbsence("anna", {Today() + 4, Today() + 6}).status()),
            Reason::kAbsenceOverlaps);
  EXPECT_EQ(ReasonIn(desk().RemoveAbsence("anna", Today() + 1).status()), Reason::kAbsenceNotFound);
  EXPECT_EQ(desk().GetSeller("anna")->absences.size(), 1u);
}

}  // namespace
}  // namespace sales::testing
