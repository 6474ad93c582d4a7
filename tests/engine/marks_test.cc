// What people note on leads: stances, expectations and labels.
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Texts = std::vector<std::string>;

class Marks : public Studio {
 protected:
  CaptureResult CaptureWith(const std::string& name, Texts labels) const {
    CaptureLead lead = Person(name);
    lead.id = name;
    lead.labels = std::move(labels);
    const auto captured = desk().CaptureLead(lead);
    EXPECT_TRUE(captured.ok()) << captured.status();
    return *captured;
  }

  Lead Relabel(const std::string& lead, Texts labels) const {
    UpdateLead update;
    update.labels = std::move(labels);
    const auto changed = desk().UpdateLead(lead, update);
    EXPECT_TRUE(changed.ok()) << changed.status();
    return *changed;
  }

  Texts Found(const std::string& filter) const {
    ListQuery query;
    query.filter = filter;
    const auto page = desk().ListLeads(query);
    EXPECT_TRUE(page.ok()) << page.status();
    Texts ids;
    for (const Lead& lead : page->items) ids.push_back(lead.id);
    return ids;
  }

  std::string Told(EventType type, const std::string& field) const {
    std::string told;
    for (const Event& event : Events()) {
      if (event.type != type) continue;
      for (const Change& change : event.changes) {
        if (change.field == field) told += change.before + ">" + change.after + ";";
      }
    }
    return told;
  }
};

TEST_F(Marks, AStanceIsKeptWithItsHistoryAndItsReason) {
  const std::string lead = Capture("anna").lead.id;
  Call boris;
  boris.actor = "boris";
  ASSERT_TRUE(desk(boris).SetStance(lead, {Stance::kPursue, "a name that draws others"}).ok());
  clock_.Turn(absl::Hours(1));
  ASSERT_TRUE(desk().AdvanceLead(lead, {"contacted", "", ""}).ok());
  const auto last = desk().SetStance(lead, {Stance::kLetGo, "he wants it for nothing"});
  ASSERT_TRUE(last.ok()) << last.status();
  Reopen();
  const Lead read = *desk().GetLead(lead);
  EXPECT_EQ(read.stance, Stance::kLetGo);
  ASSERT_EQ(read.stances.size(), 2u);
  EXPECT_EQ(read.stances[0].stance, Stance::kPursue);
  EXPECT_EQ(read.stances[0].reason, "a name that draws others");
  EXPECT_EQ(read.stances[0].stage, "new");
  EXPECT_EQ(read.stances[0].actor, "boris");
  EXPECT_EQ(read.stances[1].stage, "contacted");
  EXPECT_EQ(read.stances[1].occur_time, clock_.Now());
  EXPECT_EQ(read.etag, last->etag);
  EXPECT_EQ(Told(EventType::kStanceSet, "stance"), ">PURSUE;PURSUE>LET_GO;");
  ExpectClean();
}

TEST_F(Marks, AStanceIsTakenOnceForARequest) {
  const std::string lead = Capture("anna").lead.id;
  const SetStance stance = {Stance::kSteady, "as the others"};
  const auto first = desk(WithRequest("r")).SetStance(lead, stance);
  const auto again = desk(WithRequest("r")).SetStance(lead, stance);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->stances.size(), 1u);
  EXPECT_EQ(again->etag, first->etag);
  EXPECT_EQ(
      ReasonIn(desk(WithRequest("r")).SetStance(lead, {Stance::kPursue, "as the others"}).status()),
      Reason::kRequestIdReused);
  EXPECT_EQ(ReasonIn(desk(WithEtag("0")).SetStance(lead, stance).status()), Reason::kEtagMismatch);
}

TEST_F(Marks, StancesAreImportedWithALeadsPast) {
  ImportLead row;
  row.capture = Person("anna");
  row.capture.external_id = "a";
  row.capture.labels = {"vip"};
  row.capture.receive_time = clock_.Now() - absl::Hours(9);
  LogActivity call = {ActivityKind::kCall, Direction::kIn, {}, "wants it all"};
  call.expectation = 5;
  row.steps = {{clock_.Now() - absl::Hours(8), call},
               {clock_.Now() - absl::Hours(7), SetStance{Stance::kPursue, "a name"}}};
  auto result = desk().ImportLeads({row})->at(0);
  ASSERT_EQ(result.outcome, ImportOutcome::kImported) << result.status;
  const Lead lead = *desk().GetLead(result.lead);
  EXPECT_EQ(lead.stance, Stance::kPursue);
  EXPECT_EQ(lead.stances.at(0).occur_time, clock_.Now() - absl::Hours(7));
  EXPECT_EQ(lead.labels, Texts{"vip"});
  EXPECT_EQ(Found("labels:vip"), Texts{lead.id});
  EXPECT_EQ(Told(EventType::kActivityLogged, "expectation"), ">5;");
  EXPECT_EQ(desk().ImportLeads({row})->at(0).outcome, ImportOutcome::kUnchanged);
  row.capture.labels = {"late"};
  EXPECT_EQ(ReasonIn(desk().ImportLeads({row})->at(0).status), Reason::kExternalIdTaken);
  ExpectClean();
}

TEST_F(Marks, AnExpectationIsKeptWithItsActivity) {
  const CaptureResult captured = Capture("anna");
  LogActivity call = {ActivityKind::kCall, Direction::kIn, {}, "wants it all"};
  call.expectation = 5;
  const auto logged = desk(WithRequest("r")).LogActivity(captured.lead.id, call);
  ASSERT_TRUE(logged.ok()) << logged.status();
  EXPECT_EQ(logged->activity.expectation, 5);
  EXPECT_EQ(desk(WithRequest("r")).LogActivity(captured.lead.id, call)->activity.expectation, 5);
  call.expectation = 4;
  EXPECT_EQ(ReasonIn(desk(WithRequest("r")).LogActivity(captured.lead.id, call).status()),
            Reason::kRequestIdReused);
  const std::string document = *desk().ExportContact(captured.contact.id);
  EXPECT_NE(document.find("\"expectation\": 5"), std::string::npos) << document;
}

TEST_F(Marks, ACompletedNextStepMayTellAnExpectation) {
  const std::string lead = Capture("anna").lead.id;
  PlanActivity plan;
  plan.kind = ActivityKind::kMeeting;
  plan.due_time = clock_.Now() + absl::Hours(1);
  ASSERT_TRUE(desk().PlanActivity(lead, plan).ok());
  CompletePlannedActivity done;
  done.planned_activity = "1";
  done.activity.direction = Direction::kIn;
  done.activity.expectation = 6;
  EXPECT_EQ(DetailOf(desk().CompletePlannedActivity(lead, done).status()).fields.at(0).field,
            "activity.expectation");
  done.activity.expectation = 2;
  EXPECT_EQ(desk().CompletePlannedActivity(lead, done)->activity.expectation, 2);
}

TEST_F(Marks, LabelsFindTheirLeads) {
  CaptureWith("anna", {"vip", "late"});
  clock_.Turn(absl::Minutes(1));
  CaptureWith("boris", {"late"});
  clock_.Turn(absl::Minutes(1));
  CaptureWith("clara", {});
  EXPECT_EQ(Found("labels:late"), (Texts{"anna", "boris"}));
  EXPECT_EQ(Found("labels:\"vip\""), Texts{"anna"});
  EXPECT_EQ(Found("labels:lat"), Texts{});
  EXPECT_EQ(Found("labels:*"), (Texts{"anna", "boris"}));
  EXPECT_EQ(Found("NOT labels:*"), Texts{"clara"});
  EXPECT_EQ(Found("labels:late AND -labels:vip"), Texts{"boris"});
  EXPECT_EQ(Found("labels:vip OR stage = new"), (Texts{"anna", "boris", "clara"}));
}

TEST_F(Marks, LabelsThatAreTakenAwayFindNothing) {
  const std::string lead = CaptureWith("anna", {"vip", "late"}).lead.id;
  EXPECT_EQ(Relabel(lead, {"vip", "new"}).labels, (Texts{"new", "vip"}));
  EXPECT_EQ(Found("labels:late"), Texts{});
  EXPECT_EQ(Found("labels:new"), Texts{"anna"});
  EXPECT_EQ(Relabel(lead, {}).labels, Texts{});
  EXPECT_EQ(Found("labels:*"), Texts{});
  EXPECT_EQ(Told(EventType::kLeadUpdated, "labels"), "late vip>new vip;new vip>;");
  ExpectClean();
}

TEST_F(Marks, LabelsAreOfTheirWorkspaceOnly) {
  CreateWorkspace other;
  other.id = "other";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  CaptureWith("anna", {"vip"});
  CaptureLead lead = Person("anna");
  lead.id = "anna";
  ASSERT_TRUE(engine_->At("other").CaptureLead(lead).ok());
  ListQuery query;
  query.filter = "labels:vip";
  EXPECT_TRUE(engine_->At("other").ListLeads(query)->items.empty());
}

TEST_F(Marks, LabelsArePartOfACapturesFingerprint) {
  CaptureLead lead = Person("anna");
  lead.labels = {"vip"};
  ASSERT_TRUE(desk(WithRequest("r")).CaptureLead(lead).ok());
  EXPECT_EQ(desk(WithRequest("r")).CaptureLead(lead)->lead.labels, Texts{"vip"});
  lead.labels = {"late"};
  EXPECT_EQ(ReasonIn(desk(WithRequest("r")).CaptureLead(lead).status()), Reason::kRequestIdReused);
}

}  // namespace
}  // namespace sales::testing
