// From won to accepted.
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "sales/calendar.h"
#include "tests/engine/handoff_studio.h"

namespace sales::testing {
namespace {

using WinningALead = HandoffStudio;
using CompletingAStep = HandoffStudio;
using TheManager = HandoffStudio;
using ReopeningAWonLead = HandoffStudio;
using AHandoff = HandoffStudio;

TEST_F(WinningALead, OpensItsHandoffInTheSameWrite) {
  const std::string id = Won("ivan");
  const auto handoff = desk().GetHandoff(id);
  ASSERT_TRUE(handoff.ok()) << handoff.status();
  EXPECT_EQ(handoff->state, HandoffState::kOpen);
  EXPECT_EQ(handoff->seller, "anna");
  EXPECT_EQ(handoff->contact, desk().GetLead(id)->contact);
  EXPECT_EQ(handoff->open_time, clock_.Now());
  EXPECT_FALSE(handoff->accept_due_time.has_value());
  EXPECT_EQ(handoff->revision, desk().GetLead(id)->revision);
  ExpectClean();
}

TEST_F(WinningALead, GivesItsHandoffTheLimitsOfThePolicy) {
  ActivateFunnelPolicy command;
  command.policy = WebStudioPolicy();
  command.policy.handoff.introduction_within = Limit{absl::Hours(24), false};
  command.policy.handoff.accept_within = Limit{absl::Hours(120), false};
  ASSERT_TRUE(desk().ActivateFunnelPolicy(command).ok());
  const auto handoff = desk().GetHandoff(Won("ivan"));
  EXPECT_EQ(handoff->introduction_due_time, clock_.Now() + absl::Hours(24));
  EXPECT_EQ(handoff->accept_due_time, clock_.Now() + absl::Hours(120));
}

// Of the handoff's limits, which events tell of, in their order.
std::string Breaches(const std::vector<Event>& events) {
  std::string told;
  for (const Event& event : events) {
    if (event.type == EventType::kLimitBreached && absl::StartsWith(event.subject, "handoffs/")) {
      told += event.changes[0].after + " ";
    }
  }
  return told;
}

TEST_F(WinningALead, HasEveryLimitOfItsHandoffThatPassesNotedOnce) {
  ActivateFunnelPolicy command;
  command.policy = WebStudioPolicy();
  command.policy.handoff.introduction_within = Limit{absl::Hours(24), false};
  command.policy.handoff.accept_within = Limit{absl::Hours(120), false};
  ASSERT_TRUE(desk().ActivateFunnelPolicy(command).ok());
  const std::string swept = Won("ivan");
  const std::string late = Won("anna");
  const std::string kept = Won("clara");
  const absl::Time won = clock_.Now();
  ASSERT_TRUE(Complete(kept, Meeting()).ok());
  clock_.Turn(absl::Hours(24));
  ASSERT_TRUE(engine_->Sweep().ok());
  EXPECT_EQ(Breaches(Events()), "") << "what is due now is not late";
  clock_.Turn(absl::Hours(1));
  // The write that ends the waiting notes it before the sweep does.
  ASSERT_TRUE(Complete(late, Meeting()).ok());
  EXPECT_EQ(Breaches(Events()), "INTRODUCTION ");
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(engine_->Sweep().ok());
  EXPECT_EQ(Breaches(Events()), "INTRODUCTION INTRODUCTION ");
  EXPECT_EQ(Events().back().lead, swept);
  EXPECT_EQ(Events().back().occur_time, won + absl::Hours(24));
  clock_.Turn(absl::Hours(100));
  const auto result = engine_->Sweep();
  EXPECT_GE(result->limits_breached, 3);
  EXPECT_EQ(Breaches(Events()), "INTRODUCTION INTRODUCTION HANDOFF HANDOFF HANDOFF ");
  ExpectClean();
}

TEST_F(WinningALead, CountsWorkingTimeInTheWorkspacesCalendar) {
  CreateCalendar office;
  office.id = "office";
  for (int day = 0; day < 5; ++day) office.week[day] = {{600, 1080}};
  ASSERT_TRUE(desk().CreateCalendar(office).ok());
  UpdateWorkspace update;
  update.default_calendar = "office";
  ASSERT_TRUE(desk().UpdateWorkspace(update).ok());
  ActivateFunnelPolicy command;
  command.policy = WebStudioPolicy();
  command.policy.handoff.introduction_within = Limit{absl::Hours(4), true};
  command.policy.handoff.accept_within = Limit{absl::Hours(12), true};
  ASSERT_TRUE(desk().ActivateFunnelPolicy(command).ok());
  // Won on a Saturday; the clocks go forward on the Sunday.
  const auto handoff = desk().GetHandoff(Won("ivan"));
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  EXPECT_EQ(handoff->introduction_due_time,
            absl::FromCivil(absl::CivilSecond(2026, 3, 30, 14, 0, 0), zone));
  EXPECT_EQ(handoff->accept_due_time,
            absl::FromCivil(absl::CivilSecond(2026, 3, 31, 14, 0, 0), zone));
}

TEST_F(WinningALead, OpensNoHandoffOfAnImportedPast) {
  ImportLead row;
  row.capture = Person("ivan");
  row.capture.external_id = "1";
  WinLead win;
  win.value = Money{"EUR", 1};
  win.override_reason = "long ago";
  row.steps = {{clock_.Now(), win}};
  const auto results = desk().ImportLeads({row});
  ASSERT_EQ((*results)[0].outcome, ImportOutcome::kImported) << (*results)[0].status;
  EXPECT_EQ(ReasonIn(desk().GetHandoff((*results)[0].lead).status()), Reason::kHandoffNotFound);
  ReopenLead reopen;
  reopen.reason = "again";
  EXPECT_TRUE(desk().ReopenLead((*results)[0].lead, reopen).ok());
  ExpectClean();
}

TEST_F(CompletingAStep, IsRecordedWithWhoAndWhen) {
  const std::string id = Won("ivan");
  clock_.Turn(absl::Hours(1));
  const auto handoff = Complete(id, Meeting());
  ASSERT_TRUE(handoff.ok()) << handoff.status();
  ASSERT_EQ(handoff->completed_steps.size(), 1u);
  EXPECT_EQ(handoff->completed_steps[0].step, HandoffStep::kIntroduction);
  EXPECT_EQ(handoff->completed_steps[0].actor, "anna");
  EXPECT_EQ(handoff->completed_steps[0].complete_time, clock_.Now());
  const auto kept = desk().GetHandoff(id);
  EXPECT_EQ(kept->introduction->place, "Keizersgracht 1");
  EXPECT_EQ(kept->introduction->client_participants[0].display_name, "Иван Петров");
}

TEST_F(CompletingAStep, WorksInAnyOrderButTheBriefing) {
  const std::string id = Won("ivan");
  EXPECT_TRUE(Complete(id, Materials()).ok());
  const auto early = Complete(id, Brief());
  EXPECT_EQ(ReasonIn(early.status()), Reason::kHandoffStepsOpen);
  const ErrorDetail detail = DetailOf(early.status());
  ASSERT_EQ(detail.missing.size(), 2u);
  EXPECT_EQ(detail.missing[0].condition, "introduction");
  EXPECT_EQ(detail.missing[1].condition, "project_prepared");
  EXPECT_TRUE(Complete(id, Prepared()).ok());
  EXPECT_TRUE(Complete(id, Meeting()).ok());
  EXPECT_EQ(Complete(id, Brief())->state, HandoffState::kBriefed);
}

TEST_F(CompletingAStep, WithoutEvidenceIsRefused) {
  const std::string id = Won("ivan");
  EXPECT_EQ(ReasonIn(desk().CompleteHandoffStep(id, {}).status()),
            Reason::kHandoffEvidenceRequired);
  EXPECT_EQ(ReasonIn(Complete(id, Introduction{}).status()), Reason::kHandoffEvidenceRequired);
  EXPECT_TRUE(desk().GetHandoff(id)->completed_steps.empty());
}

TEST_F(CompletingAStep, TwiceIsRefused) {
  const std::string id = Won("ivan");
  EXPECT_TRUE(Complete(id, Meeting()).ok());
  EXPECT_EQ(ReasonIn(Complete(id, Meeting()).status()), Reason::kHandoffStepDone);
}

TEST_F(CompletingAStep, OnceByItsRequestId) {
  const std::string id = Won("ivan");
  CompleteHandoffStep command;
  command.evidence = Prepared();
  const auto first = desk(WithRequest("r1")).CompleteHandoffStep(id, command);
  const auto again = desk(WithRequest("r1")).CompleteHandoffStep(id, command);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->etag, first->etag);
  EXPECT_EQ(again->project_prepared->members, (std::vector<std::string>{"boris", "olga"}));
  command.evidence = Materials();
  EXPECT_EQ(ReasonIn(desk(WithRequest("r1")).CompleteHandoffStep(id, command).status()),
            Reason::kRequestIdReused);
}

TEST_F(CompletingAStep, OnAStateThatIsGoneIsRefused) {
  const std::string id = Won("ivan");
  const std::string etag = desk().GetHandoff(id)->etag;
  EXPECT_TRUE(Complete(id, Meeting()).ok());
  CompleteHandoffStep command;
  command.evidence = Materials();
  EXPECT_EQ(ReasonIn(desk(WithEtag(etag)).CompleteHandoffStep(id, command).status()),
            Reason::kEtagMismatch);
}

TEST_F(CompletingAStep, OfAnUnknownHandoffIsRefused) {
  EXPECT_EQ(ReasonIn(Complete("nobody", Meeting()).status()), Reason::kHandoffNotFound);
}

TEST_F(TheManager, AcceptsAndHasAProject) {
  const std::string id = Briefed("ivan");
  clock_.Turn(absl::Hours(2));
  const auto accepted = desk(As("mira")).AcceptHandoff(id);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->handoff.state, HandoffState::kAccepted);
  EXPECT_EQ(accepted->handoff.accept_time, clock_.Now());
  const Project& project = accepted->project;
  EXPECT_EQ(project.id, id);
  EXPECT_EQ(project.state, ProjectState::kLive);
  EXPECT_EQ(project.client, desk().GetLead(id)->contact);
  EXPECT_EQ(project.manager, "mira");
  EXPECT_EQ(project.seller, "anna");
  EXPECT_EQ(project.members, (std::vector<std::string>{"boris", "mira", "olga"}));
  ExpectClean();
}

TEST_F(TheManager, AcceptsOnce) {
  const std::string id = Accepted("ivan");
  EXPECT_EQ(ReasonIn(desk(As("mira")).AcceptHandoff(id).status()), Reason::kHandoffAccepted);
  EXPECT_EQ(EventsOf(EventType::kProjectOpened).size(), 1u);
}

TEST_F(TheManager, AcceptsNothingBeforeHeIsBriefed) {
  const std::string id = Won("ivan");
  EXPECT_TRUE(Complete(id, Meeting()).ok());
  const auto early = desk(As("mira")).AcceptHandoff(id);
  EXPECT_EQ(ReasonIn(early.status()), Reason::kHandoffStepsOpen);
  EXPECT_EQ(DetailOf(early.status()).missing.size(), 3u);
}

TEST_F(TheManager, AloneAcceptsAndReturns) {
  const std::string id = Briefed("ivan");
  const auto other = desk(As("anna")).AcceptHandoff(id);
  EXPECT_EQ(ReasonIn(other.status()), Reason::kHandoffNotManager);
  EXPECT_EQ(DetailOf(other.status()).metadata.at("manager"), "mira");
  EXPECT_EQ(ReasonIn(desk().ReturnHandoff(id, {"access", {}}).status()),
            Reason::kHandoffNotManager);
}

TEST_F(TheManager, ReturnsWithWhatIsMissingAndTheStepsAreOpenAgain) {
  const std::string id = Briefed("ivan");
  const auto returned =
      desk(As("mira")).ReturnHandoff(id, {"no access to hosting", {HandoffStep::kMaterialsShared}});
  ASSERT_TRUE(returned.ok()) << returned.status();
  EXPECT_EQ(returned->state, HandoffState::kOpen);
  EXPECT_EQ(returned->manager, "");
  EXPECT_EQ(returned->completed_steps.size(), 2u);
  EXPECT_FALSE(returned->materials_shared.has_value());
  EXPECT_FALSE(returned->briefing.has_value());
  ASSERT_EQ(returned->returns.size(), 1u);
  EXPECT_EQ(returned->returns[0].missing, "no access to hosting");
  EXPECT_EQ(returned->returns[0].actor, "mira");
  EXPECT_EQ(ReasonIn(desk(As("mira")).AcceptHandoff(id).status()), Reason::kHandoffStepsOpen);
  EXPECT_TRUE(Complete(id, Materials()).ok());
  EXPECT_TRUE(Complete(id, Brief()).ok());
  EXPECT_TRUE(desk(As("mira")).AcceptHandoff(id).ok());
  ExpectClean();
}

TEST_F(TheManager, SaysWhatIsMissing) {
  const std::string id = Briefed("ivan");
  EXPECT_EQ(ReasonIn(desk(As("mira")).ReturnHandoff(id, {" ", {}}).status()),
            Reason::kFieldRequired);
}

TEST_F(ReopeningAWonLead, WithdrawsItsHandoff) {
  const std::string id = Briefed("ivan");
  ReopenLead reopen;
  reopen.reason = "wants to talk again";
  reopen.override_reason = "he asked";
  ASSERT_TRUE(desk().ReopenLead(id, reopen).ok());
  EXPECT_EQ(desk().GetHandoff(id)->state, HandoffState::kWithdrawn);
  EXPECT_EQ(ReasonIn(desk(As("mira")).AcceptHandoff(id).status()), Reason::kHandoffWithdrawn);
  EXPECT_EQ(ReasonIn(Complete(id, Meeting()).status()), Reason::kHandoffWithdrawn);
  ExpectClean();
}

TEST_F(ReopeningAWonLead, AndWinningItBeginsTheHandoffAnew) {
  const std::string id = Briefed("ivan");
  ReopenLead reopen;
  reopen.reason = "wants to talk again";
  reopen.override_reason = "he asked";
  ASSERT_TRUE(desk().ReopenLead(id, reopen).ok());
  WinLead win;
  win.override_reason = "signed";
  ASSERT_TRUE(desk().WinLead(id, win).ok());
  const auto handoff = desk().GetHandoff(id);
  EXPECT_EQ(handoff->state, HandoffState::kOpen);
  EXPECT_TRUE(handoff->completed_steps.empty());
  EXPECT_FALSE(handoff->briefing.has_value());
  EXPECT_EQ(EventsOf(EventType::kHandoffOpened).size(), 2u);
}

TEST_F(ReopeningAWonLead, IsRefusedOnceProductionHasIt) {
  const std::string id = Accepted("ivan");
  ReopenLead reopen;
  reopen.reason = "wants more";
  reopen.override_reason = "he asked";
  EXPECT_EQ(ReasonIn(desk().ReopenLead(id, reopen).status()), Reason::kHandoffAccepted);
  EXPECT_EQ(desk().GetLead(id)->state, LeadState::kWon);
  ExpectClean();
}

TEST_F(AHandoff, TellsNothingPersonalInItsEvents) {
  Accepted("ivan");
  std::string told;
  for (const Event& event : Events()) told += event.subject + " " + Told(event) + "\n";
  for (const char* personal : {"Иван", "example", "Keizersgracht", "Redmine", "nine", "owner"}) {
    EXPECT_EQ(told.find(personal), std::string::npos) << personal << " in " << told;
  }
}

TEST_F(AHandoff, TellsEachStepInItsEvents) {
  const std::string id = Briefed("ivan");
  const auto steps = EventsOf(EventType::kHandoffStepCompleted);
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(Told(steps[0]), "handoff_step >introduction");
  EXPECT_EQ(Told(steps[3]),
            "handoff_state OPEN>BRIEFED; handoff_manager >mira; handoff_step >briefed");
  EXPECT_EQ(steps[3].subject, "handoffs/" + id);
  EXPECT_EQ(steps[3].lead, id);
}

TEST_F(AHandoff, IsListedByItsState) {
  const std::string open = Won("ivan");
  const std::string accepted = Accepted("olga");
  const auto page = desk().ListHandoffs({"state = \"ACCEPTED\" AND manager = \"mira\"", "", 0, ""});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].id, accepted);
  EXPECT_EQ(desk().ListHandoffs({"seller = \"anna\"", "", 0, ""})->items.size(), 2u);
}

TEST_F(AHandoff, IsListedPageByPage) {
  for (const char* name : {"a", "b", "c"}) Won(name);
  ListQuery query;
  query.page_size = 2;
  auto page = desk().ListHandoffs(query);
  ASSERT_EQ(page->items.size(), 2u);
  query.page_token = page->next_page_token;
  page = desk().ListHandoffs(query);
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->next_page_token, "");
}

TEST_F(AHandoff, IsExportedWithAllItsParts) {
  const std::string id = Briefed("ivan");
  const auto pack = desk().ExportHandoffPack(id);
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_NE(pack->brief.find("He calls before nine."), std::string::npos) << pack->brief;
  EXPECT_NE(pack->contacts.find("FN:Иван Петров\r\n"), std::string::npos) << pack->contacts;
  EXPECT_NE(pack->invitation.find("BEGIN:VEVENT"), std::string::npos) << pack->invitation;
  EXPECT_NE(pack->json.find("\"place\": \"Keizersgracht 1\""), std::string::npos) << pack->json;
}

TEST_F(AHandoff, IsExportedWithWhatThereIs) {
  const auto pack = desk().ExportHandoffPack(Won("ivan"));
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->invitation, "");
  EXPECT_NE(pack->contacts.find("FN:ivan\r\n"), std::string::npos) << pack->contacts;
}

}  // namespace
}  // namespace sales::testing
