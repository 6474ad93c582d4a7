// Erasing a contact: no byte of what was personal is left, and no figure changes.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sales/handoff.h"
#include "tests/engine/studio.h"
#include "tests/rigs/naive_report.h"

namespace sales::testing {
namespace {

// In every text that is about the person, in a form that folding leaves as it is.
constexpr char kCanary[] = "zqcanaryqz";

class Erasing : public Studio {
 protected:
  // A person with something personal in every place where there can be.
  CaptureLead Told(const std::string& name) const {
    const std::string canary = kCanary + name;
    CaptureLead lead;
    lead.contact.display_name = canary + " first";
    lead.contact.organization = canary + " org";
    lead.contact.attributes = {{"address", canary + " street"}};
    lead.contact.identities = {Email(canary + "@example.com"), Messenger("telegram", canary),
                               External("crm", canary), Phone("no number " + canary)};
    lead.need = canary + " need";
    lead.attributes = {{"size", canary}};
    lead.labels = {"vip"};
    lead.external_id = canary + "-row";
    lead.expected_value = Money{"EUR", 1000};
    return lead;
  }

  CaptureResult Live(const std::string& name) {
    const std::string canary = kCanary + name;
    const auto captured = desk(WithRequest("capture-" + name)).CaptureLead(Told(name));
    EXPECT_TRUE(captured.ok()) << captured.status();
    const std::string& lead = captured->lead.id;
    UpdateContact renamed;
    renamed.display_name = canary + " second";
    EXPECT_TRUE(
        desk(WithRequest("rename-" + name)).UpdateContact(captured->contact.id, renamed).ok());
    const LogActivity note = {ActivityKind::kCall, Direction::kOut, {}, canary + " said"};
    EXPECT_TRUE(desk(WithRequest("log-" + name)).LogActivity(lead, note).ok());
    UpdateLead resized;
    resized.attributes = std::map<std::string, std::string>{{"size", "smaller"}};
    EXPECT_TRUE(desk().UpdateLead(lead, resized).ok());
    EXPECT_TRUE(desk(WithRequest("stance-" + name))
                    .SetStance(lead, {Stance::kPursue, canary + " draws others"})
                    .ok());
    EXPECT_TRUE(desk().AgreeRequirements(lead, {canary + " wants"}).ok());
    EXPECT_TRUE(desk().SendProposal(lead, {canary + " gets", {"EUR", 900}, std::nullopt}).ok());
    DeclineLead refusal = Refusal();
    refusal.arguments = {canary + " better", canary + " price", canary + " differ"};
    refusal.alternatives = canary + " else";
    EXPECT_TRUE(desk().DeclineLead(lead, refusal).ok());
    EXPECT_TRUE(desk().ReopenLead(lead, {canary + " came back", "known"}).ok());
    EXPECT_TRUE(desk().LoseLead(lead, {"silence", canary + " rival"}).ok());
    HandOver(canary, captured->contact.id);
    return *captured;
  }

  // A further lead of the contact, planned for, won and handed over as far as texts go.
  void HandOver(const std::string& canary, const std::string& contact) {
    CaptureLead further;
    further.contact.id = contact;
    const std::string lead = desk().CaptureLead(further)->lead.id;
    PlanActivity next;
    next.due_time = clock_.Now() + absl::Hours(24);
    next.text = canary + " to be called";
    EXPECT_TRUE(desk(WithRequest("plan-" + lead)).PlanActivity(lead, next).ok());
    WinLead win;
    win.value = Money{"EUR", 700};
    win.override_reason = "signed at once";
    const auto won = desk().WinLead(lead, win);
    ASSERT_TRUE(won.ok()) << won.status();
    Introduction introduction;
    introduction.meet_time = clock_.Now();
    introduction.place = canary + " street";
    introduction.client_participants = {{canary + " client", canary + "@example.com", "", "owner"}};
    introduction.studio_participants = {{canary + " manager", "mira@example.com", "", "manager"}};
    for (const CompleteHandoffStep& step :
         {CompleteHandoffStep{introduction},
          CompleteHandoffStep{ProjectPrepared{"Redmine", "https://x.example/" + canary, {"mira"}}},
          CompleteHandoffStep{MaterialsShared{{{canary, "https://x.example/d"}}, {}, {}}},
          CompleteHandoffStep{Briefing{"mira", canary + " calls early"}}}) {
      const auto done = desk(WithRequest("step-" + lead + std::to_string(step.evidence.index())))
                            .CompleteHandoffStep(lead, step);
      EXPECT_TRUE(done.ok()) << done.status();
    }
  }

  // How often the canary stands in the store's files.
  int Traces() const {
    int traces = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << file.rdbuf();
      const std::string text = bytes.str();
      for (size_t at = text.find(kCanary); at != std::string::npos; at = text.find(kCanary, at + 1))
        ++traces;
    }
    return traces;
  }

  void ExpectSame(const FunnelReport& a, const FunnelReport& b) {
    for (const std::string& line : naive::Differences(a, b)) ADD_FAILURE() << line;
  }
  void ExpectSame(const ChannelReport& a, const ChannelReport& b) {
    for (const std::string& line : naive::Differences(a, b)) ADD_FAILURE() << line;
  }
};

TEST_F(Erasing, LeavesNoByteInTheFileTheLogOrTheEvents) {
  const CaptureResult one = Live("one");
  const CaptureResult two = Live("two");
  ASSERT_TRUE(desk(WithRequest("merge")).MergeContacts(one.contact.id, two.contact.id).ok());
  Capture("bystander");
  EXPECT_GT(Traces(), 0);
  ASSERT_TRUE(desk(WithRequest("erase")).EraseContact(one.contact.id).ok());
  ASSERT_TRUE(engine_->Vacuum().ok());
  EXPECT_EQ(Traces(), 0);
  for (const Event& event : Events()) {
    std::string text = event.actor + event.lead + event.contact + event.subject;
    for (const Change& change : event.changes) text += change.field + change.before + change.after;
    EXPECT_EQ(text.find(kCanary), std::string::npos) << text;
  }
  EXPECT_EQ(desk().FindContact(Email("bystander@example.com"))->display_name, "bystander");
  ExpectClean();
}

TEST_F(Erasing, ChangesNoFigure) {
  const CaptureResult one = Live("one");
  Live("two");
  const int64_t then = desk().GetWorkspace()->revision;
  const FunnelReport funnel = *desk().ReportFunnel({});
  const ChannelReport channels = *desk().ReportChannels({});
  ASSERT_TRUE(desk().EraseContact(one.contact.id).ok());
  ASSERT_TRUE(engine_->Vacuum().ok());
  ExpectSame(*desk().ReportFunnel({}), funnel);
  ExpectSame(*desk().ReportChannels({}), channels);
  ReportQuery of_then;
  of_then.as_of_revision = then;
  ExpectSame(*desk().ReportFunnel(of_then), funnel);
  ExpectSame(*desk().ReportChannels(of_then), channels);
  ExpectClean();
}

TEST_F(Erasing, KeepsThatThereWereTexts) {
  const CaptureResult one = Live("one");
  ASSERT_TRUE(desk().EraseContact(one.contact.id).ok());
  const Lead lead = *desk().GetLead(one.lead.id);
  EXPECT_EQ(lead.need, "[erased]");
  EXPECT_EQ(lead.attributes.size(), 0u);
  EXPECT_EQ(lead.labels, std::vector<std::string>{"vip"});
  EXPECT_EQ(lead.stance, Stance::kPursue);
  EXPECT_EQ(lead.stances.at(0).reason, "[erased]");
  EXPECT_EQ(lead.external_id, "");
  EXPECT_EQ(lead.outcomes[0].arguments.differ, "[erased]");
  EXPECT_EQ(lead.proposals[0].price->minor_units, 900);
  EXPECT_NE(lead.etag, one.lead.etag);
}

TEST_F(Erasing, MakesRoomForANewContactOfTheSameIdentity) {
  const CaptureResult one = Live("one");
  ASSERT_TRUE(desk().EraseContact(one.contact.id).ok());
  const auto again = desk().CaptureLead(Told("one"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->contact_created);
  EXPECT_EQ(again->lead.channel, kUnknownChannel);
}

TEST_F(Erasing, TakesTheAnswersOfRequestsAlong) {
  const CaptureResult one = Live("one");
  ASSERT_TRUE(desk(WithRequest("erase")).EraseContact(one.contact.id).ok());
  const auto repeated = desk(WithRequest("capture-one")).CaptureLead(Told("one"));
  EXPECT_EQ(ReasonIn(repeated.status()), Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk(WithRequest("capture-one")).CaptureLead(Told("two")).status()),
            Reason::kRequestIdReused);
}

TEST_F(Erasing, IsForGood) {
  const CaptureResult one = Live("one");
  const std::string other = Capture("other").contact.id;
  ASSERT_TRUE(desk().EraseContact(one.contact.id).ok());
  EXPECT_TRUE(desk().GetContact(one.contact.id)->erase_time.has_value());
  EXPECT_EQ(ReasonIn(desk().EraseContact(one.contact.id).status()), Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk().UpdateContact(one.contact.id, {}).status()), Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk().ExportContact(one.contact.id).status()), Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk().MergeContacts(other, one.contact.id).status()), Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk().RecordReferral({other, one.contact.id}).status()),
            Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk().ReopenLead(one.lead.id, {"x", "y"}).status()), Reason::kContactErased);
  UpdateLead update;
  update.need = "again";
  EXPECT_EQ(ReasonIn(desk().UpdateLead(one.lead.id, update).status()), Reason::kContactErased);
  CaptureLead by_id;
  by_id.contact.id = one.contact.id;
  EXPECT_EQ(ReasonIn(desk().CaptureLead(by_id).status()), Reason::kContactErased);
  EXPECT_EQ(ReasonIn(desk().EraseContact("nobody").status()), Reason::kContactNotFound);
}

TEST_F(Erasing, OfADocumentHoldsEverythingBefore) {
  const CaptureResult one = Live("one");
  const CaptureResult two = Live("two");
  ASSERT_TRUE(desk().MergeContacts(one.contact.id, two.contact.id).ok());
  const std::string document = *desk().ExportContact(one.contact.id);
  for (const char* part :
       {"one second", "one org", "one street", "one@example.com", "two need", "two said",
        "two wants", "two gets", "two better", "two differ", "two else", "two rival",
        "two came back", "two second", "two draws others"}) {
    EXPECT_NE(document.find(kCanary + std::string(part)), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace sales::testing
