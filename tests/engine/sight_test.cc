// What a seller sees of others' leads, and what that hides with them.
#include <set>
#include <string>
#include <vector>

#include "sales/handoff.h"
#include "sales/score.h"
#include "sales/team.h"
#include "tests/engine/team_studio.h"

namespace sales::testing {
namespace {

// Anna and Boris are of one team, Clara of another; each has a lead, and one is nobody's.
class Sight : public TeamStudio {
 protected:
  Sight() {
    for (const char* team : {"north", "south"}) EXPECT_TRUE(desk().CreateTeam({.id = team}).ok());
    Hire("anna", InTeam("north"));
    Hire("boris", InTeam("north"));
    Hire("clara", InTeam("south"));
    for (const std::string seller : {"anna", "boris", "clara", ""}) {
      CaptureLead capture = Person("Client of " + seller);
      capture.contact.identities = {Email((seller.empty() ? "nobody" : seller) + "@example.com")};
      capture.id = seller.empty() ? "nobodys" : seller + "s";
      capture.seller = seller;
      const auto captured = desk().CaptureLead(capture);
      EXPECT_TRUE(captured.ok()) << captured.status();
      contacts_[capture.id] = captured->lead.contact;
    }
  }

  void Show(LeadVisibility visibility) {
    UpdateWorkspace update;
    update.lead_visibility = visibility;
    const auto updated = desk().UpdateWorkspace(update);
    ASSERT_TRUE(updated.ok()) << updated.status();
    ASSERT_EQ(updated->lead_visibility, visibility);
  }

  Desk As(const std::string& seller) const { return desk({.actor = seller, .viewer = seller}); }

  // The leads that each way of asking shows; all ways show the same.
  std::set<std::string> Seen(const std::string& seller) const {
    std::set<std::string> listed;
    const auto leads = As(seller).ListLeads({.page_size = 1000});
    EXPECT_TRUE(leads.ok()) << leads.status();
    for (const Lead& lead : leads->items) listed.insert(lead.id);
    std::set<std::string> got;
    std::set<std::string> known;
    std::set<std::string> people;
    for (const auto& [lead, contact] : contacts_) {
      if (As(seller).GetLead(lead).ok()) got.insert(lead);
      if (As(seller).GetContact(contact).ok()) known.insert(lead);
    }
    const auto contacts = As(seller).ListContacts({.page_size = 1000});
    EXPECT_TRUE(contacts.ok()) << contacts.status();
    for (const Contact& contact : contacts->items) {
      for (const auto& [lead, id] : contacts_) {
        if (id == contact.id) people.insert(lead);
      }
    }
    std::set<std::string> told;
    const auto events = As(seller).ListEvents({.page_size = 1000});
    EXPECT_TRUE(events.ok()) << events.status();
    for (const Event& event : events->events) {
      if (!event.lead.empty()) told.insert(event.lead);
    }
    EXPECT_EQ(got, listed);
    EXPECT_EQ(known, listed);
    EXPECT_EQ(people, listed);
    EXPECT_EQ(told, listed);
    return listed;
  }

  std::map<std::string, std::string> contacts_;
};

using Leads = std::set<std::string>;

TEST_F(Sight, IsOfAllLeadsUnlessTheWorkspaceSaysOtherwise) {
  EXPECT_EQ(desk().GetWorkspace()->lead_visibility, LeadVisibility::kAll);
  EXPECT_EQ(Seen("anna"), (Leads{"annas", "boriss", "claras", "nobodys"}));
}

TEST_F(Sight, IsOfOnesTeamsLeads) {
  Show(LeadVisibility::kTeam);
  EXPECT_EQ(Seen("anna"), (Leads{"annas", "boriss"}));
  EXPECT_EQ(Seen("clara"), (Leads{"claras"}));
}

TEST_F(Sight, IsOfOnesOwnLeads) {
  Show(LeadVisibility::kOwn);
  EXPECT_EQ(Seen("anna"), (Leads{"annas"}));
}

TEST_F(Sight, OfOneWhoIsNoSellerYetIsOfWhatHeIsGiven) {
  Show(LeadVisibility::kTeam);
  EXPECT_EQ(Seen("dora"), Leads{});
  ASSERT_TRUE(desk().AssignLead("nobodys", {.seller = "dora"}).ok());
  EXPECT_EQ(Seen("dora"), (Leads{"nobodys"}));
}

TEST_F(Sight, FollowsALeadThatIsGivenToAnother) {
  Show(LeadVisibility::kOwn);
  ASSERT_TRUE(As("anna").AssignLead("annas", {.seller = "clara"}).ok());
  EXPECT_EQ(Seen("anna"), Leads{});
  EXPECT_EQ(Seen("clara"), (Leads{"annas", "claras"}));
}

TEST_F(Sight, OfCallersWhoAreNoSellersIsOfEverything) {
  Show(LeadVisibility::kOwn);
  EXPECT_EQ(desk().ListLeads({})->items.size(), 4u);
}

TEST_F(Sight, EndsWithWhatCanBeWritten) {
  Show(LeadVisibility::kOwn);
  const int64_t before = desk().GetWorkspace()->revision;
  const Desk anna = As("anna");
  const auto reason = [](const auto& result) { return ReasonOf(result.status()); };
  UpdateLead update;
  update.need = "a shop";
  const std::vector<Reason> reasons = {
      reason(anna.UpdateLead("claras", update)),
      reason(anna.AssignLead("claras", {.seller = "anna"})),
      reason(anna.AssignLead("nobodys", {})),
      reason(anna.CheckMove("claras")),
      reason(anna.AdvanceLead("claras", {.stage = "contacted"})),
      reason(anna.LogActivity("claras", {.kind = ActivityKind::kNote, .text = "x"})),
      reason(anna.AgreeRequirements("claras", {.text = "x"})),
      reason(anna.RequestProposal("claras")),
      reason(anna.SendProposal("claras", {.scope = "x", .price = {"EUR", 100}})),
      reason(anna.AnswerProposal("claras", {.version = 1, .answer = ProposalState::kAccepted})),
      reason(anna.DeclineLead("claras", {.reason = "price", .arguments = {.price = "x"}})),
      // That there is no such activity must not tell that there is such a lead.
      reason(anna.DeclineLead("claras",
                              {.reason = "price", .arguments = {.price = "x"}, .told_in = "none"})),
      reason(anna.LoseLead("claras", {.reason = "price"})),
      reason(anna.DisqualifyLead("claras", {.reason = "spam"})),
      reason(anna.NurtureLead("claras", {.reason = "later", .wake = absl::CivilDay(2027, 1, 1)})),
      reason(anna.WinLead("claras", {})),
      reason(anna.ReopenLead("claras", {.reason = "x"})),
      reason(anna.SetStance("claras", {.stance = Stance::kPursue, .reason = "x"})),
      reason(anna.AdviseLead("claras")),
      reason(anna.PlanActivity(
          "claras", {.kind = ActivityKind::kCall, .due_time = clock_.Now() + absl::Hours(1)})),
      reason(anna.CancelPlannedActivity("claras", {})),
      reason(anna.CompletePlannedActivity("claras", {})),
      reason(anna.ExplainAssignment("claras")),
  };
  for (size_t i = 0; i < reasons.size(); ++i) {
    EXPECT_EQ(reasons[i], Reason::kLeadNotFound) << i << ": " << ReasonName(reasons[i]);
  }
  const std::string contact = contacts_.at("claras");
  UpdateContact rename;
  rename.organization = "x";
  EXPECT_EQ(reason(anna.UpdateContact(contact, rename)), Reason::kContactNotFound);
  EXPECT_EQ(reason(anna.FindContact(Email("clara@example.com"))), Reason::kContactNotFound);
  EXPECT_EQ(reason(anna.ListReferrals(contact, {})), Reason::kContactNotFound);
  EXPECT_EQ(reason(anna.RecordReferral({contact, contacts_.at("annas")})),
            Reason::kContactNotFound);
  CaptureLead capture;
  capture.contact.id = contact;
  EXPECT_EQ(reason(anna.CaptureLead(capture)), Reason::kContactNotFound);
  EXPECT_EQ(desk().GetWorkspace()->revision, before);
}

TEST_F(Sight, OfAHiddenLeadIsAsOfNone) {
  Show(LeadVisibility::kOwn);
  EXPECT_EQ(As("anna").GetLead("claras").status(), As("anna").GetLead("none").status());
  EXPECT_EQ(As("anna").GetContact(contacts_.at("claras")).status(),
            As("anna").GetContact("none").status());
  EXPECT_EQ(As("anna").GetHandoff("claras").status(), As("anna").GetHandoff("none").status());
  EXPECT_EQ(As("anna").GetProject("claras").status(), As("anna").GetProject("none").status());
}

TEST_F(Sight, EndsWithHandoffsToo) {
  Show(LeadVisibility::kOwn);
  for (const char* lead : {"annas", "claras"}) {
    const auto won =
        desk().WinLead(lead, {.value = Money{"EUR", 100}, .override_reason = "an old client"});
    ASSERT_TRUE(won.ok()) << won.status();
  }
  const auto listed = As("anna").ListHandoffs({});
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->items.size(), 1u);
  EXPECT_EQ(listed->items[0].id, "annas");
  EXPECT_TRUE(As("anna").GetHandoff("annas").ok());
  EXPECT_EQ(ReasonOf(As("anna").GetHandoff("claras").status()), Reason::kHandoffNotFound);
  EXPECT_EQ(ReasonOf(As("anna").ExportHandoffPack("claras").status()), Reason::kHandoffNotFound);
}

TEST_F(Sight, KeepsPagesWhole) {
  for (int i = 0; i < 10; ++i) {
    CaptureLead capture = Person("More");
    capture.seller = i % 2 == 0 ? "anna" : "clara";
    ASSERT_TRUE(desk().CaptureLead(capture).ok());
  }
  Show(LeadVisibility::kOwn);
  size_t leads = 0;
  ListQuery query{.filter = "state = \"OPEN\"", .page_size = 2};
  do {
    const auto page = As("anna").ListLeads(query);
    ASSERT_TRUE(page.ok()) << page.status();
    leads += page->items.size();
    for (const Lead& lead : page->items) EXPECT_EQ(lead.seller, "anna");
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  EXPECT_EQ(leads, 6u);
}

}  // namespace
}  // namespace sales::testing
