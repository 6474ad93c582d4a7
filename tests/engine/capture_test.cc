#include "sales/report.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Capturing = Studio;

TEST_F(Capturing, AKnownIdentityInAnotherFormFindsTheContact) {
  CaptureLead first = Person("ivan");
  first.contact.identities = {Email("Ivan@Example.COM"), Phone("020 123 4567")};
  CaptureLead second = Person("ivan");
  second.contact.identities = {Phone("+31 20 1234567")};
  const auto made = desk().CaptureLead(first);
  const auto found = desk().CaptureLead(second);
  ASSERT_TRUE(made.ok() && found.ok());
  EXPECT_TRUE(made->contact_created);
  EXPECT_FALSE(found->contact_created);
  EXPECT_EQ(found->contact.id, made->contact.id);
  EXPECT_EQ(found->contact.lead_count, 2);
}

TEST_F(Capturing, IdentitiesOfTwoContactsGoToTheFirstAndTellOfTheOther) {
  const CaptureResult mail = Capture("anna");
  CaptureLead by_phone = Person("annie");
  by_phone.contact.identities = {Phone("+31201234567")};
  const auto phone = desk().CaptureLead(by_phone);
  CaptureLead both = Person("anna");
  both.contact.identities.insert(both.contact.identities.begin(), Phone("+31201234567"));
  const auto third = desk().CaptureLead(both);
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(third->contact.id, mail.contact.id);
  EXPECT_EQ(third->possible_duplicates, std::vector<std::string>{phone->contact.id});
}

TEST_F(Capturing, ANewIdentityOfAKnownContactIsKept) {
  Capture("anna");
  CaptureLead again = Person("anna");
  again.contact.identities.push_back(Phone("+31201234567"));
  ASSERT_TRUE(desk().CaptureLead(again).ok());
  const auto found = desk().FindContact(Phone("020-1234567"));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->identities.size(), 2u);
}

TEST_F(Capturing, WithoutAChannelIsReferralThenRepeatRequestThenUnknown) {
  const CaptureResult unknown = Capture("anna");
  EXPECT_EQ(unknown.lead.channel, kUnknownChannel);
  EXPECT_EQ(Capture("anna").lead.channel, kRepeatRequestChannel);
  CaptureLead referred = Person("boris");
  referred.referrer = unknown.contact.id;
  EXPECT_EQ(desk().CaptureLead(referred)->lead.channel, kReferralChannel);
}

TEST_F(Capturing, OnAChannelThatIsNotThereWritesNothing) {
  CaptureLead lead = Person("anna");
  lead.channel = "ads";
  EXPECT_EQ(ReasonIn(desk().CaptureLead(lead).status()), Reason::kChannelNotFound);
  EXPECT_EQ(desk().GetWorkspace()->revision, 1);
  EXPECT_EQ(ReasonIn(desk().FindContact(Email("anna@example.com")).status()),
            Reason::kContactNotFound);
}

TEST_F(Capturing, WithATakenExternalIdNamesTheLead) {
  CaptureLead lead = Person("anna");
  lead.external_id = "crm-1";
  const auto first = desk().CaptureLead(lead);
  const absl::Status second = desk().CaptureLead(lead).status();
  EXPECT_EQ(ReasonIn(second), Reason::kExternalIdTaken);
  EXPECT_EQ(DetailOf(second).metadata["lead"], first->lead.id);
}

TEST_F(Capturing, AfterADeclineComesOutOfIt) {
  const CaptureResult first = Capture("anna");
  ASSERT_TRUE(desk().DeclineLead(first.lead.id, Refusal()).ok());
  EXPECT_EQ(Capture("anna").lead.returned_from, first.lead.id);
  CaptureLead referred = Person("boris");
  referred.referrer = first.contact.id;
  EXPECT_EQ(desk().CaptureLead(referred)->lead.returned_from, first.lead.id);
  const auto report = desk().ReportChannels({});
  EXPECT_EQ(report->total.decline_yield.returned, 2);
  ExpectClean();
}

TEST_F(Capturing, ABatchIsAllOrNone) {
  std::vector<CaptureLead> batch = {Person("anna"), Person("boris")};
  batch[1].channel = "ads";
  const absl::Status refused = desk().BatchCaptureLeads(batch).status();
  EXPECT_EQ(DetailOf(refused).metadata["index"], "1");
  EXPECT_EQ(desk().GetWorkspace()->revision, 1);
  batch[1].channel.clear();
  ASSERT_TRUE(desk().BatchCaptureLeads(batch).ok());
  EXPECT_EQ(desk().GetWorkspace()->revision, 2);
}

TEST_F(Capturing, FromTheFutureIsRefusedBeyondFiveMinutes) {
  CaptureLead lead = Person("anna");
  lead.receive_time = clock_.Now() + absl::Minutes(6);
  EXPECT_EQ(ReasonIn(desk().CaptureLead(lead).status()), Reason::kTimeInFuture);
  lead.receive_time = clock_.Now() + absl::Minutes(4);
  EXPECT_TRUE(desk().CaptureLead(lead).ok());
}

ImportLead PastLead(const std::string& id, absl::Time received) {
  ImportLead row;
  row.capture.contact.identities = {External("old-crm", id)};
  row.capture.external_id = id;
  row.capture.need = "a shop";
  row.capture.receive_time = received;
  row.steps = {{received + absl::Hours(1),
                LogActivity{ActivityKind::kCall, Direction::kOut, absl::Minutes(3), "called"}},
               {received + absl::Hours(2), AdvanceLead{"contacted", "", ""}},
               {received + absl::Hours(3), LoseLead{"silence", ""}}};
  return row;
}

TEST_F(Capturing, AnImportedRowIsWrittenOnceHoweverOftenItIsSent) {
  const std::vector<ImportLead> rows = {PastLead("1", clock_.Now() - absl::Hours(90)),
                                        PastLead("2", clock_.Now() - absl::Hours(80))};
  const auto first = desk().ImportLeads(rows);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)[0].outcome, ImportOutcome::kImported) << (*first)[0].status;
  const int64_t revision = desk().GetWorkspace()->revision;
  const auto second = desk().ImportLeads(rows);
  EXPECT_EQ((*second)[1].outcome, ImportOutcome::kUnchanged);
  EXPECT_EQ((*second)[1].lead, (*first)[1].lead);
  EXPECT_EQ(desk().GetWorkspace()->revision, revision);
  const auto lead = desk().GetLead((*first)[0].lead);
  EXPECT_EQ(lead->state, LeadState::kLost);
  EXPECT_EQ(lead->visits.size(), 2u);
  EXPECT_EQ(lead->first_response_time, rows[0].steps[0].occur_time);
  ExpectClean();
}

TEST_F(Capturing, AnImportedRowWithOtherContentUnderAKnownIdIsRefused) {
  const std::vector<ImportLead> rows = {PastLead("1", clock_.Now() - absl::Hours(90)),
                                        PastLead("1", clock_.Now() - absl::Hours(80))};
  const auto results = desk().ImportLeads(rows);
  EXPECT_EQ((*results)[0].outcome, ImportOutcome::kImported);
  EXPECT_EQ((*results)[1].outcome, ImportOutcome::kRejected);
  EXPECT_EQ(ReasonIn((*results)[1].status), Reason::kExternalIdTaken);
}

TEST_F(Capturing, ARefusedStepRejectsItsRowAloneAndWhole) {
  std::vector<ImportLead> rows = {PastLead("1", clock_.Now() - absl::Hours(90)),
                                  PastLead("2", clock_.Now() - absl::Hours(80))};
  rows[0].steps[1].command = AdvanceLead{"contract", "", ""};
  const auto results = desk().ImportLeads(rows);
  EXPECT_EQ(ReasonIn((*results)[0].status), Reason::kGuardUnmet);
  EXPECT_EQ((*results)[1].outcome, ImportOutcome::kImported);
  EXPECT_EQ(desk().ReportFunnel({})->received, 1);
  ExpectClean();
}

}  // namespace
}  // namespace sales::testing
