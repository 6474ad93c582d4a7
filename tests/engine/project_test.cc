// What becomes of an accepted handoff, and the plans of a quarter.
#include "gtest/gtest.h"
#include "sales/plan.h"
#include "sales/team.h"
#include "tests/engine/handoff_studio.h"

namespace sales::testing {
namespace {

using Members = std::vector<std::string>;
using RequestingWork = HandoffStudio;
using AProject = HandoffStudio;
using APlan = HandoffStudio;

TEST_F(RequestingWork, CapturesALeadOfTheClientAndBringsTheSellerBack) {
  const std::string id = Accepted("ivan");
  const auto requested = desk(As("mira")).RequestWork(id, {.need = "a warehouse"});
  ASSERT_TRUE(requested.ok()) << requested.status();
  const Lead& lead = requested->lead;
  EXPECT_EQ(lead.state, LeadState::kOpen);
  EXPECT_EQ(lead.channel, kRepeatRequestChannel);
  EXPECT_EQ(lead.contact, requested->project.client);
  EXPECT_EQ(lead.seller, "anna");
  EXPECT_EQ(lead.project, id);
  EXPECT_EQ(lead.need, "a warehouse");
  EXPECT_EQ(requested->project.members, (Members{"anna", "boris", "mira", "olga"}));
  EXPECT_EQ(requested->project.selling_members, Members{"anna"});
  EXPECT_EQ(desk().GetLead(lead.id)->project, id);
  EXPECT_EQ(desk().ListLeads({"project = \"" + id + "\"", "", 0, ""})->items.size(), 1u);
  ExpectClean();
}

TEST_F(RequestingWork, FromAProjectThatNobodySoldAsksTheAssignmentPolicy) {
  const std::string id = Capture("ivan").lead.id;
  ASSERT_TRUE(desk().WinLead(id, {Money{"EUR", 480'000}, "signed at once"}).ok());
  EXPECT_TRUE(Complete(id, Meeting()).ok());
  EXPECT_TRUE(Complete(id, Prepared()).ok());
  EXPECT_TRUE(Complete(id, Materials()).ok());
  EXPECT_TRUE(Complete(id, Brief()).ok());
  ASSERT_TRUE(desk(As("mira")).AcceptHandoff(id).ok());
  ASSERT_TRUE(desk().CreateSeller({.id = "pavel"}).ok());
  AssignmentPolicy policy;
  policy.method = AssignmentMethod::kRoundRobin;
  policy.assign_on_capture = true;
  ASSERT_TRUE(desk().SetAssignmentPolicy(policy).ok());
  const auto requested = desk(As("mira")).RequestWork(id, {.need = "a warehouse"});
  ASSERT_TRUE(requested.ok()) << requested.status();
  EXPECT_EQ(requested->lead.seller, "pavel");
  EXPECT_EQ(requested->project.selling_members, Members{"pavel"});
  EXPECT_EQ(desk().ExplainAssignment(requested->lead.id)->cause, AssignmentCause::kCapture);
  ExpectClean();
}

TEST_F(RequestingWork, LetsTheSellerGoWhenItsLeadIsClosed) {
  const std::string id = Accepted("ivan");
  const std::string lead = desk().RequestWork(id, {.need = "a warehouse"})->lead.id;
  ASSERT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  EXPECT_EQ(desk().GetProject(id)->members, (Members{"boris", "mira", "olga"}));
  const auto told = EventsOf(EventType::kProjectUpdated);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(Told(told[0]), "project_member >anna");
  EXPECT_EQ(Told(told[1]), "project_member anna>");
  EXPECT_EQ(told[1].subject, "projects/" + id);
  ExpectClean();
}

TEST_F(RequestingWork, KeepsTheSellerThroughNurtureAndUntilEveryOutcome) {
  const std::string id = Accepted("ivan");
  const auto sells = [&] { return !desk().GetProject(id)->selling_members.empty(); };
  NurtureLead nurture;
  nurture.reason = "later";
  nurture.wake = absl::CivilDay(2030, 1, 1);
  WinLead win;
  win.value = Money{"EUR", 100};
  win.override_reason = "signed";
  for (int outcome = 0; outcome < 4; ++outcome) {
    const std::string lead = desk().RequestWork(id, {})->lead.id;
    EXPECT_TRUE(sells());
    if (outcome == 0) {
      ASSERT_TRUE(desk().NurtureLead(lead, nurture).ok());
      EXPECT_TRUE(sells());
      ASSERT_TRUE(desk().LoseLead(lead, {"silent", ""}).ok());
    }
    if (outcome == 1) {
      ASSERT_TRUE(desk().DisqualifyLead(lead, {"test"}).ok());
    }
    if (outcome == 2) {
      ASSERT_TRUE(desk().WinLead(lead, win).ok());
    }
    if (outcome == 3) {
      ASSERT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
    }
    EXPECT_FALSE(sells()) << outcome;
  }
  ExpectClean();
}

TEST_F(RequestingWork, KeepsASellerWhoHasAnotherLead) {
  const std::string id = Accepted("ivan");
  const std::string first = desk().RequestWork(id, {})->lead.id;
  ASSERT_TRUE(desk().RequestWork(id, {}).ok());
  ASSERT_TRUE(desk().LoseLead(first, {"silent", ""}).ok());
  EXPECT_EQ(desk().GetProject(id)->selling_members, Members{"anna"});
  EXPECT_EQ(EventsOf(EventType::kProjectUpdated).size(), 1u);
}

TEST_F(RequestingWork, FollowsALeadThatIsGivenToSomebodyElse) {
  const std::string id = Accepted("ivan");
  const std::string lead = desk().RequestWork(id, {.seller = "pavel"})->lead.id;
  EXPECT_EQ(desk().GetProject(id)->selling_members, Members{"pavel"});
  ASSERT_TRUE(desk().AssignLead(lead, {"anna"}).ok());
  EXPECT_EQ(desk().GetProject(id)->selling_members, Members{"anna"});
  EXPECT_EQ(Told(EventsOf(EventType::kProjectUpdated).back()),
            "project_member pavel>; project_member >anna");
  ReopenLead reopen;
  reopen.reason = "back";
  ASSERT_TRUE(desk().LoseLead(lead, {"silent", ""}).ok());
  ASSERT_TRUE(desk().ReopenLead(lead, reopen).ok());
  EXPECT_EQ(desk().GetProject(id)->selling_members, Members{"anna"});
}

TEST_F(RequestingWork, OfAClosedProjectIsRefused) {
  const std::string id = Accepted("ivan");
  ASSERT_TRUE(desk().CloseProject(id, {5}).ok());
  EXPECT_EQ(ReasonIn(desk().RequestWork(id, {}).status()), Reason::kProjectClosed);
}

TEST_F(RequestingWork, OfAnUnknownProjectIsRefused) {
  EXPECT_EQ(ReasonIn(desk().RequestWork(Briefed("ivan"), {}).status()), Reason::kProjectNotFound);
}

TEST_F(RequestingWork, HappensOnceByItsRequestId) {
  const std::string id = Accepted("ivan");
  const auto first = desk(WithRequest("r1")).RequestWork(id, {.need = "more"});
  const auto again = desk(WithRequest("r1")).RequestWork(id, {.need = "more"});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->lead.id, first->lead.id);
  EXPECT_EQ(again->project.members, first->project.members);
}

TEST_F(AProject, HasTheMembersItIsGiven) {
  const std::string id = Accepted("ivan");
  UpdateProject update;
  update.members = Members{"zoe", "mira", "zoe"};
  const auto project = desk().UpdateProject(id, update);
  ASSERT_TRUE(project.ok()) << project.status();
  EXPECT_EQ(project->members, (Members{"mira", "zoe"}));
  EXPECT_EQ(Told(EventsOf(EventType::kProjectUpdated).back()),
            "project_member boris>; project_member olga>; project_member >zoe");
}

TEST_F(AProject, DoesNotKeepASellerWhoIsSentBackAmongItsMembers) {
  const std::string id = Accepted("ivan");
  const std::string lead = desk().RequestWork(id, {})->lead.id;
  UpdateProject update;
  update.members = desk().GetProject(id)->members;
  update.members->push_back("zoe");
  ASSERT_TRUE(desk().UpdateProject(id, update).ok());
  EXPECT_EQ(desk().GetProject(id)->members, (Members{"anna", "boris", "mira", "olga", "zoe"}));
  ASSERT_TRUE(desk().LoseLead(lead, {"silent", ""}).ok());
  EXPECT_EQ(desk().GetProject(id)->members, (Members{"boris", "mira", "olga", "zoe"}));
}

TEST_F(AProject, IsClosedWithTheClientsSatisfaction) {
  const std::string id = Accepted("ivan");
  EXPECT_EQ(ReasonIn(desk().CloseProject(id, {}).status()), Reason::kFieldRequired);
  EXPECT_EQ(ReasonIn(desk().CloseProject(id, {6}).status()), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonIn(desk().CloseProject(id, {-1}).status()), Reason::kFieldInvalid);
  const auto closed = desk().CloseProject(id, {4});
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->state, ProjectState::kClosed);
  EXPECT_EQ(closed->satisfaction, 4);
  EXPECT_EQ(closed->close_time, clock_.Now());
  EXPECT_EQ(ReasonIn(desk().CloseProject(id, {4}).status()), Reason::kProjectClosed);
  UpdateProject update;
  update.members = Members{"zoe"};
  EXPECT_EQ(ReasonIn(desk().UpdateProject(id, update).status()), Reason::kProjectClosed);
  ExpectClean();
}

TEST_F(AProject, IsListedByItsStateAndClient) {
  const std::string live = Accepted("ivan");
  const std::string closed = Accepted("olga");
  ASSERT_TRUE(desk().CloseProject(closed, {5}).ok());
  const std::string client = desk().GetProject(live)->client;
  const auto page = desk().ListProjects({"state = \"LIVE\"", "", 0, ""});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].id, live);
  EXPECT_EQ(desk().ListProjects({"client = \"" + client + "\"", "", 0, ""})->items.size(), 1u);
  EXPECT_EQ(desk().ListProjects({"satisfaction = 5", "", 0, ""})->items[0].id, closed);
}

SetPlan QuarterPlan(std::string seller) {
  SetPlan plan;
  plan.quarter = "2026-Q2";
  plan.seller = std::move(seller);
  plan.targets.revenue = Money{"EUR", 9'000'000};
  plan.targets.won = 12;
  plan.targets.conversion = 2'550;
  return plan;
}

TEST_F(APlan, IsSetOnceAndReplaced) {
  const auto first = desk().SetPlan(QuarterPlan("anna"));
  ASSERT_TRUE(first.ok()) << first.status();
  SetPlan changed = QuarterPlan("anna");
  changed.targets = {};
  changed.targets.leads = 0;
  const auto second = desk().SetPlan(changed);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->id, first->id);
  const auto kept = desk().GetPlan(first->id);
  EXPECT_EQ(kept->targets.leads, 0);
  EXPECT_FALSE(kept->targets.revenue.has_value());
  EXPECT_EQ(kept->quarter, "2026-Q2");
  EXPECT_EQ(Told(EventsOf(EventType::kPlanSet).back()),
            "revenue 9000000>; won 12>; leads >0; conversion 2550>");
  ExpectClean();
}

TEST_F(APlan, IsOneForEachQuarterTeamAndSeller) {
  SetPlan studio = QuarterPlan("");
  SetPlan team = QuarterPlan("");
  team.team = "design";
  SetPlan later = QuarterPlan("anna");
  later.quarter = "2026-Q3";
  for (const SetPlan& plan : {studio, team, later, QuarterPlan("anna")}) {
    ASSERT_TRUE(desk().SetPlan(plan).ok());
  }
  const auto all = desk().ListPlans({});
  ASSERT_EQ(all->items.size(), 4u);
  EXPECT_EQ(all->items.back().quarter, "2026-Q3");
  EXPECT_EQ(desk().ListPlans({"quarter = \"2026-Q2\"", "", 0, ""})->items.size(), 3u);
  EXPECT_EQ(desk().ListPlans({"team = \"design\"", "", 0, ""})->items.size(), 1u);
  EXPECT_EQ(desk().ListPlans({"seller = \"anna\"", "", 0, ""})->items.size(), 2u);
}

TEST_F(APlan, OutOfBoundsIsRefused) {
  const auto reason = [&](auto change) {
    SetPlan plan = QuarterPlan("anna");
    change(plan);
    return ReasonIn(desk().SetPlan(plan).status());
  };
  EXPECT_EQ(reason([](SetPlan& p) { p.quarter = ""; }), Reason::kFieldRequired);
  EXPECT_EQ(reason([](SetPlan& p) { p.quarter = "2026-Q5"; }), Reason::kFieldInvalid);
  EXPECT_EQ(reason([](SetPlan& p) { p.quarter = "1969-Q4"; }), Reason::kFieldInvalid);
  EXPECT_EQ(reason([](SetPlan& p) { p.targets = {}; }), Reason::kFieldRequired);
  EXPECT_EQ(reason([](SetPlan& p) { p.targets.won = -1; }), Reason::kFieldInvalid);
  EXPECT_EQ(reason([](SetPlan& p) { p.targets.conversion = 10'001; }), Reason::kFieldInvalid);
  EXPECT_EQ(reason([](SetPlan& p) { p.targets.revenue->minor_units = -1; }), Reason::kMoneyInvalid);
  EXPECT_EQ(reason([](SetPlan& p) { p.targets.revenue->currency_code = "USD"; }),
            Reason::kCurrencyMismatch);
  EXPECT_EQ(reason([](SetPlan& p) { p.team = "Not an id"; }), Reason::kIdInvalid);
  EXPECT_EQ(ReasonIn(desk().GetPlan("none").status()), Reason::kPlanNotFound);
}

TEST_F(APlan, OfAStateThatIsGoneIsRefused) {
  const std::string etag = desk().SetPlan(QuarterPlan("anna"))->etag;
  ASSERT_TRUE(desk().SetPlan(QuarterPlan("anna")).ok());
  EXPECT_EQ(ReasonIn(desk(WithEtag(etag)).SetPlan(QuarterPlan("anna")).status()),
            Reason::kEtagMismatch);
}

}  // namespace
}  // namespace sales::testing
