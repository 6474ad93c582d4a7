// Consent, referrals and duplicates of contacts.
#include <algorithm>

#include "sales/duplicate.h"
#include "sales/handoff.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Contacts = Studio;

const LogActivity kMailOut = {ActivityKind::kEmail, Direction::kOut, {}, "offer"};
const LogActivity kCallOut = {ActivityKind::kCall, Direction::kOut, {}, "called"};

UpdateContact Refusing(std::optional<absl::Time> time = std::nullopt) {
  UpdateContact update;
  update.do_not_email = Consent{true, "unsubscribe-link", time};
  return update;
}

Call At(absl::Time time) {
  Call call;
  call.occur_time = time;
  return call;
}

TEST_F(Contacts, AnOutboundEMailAgainstTheWishIsRefused) {
  const CaptureResult anna = Capture("anna");
  ASSERT_TRUE(desk().UpdateContact(anna.contact.id, Refusing()).ok());
  EXPECT_EQ(ReasonIn(desk().LogActivity(anna.lead.id, kMailOut).status()), Reason::kDoNotContact);
  EXPECT_TRUE(desk().LogActivity(anna.lead.id, kCallOut).ok());
}

TEST_F(Contacts, AnOutboundCallAgainstTheWishIsRefused) {
  const CaptureResult anna = Capture("anna");
  UpdateContact update;
  update.do_not_call = Consent{true, "by-phone", std::nullopt};
  ASSERT_TRUE(desk().UpdateContact(anna.contact.id, update).ok());
  EXPECT_EQ(ReasonIn(desk().LogActivity(anna.lead.id, kCallOut).status()), Reason::kDoNotContact);
  EXPECT_TRUE(desk().LogActivity(anna.lead.id, kMailOut).ok());
}

TEST_F(Contacts, AMailOutTouchesNobodyWhereSomebodyRefusesMails) {
  const std::string anna = Capture("anna").contact.id;
  const std::string boris = Capture("boris").contact.id;
  const std::string clara = Capture("clara").contact.id;
  for (const std::string& contact : {anna, clara}) {
    ASSERT_TRUE(desk().UpdateContact(contact, Refusing()).ok());
  }
  ASSERT_TRUE(desk().CreateChannel({"mail", "", Outreach::kEmail}).ok());
  ASSERT_TRUE(desk().CreateChannel({"phone", "", Outreach::kCall}).ok());
  for (const char* const channel : {"mail", "phone"}) {
    ASSERT_TRUE(desk().CreateCampaign({channel, "may", "", 0}).ok());
  }
  const absl::Status refused = desk().RecordTouches({"mail", "may", {anna, boris, clara}}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kDoNotContact);
  EXPECT_EQ(DetailOf(refused).metadata.at("contacts"), anna + "," + clara);
  EXPECT_EQ(desk().RecordTouches({"mail", "may", {boris}})->newly_reached, 1);
  EXPECT_EQ(desk().RecordTouches({"phone", "may", {anna, boris, clara}})->newly_reached, 3);
  UpdateChannel quiet;
  quiet.outreach = static_cast<Outreach>(9);
  EXPECT_EQ(ReasonIn(desk().UpdateChannel("mail", quiet).status()), Reason::kEnumUnknown);
  ExpectClean();
}

TEST_F(Contacts, APlannedEMailIsNotCompletedAgainstTheWish) {
  const CaptureResult anna = Capture("anna");
  PlanActivity plan;
  plan.kind = ActivityKind::kEmail;
  plan.due_time = clock_.Now() + absl::Hours(1);
  const auto planned = desk().PlanActivity(anna.lead.id, plan);
  ASSERT_TRUE(planned.ok()) << planned.status();
  ASSERT_TRUE(desk().UpdateContact(anna.contact.id, Refusing()).ok());
  CompletePlannedActivity completion;
  completion.planned_activity = planned->planned_activities.at(0).id;
  completion.activity.direction = Direction::kOut;
  const auto done = desk().CompletePlannedActivity(anna.lead.id, completion);
  EXPECT_EQ(ReasonIn(done.status()), Reason::kDoNotContact);
}

TEST_F(Contacts, OfAnErasedOneNoHandoffGoesOn) {
  const CaptureResult anna = Capture("anna");
  ASSERT_TRUE(desk().WinLead(anna.lead.id, {Money{"EUR", 900}, "signed by hand"}).ok());
  ASSERT_TRUE(desk().EraseContact(anna.contact.id).ok());
  EXPECT_EQ(ReasonIn(desk().CompleteHandoffStep(anna.lead.id, {Introduction{}}).status()),
            Reason::kContactErased);
}

TEST_F(Contacts, WhatWentOutBeforeTheWishMayBeRecordedLate) {
  const CaptureResult anna = Capture("anna");
  clock_.Turn(absl::Hours(2));
  ASSERT_TRUE(desk().UpdateContact(anna.contact.id, Refusing(clock_.Now() - absl::Hours(1))).ok());
  EXPECT_TRUE(desk(At(clock_.Now() - absl::Minutes(90))).LogActivity(anna.lead.id, kMailOut).ok());
  EXPECT_EQ(
      ReasonIn(
          desk(At(clock_.Now() - absl::Minutes(30))).LogActivity(anna.lead.id, kMailOut).status()),
      Reason::kDoNotContact);
}

TEST_F(Contacts, AnImportIsHeldToTheWishToo) {
  const CaptureResult anna = Capture("anna");
  ASSERT_TRUE(desk().UpdateContact(anna.contact.id, Refusing(clock_.Now())).ok());
  clock_.Turn(absl::Hours(1));
  ImportLead row;
  row.capture = Person("anna");
  row.capture.external_id = "row";
  row.capture.receive_time = clock_.Now();
  row.steps.push_back({clock_.Now(), kMailOut});
  const auto results = desk().ImportLeads({row});
  ASSERT_TRUE(results.ok());
  EXPECT_EQ(ReasonIn((*results)[0].status), Reason::kDoNotContact);
}

TEST_F(Contacts, AWishInTheFutureIsRefused) {
  const CaptureResult anna = Capture("anna");
  const auto refused =
      desk().UpdateContact(anna.contact.id, Refusing(clock_.Now() + absl::Hours(1)));
  EXPECT_EQ(ReasonIn(refused.status()), Reason::kTimeInFuture);
}

TEST_F(Contacts, AttributesOfACaptureFillInWhatIsNotKnown) {
  CaptureLead lead = Person("anna");
  lead.contact.attributes = {{"city", "Utrecht"}};
  ASSERT_TRUE(desk().CaptureLead(lead).ok());
  lead.contact.attributes = {{"city", "Delft"}, {"birthday", "1990-01-01"}};
  const auto again = desk().CaptureLead(lead);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->contact.attributes.at("city"), "Utrecht");
  EXPECT_EQ(again->contact.attributes.at("birthday"), "1990-01-01");
}

TEST_F(Contacts, WhoSentSomebodyIsNotSentByHim) {
  const std::string a = Capture("a").contact.id;
  const std::string b = Capture("b").contact.id;
  const std::string c = Capture("c").contact.id;
  ASSERT_TRUE(desk().RecordReferral({a, b}).ok());
  CaptureLead by_capture = Person("c");
  by_capture.referrer = b;
  ASSERT_TRUE(desk().CaptureLead(by_capture).ok());
  EXPECT_EQ(ReasonIn(desk().RecordReferral({c, a}).status()), Reason::kReferralCycle);
  CaptureLead cycle = Person("a");
  cycle.referrer = c;
  EXPECT_EQ(ReasonIn(desk().CaptureLead(cycle).status()), Reason::kReferralCycle);
  EXPECT_EQ(ReasonIn(desk().RecordReferral({a, a}).status()), Reason::kReferralCycle);
}

TEST_F(Contacts, ReferralsAreListedByPages) {
  const std::string a = Capture("a").contact.id;
  for (const char* name : {"b", "c", "d"}) {
    CaptureLead lead = Person(name);
    lead.referrer = a;
    const auto captured = desk().CaptureLead(lead);
    ASSERT_TRUE(captured.ok());
    ASSERT_TRUE(desk().RecordReferral({a, captured->contact.id}).ok());
  }
  ListQuery query;
  query.page_size = 4;
  const auto first = desk().ListReferrals(a, query);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->items.size(), 4u);
  query.page_token = first->next_page_token;
  const auto rest = desk().ListReferrals(a, query);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->items.size(), 2u);
  EXPECT_EQ(rest->next_page_token, "");
}

CaptureLead Known(const std::string& name, const std::string& organization,
                  const std::string& birthday) {
  CaptureLead lead;
  lead.contact.display_name = name;
  lead.contact.organization = organization;
  if (!birthday.empty()) lead.contact.attributes["date_of_birth"] = birthday;
  return lead;
}

TEST_F(Contacts, DuplicatesComeTheSurestFirstAndByPages) {
  for (int i = 0; i < 3; ++i) {
    const std::string name = std::string("Анна Иванов") + std::string(i, 'a') + "а";
    ASSERT_TRUE(desk().CaptureLead(Known(name, "Ромашка", "1990-05-06")).ok());
  }
  ASSERT_TRUE(desk().CaptureLead(Known("Pieter de Vries", "Kaas", "1971-03-02")).ok());
  const auto all = desk().ListDuplicates({});
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->items.size(), 3u);
  EXPECT_TRUE(
      std::is_sorted(all->items.begin(), all->items.end(),
                     [](const Duplicate& a, const Duplicate& b) { return a.score > b.score; }));
  DuplicateQuery query;
  query.page_size = 1;
  for (const Duplicate& expected : all->items) {
    const auto page = desk().ListDuplicates(query);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_EQ(page->items.size(), 1u);
    EXPECT_EQ(page->items[0].contact, expected.contact);
    EXPECT_EQ(page->items[0].other, expected.other);
    query.page_token = page->next_page_token;
  }
  EXPECT_EQ(query.page_token, "");
}

TEST_F(Contacts, ADismissedPairDoesNotComeAgain) {
  const auto a = desk().CaptureLead(Known("Анна Иванова", "Ромашка", "1990-05-06"));
  const auto b = desk().CaptureLead(Known("Иванова Анна", "Ромашка", "1990-05-06"));
  ASSERT_EQ(desk().ListDuplicates({})->items.size(), 1u);
  ASSERT_TRUE(desk().DismissDuplicate(b->contact.id, a->contact.id).ok());
  EXPECT_EQ(desk().ListDuplicates({})->items.size(), 0u);
  UpdateContact update;
  update.organization = "ООО Ромашка";
  ASSERT_TRUE(desk().UpdateContact(a->contact.id, update).ok());
  EXPECT_EQ(desk().ListDuplicates({})->items.size(), 0u);
}

TEST_F(Contacts, AContactIsLookedForByWhatItIsNow) {
  const auto a = desk().CaptureLead(Known("Анна Иванова", "Ромашка", "1990-05-06"));
  const auto b = desk().CaptureLead(Known("Pieter de Vries", "Kaas", "1971-03-02"));
  EXPECT_EQ(desk().ListDuplicates({})->items.size(), 0u);
  UpdateContact update;
  update.display_name = "Анна Иванова";
  update.organization = "Ромашка";
  update.attributes = a->contact.attributes;
  ASSERT_TRUE(desk().UpdateContact(b->contact.id, update).ok());
  EXPECT_EQ(desk().ListDuplicates({})->items.size(), 1u);
  DuplicateQuery of_b;
  of_b.contact = b->contact.id;
  EXPECT_EQ(desk().ListDuplicates(of_b)->items.size(), 1u);
  update.display_name = "Wim Kan";
  update.organization = "";
  update.attributes->clear();
  ASSERT_TRUE(desk().UpdateContact(b->contact.id, update).ok());
  EXPECT_EQ(desk().ListDuplicates({})->items.size(), 0u);
}

TEST_F(Contacts, DuplicatesOfAnotherWorkspaceAreNone) {
  CreateWorkspace other;
  other.id = "other";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  ASSERT_TRUE(desk().CaptureLead(Known("Анна Иванова", "Ромашка", "1990-05-06")).ok());
  ASSERT_TRUE(
      engine_->At("other").CaptureLead(Known("Анна Иванова", "Ромашка", "1990-05-06")).ok());
  EXPECT_EQ(desk().ListDuplicates({})->items.size(), 0u);
}

}  // namespace
}  // namespace sales::testing
