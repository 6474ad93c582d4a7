// Handoffs as they are kept: as answers, and when a contact is to be forgotten.
#include "src/store/handoff_rows.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "sales/engine.h"
#include "sales/plan.h"
#include "src/sql/driver.h"
#include "src/store/answers.h"
#include "src/store/migrations/migrations.h"
#include "tests/store/scratch.h"

namespace sales::store {
namespace {

absl::Time At(int64_t micros) { return absl::FromUnixMicros(1'600'000'000'000'000 + micros); }

Handoff FullHandoff() {
  Handoff handoff;
  handoff.id = "l1";
  handoff.state = HandoffState::kAccepted;
  handoff.contact = "c1";
  handoff.seller = "anna";
  handoff.manager = "mira";
  handoff.introduction = Introduction{At(1),
                                      absl::Minutes(90),
                                      "Амстердам",
                                      {{"Иван", "i@x.org", "+31 20", "owner"}},
                                      {{"Mira", "m@x.org", "+31 21", "manager"}}};
  handoff.project_prepared = ProjectPrepared{"Redmine", "https://x.org/p", {"a", "b"}};
  handoff.materials_shared = MaterialsShared{
      {{"D", "https://x.org/d"}}, {{"R", "https://x.org/r"}}, {{"A", "https://x.org/a"}}};
  handoff.briefing = Briefing{"mira", "text"};
  handoff.completed_steps = {{HandoffStep::kMaterialsShared, "anna", At(2)}};
  handoff.returns = {{"mira", At(3), "access", {HandoffStep::kIntroduction}}};
  handoff.open_time = At(4);
  handoff.introduction_due_time = At(5);
  handoff.accept_due_time = At(6);
  handoff.accept_time = At(7);
  handoff.create_time = At(8);
  handoff.update_time = At(9);
  handoff.revision = 10;
  handoff.etag = "10";
  return handoff;
}

template <typename Answer>
Answer Kept(const Answer& answer) {
  Answer back;
  const std::string text = EncodeAnswer(answer);
  EXPECT_TRUE(DecodeAnswer(text, &back).ok()) << text;
  EXPECT_EQ(EncodeAnswer(back), text);
  return back;
}

void ExpectFullHandoff(const Handoff& handoff) {
  EXPECT_EQ(handoff.id, "l1");
  EXPECT_EQ(handoff.state, HandoffState::kAccepted);
  EXPECT_EQ(handoff.contact, "c1");
  EXPECT_EQ(handoff.seller, "anna");
  EXPECT_EQ(handoff.manager, "mira");
  EXPECT_EQ(handoff.introduction->meet_time, At(1));
  EXPECT_EQ(handoff.introduction->duration, absl::Minutes(90));
  EXPECT_EQ(handoff.introduction->place, "Амстердам");
  const Participant& client = handoff.introduction->client_participants.at(0);
  EXPECT_EQ(client.display_name + client.email + client.phone + client.role,
            "Иванi@x.org+31 20owner");
  EXPECT_EQ(handoff.introduction->studio_participants.at(0).display_name, "Mira");
  EXPECT_EQ(handoff.project_prepared->planner, "Redmine");
  EXPECT_EQ(handoff.project_prepared->project_link, "https://x.org/p");
  EXPECT_EQ(handoff.project_prepared->members, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(handoff.materials_shared->documents.at(0).title, "D");
  EXPECT_EQ(handoff.materials_shared->requirements.at(0).uri, "https://x.org/r");
  EXPECT_EQ(handoff.materials_shared->access.at(0).title, "A");
  EXPECT_EQ(handoff.briefing->manager, "mira");
  EXPECT_EQ(handoff.briefing->text, "text");
  EXPECT_EQ(handoff.completed_steps.at(0).step, HandoffStep::kMaterialsShared);
  EXPECT_EQ(handoff.completed_steps.at(0).actor, "anna");
  EXPECT_EQ(handoff.completed_steps.at(0).complete_time, At(2));
  EXPECT_EQ(handoff.returns.at(0).actor, "mira");
  EXPECT_EQ(handoff.returns.at(0).return_time, At(3));
  EXPECT_EQ(handoff.returns.at(0).missing, "access");
  EXPECT_EQ(handoff.returns.at(0).steps.at(0), HandoffStep::kIntroduction);
  EXPECT_EQ(handoff.open_time, At(4));
  EXPECT_EQ(handoff.introduction_due_time, At(5));
  EXPECT_EQ(handoff.accept_due_time, At(6));
  EXPECT_EQ(handoff.accept_time, At(7));
  EXPECT_EQ(handoff.create_time, At(8));
  EXPECT_EQ(handoff.update_time, At(9));
  EXPECT_EQ(handoff.revision, 10);
  EXPECT_EQ(handoff.etag, "10");
}

Project FullProject() {
  Project project;
  project.id = "l1";
  project.state = ProjectState::kClosed;
  project.client = "c1";
  project.manager = "mira";
  project.seller = "anna";
  project.members = {"a", "b"};
  project.selling_members = {"b"};
  project.satisfaction = 5;
  project.open_time = At(1);
  project.close_time = At(2);
  project.create_time = At(3);
  project.update_time = At(4);
  project.revision = 5;
  project.etag = "5";
  return project;
}

void ExpectFullProject(const Project& project) {
  EXPECT_EQ(project.id, "l1");
  EXPECT_EQ(project.state, ProjectState::kClosed);
  EXPECT_EQ(project.client, "c1");
  EXPECT_EQ(project.manager, "mira");
  EXPECT_EQ(project.seller, "anna");
  EXPECT_EQ(project.members, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(project.selling_members, std::vector<std::string>{"b"});
  EXPECT_EQ(project.satisfaction, 5);
  EXPECT_EQ(project.open_time, At(1));
  EXPECT_EQ(project.close_time, At(2));
  EXPECT_EQ(project.create_time, At(3));
  EXPECT_EQ(project.update_time, At(4));
  EXPECT_EQ(project.revision, 5);
  EXPECT_EQ(project.etag, "5");
}

TEST(Answers, OfAnAcceptanceKeepEveryField) {
  const AcceptedHandoff kept = Kept(AcceptedHandoff{FullHandoff(), FullProject()});
  ExpectFullHandoff(kept.handoff);
  ExpectFullProject(kept.project);
  ExpectFullHandoff(Kept(FullHandoff()));
}

TEST(Answers, OfRequestedWorkKeepEveryField) {
  RequestedWork requested;
  requested.lead.id = "l2";
  requested.lead.project = "l1";
  requested.project = FullProject();
  const RequestedWork kept = Kept(requested);
  EXPECT_EQ(kept.lead.project, "l1");
  ExpectFullProject(kept.project);
}

TEST(Answers, OfAPlanKeepEveryField) {
  Plan plan;
  plan.id = "p1";
  plan.quarter = "2026-Q1";
  plan.team = "design";
  plan.seller = "anna";
  plan.targets = {Money{"EUR", 1}, 0, 2, 3, 4, 5};
  plan.create_time = At(1);
  plan.update_time = At(2);
  plan.revision = 3;
  plan.etag = "3";
  const Plan kept = Kept(plan);
  EXPECT_EQ(kept.id + kept.quarter + kept.team + kept.seller + kept.etag, "p12026-Q1designanna3");
  EXPECT_EQ(kept.targets.revenue, plan.targets.revenue);
  EXPECT_EQ(kept.targets.won, 0);
  EXPECT_EQ(kept.targets.leads, 2);
  EXPECT_EQ(kept.targets.response_within_limit, 3);
  EXPECT_EQ(kept.targets.proposal_within_limit, 4);
  EXPECT_EQ(kept.targets.conversion, 5);
  EXPECT_EQ(kept.create_time, At(1));
  EXPECT_EQ(kept.update_time, At(2));
  EXPECT_EQ(kept.revision, 3);
}

// A store with a handoff on which everything was written, made by the engine.
std::string MakeStore(const EngineOptions& options) {
  absl::StatusOr<Engine> engine = Engine::Open(options);
  CreateWorkspace workspace;
  workspace.id = "studio";
  EXPECT_TRUE(engine->CreateWorkspace(workspace).ok());
  Call call;
  call.actor = "mira";
  const Desk desk = engine->At("studio", call);
  CaptureLead capture;
  capture.contact.display_name = "Иван";
  capture.id = "l1";
  const auto captured = desk.CaptureLead(capture);
  WinLead win;
  win.value = Money{"EUR", 1};
  win.override_reason = "signed";
  EXPECT_TRUE(desk.WinLead("l1", win).ok());
  const Handoff full = FullHandoff();
  const auto complete = [&](auto evidence) {
    CompleteHandoffStep step;
    step.evidence = std::move(evidence);
    EXPECT_TRUE(desk.CompleteHandoffStep("l1", step).ok());
  };
  for (int round = 0; round < 2; ++round) {
    complete(*full.introduction);
    complete(*full.project_prepared);
    complete(*full.materials_shared);
    complete(*full.briefing);
    if (round > 0) break;
    ReturnHandoff back{
        "Амстердам is far",
        {HandoffStep::kIntroduction, HandoffStep::kProjectPrepared, HandoffStep::kMaterialsShared}};
    EXPECT_TRUE(desk.ReturnHandoff("l1", back).ok());
  }
  return captured->contact.id;
}

TEST(EraseHandoffTexts, ForgetsWhatPeopleWroteAndKeepsWhoDidWhatAndWhen) {
  const sql::Scratch scratch;
  const EngineOptions options = scratch.Options();
  const std::string contact = MakeStore(options);
  {
    const auto driver = sql::OpenDriver(options, AllMigrations(), absl::Now());
    ASSERT_TRUE(driver.ok()) << driver.status();
    const auto db = (*driver)->Connect(sql::Connection::Mode::kWrite);
    ASSERT_TRUE((*db)->Begin(sql::Connection::Mode::kWrite).ok());
    ASSERT_TRUE(EraseHandoffTexts(**db, "studio", contact).ok());
    ASSERT_TRUE((*db)->Commit().ok());
    std::string kept;
    ASSERT_TRUE((*db)
                    ->Query("SELECT evidence FROM handoffs", {},
                            [&](const sql::Row& row) { kept += std::string(row.Text(0)); })
                    .ok());
    for (const char* text : {"Амстердам", "Иван", "x.org", "Redmine", "text", "far"}) {
      EXPECT_EQ(kept.find(text), std::string::npos) << text << " in " << kept;
    }
  }
  absl::StatusOr<Engine> engine = Engine::Open(options);
  Call call;
  call.actor = "mira";
  const auto handoff = engine->At("studio", call).GetHandoff("l1");
  ASSERT_TRUE(handoff.ok()) << handoff.status();
  EXPECT_EQ(handoff->completed_steps.size(), 4u);
  ASSERT_EQ(handoff->returns.size(), 1u);
  EXPECT_EQ(handoff->returns[0].actor, "mira");
  EXPECT_TRUE(engine->At("studio", call).ExportHandoffPack("l1").ok());
  EXPECT_TRUE(engine->At("studio", call).AcceptHandoff("l1").ok());
}

}  // namespace
}  // namespace sales::store
