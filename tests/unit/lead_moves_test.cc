#include <string>
#include <vector>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

using Texts = std::vector<std::string>;

TEST(CaptureLead, PutsTheLeadIntoTheFirstStageOpenAndWaiting) {
  const LeadFixture fixture = Captured();
  EXPECT_EQ(fixture.lead().state, LeadState::kOpen);
  EXPECT_EQ(fixture.lead().stage, "a");
  EXPECT_EQ(fixture.record.furthest, "a");
  EXPECT_FALSE(fixture.record.qualified);
  EXPECT_EQ(fixture.lead().receive_time, Hour(0));
  EXPECT_EQ(fixture.record.awaiting_since, Hour(0));
  ASSERT_EQ(fixture.lead().visits.size(), 1u);
  EXPECT_EQ(fixture.lead().visits[0].enter_time, Hour(0));
  EXPECT_EQ(fixture.effect.type, EventType::kLeadCaptured);
}

TEST(CaptureLead, TakesTheReceiveTimeThatItNames) {
  LeadFixture fixture;
  CaptureLead command;
  command.receive_time = Hour(-5);
  EXPECT_DONE(fixture.Capture(command));
  EXPECT_EQ(fixture.lead().receive_time, Hour(-5));
  EXPECT_EQ(fixture.lead().visits[0].enter_time, Hour(-5));
}

TEST(CaptureLead, IsQualifiedIfTheFirstStageQualifies) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].qualifying = true;
  EXPECT_TRUE(Captured(policy).record.qualified);
}

TEST(CaptureLead, IsRefusedWithoutWhatTheFirstStageAsksFor) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].entry = FactIs(Fact::kNeedKnown);
  LeadFixture fixture(policy);
  const absl::Status refused = fixture.Capture();
  EXPECT_REFUSED(refused, "GUARD_UNMET");
  EXPECT_EQ(MissingIn(refused), Texts{"need_known"});
  CaptureLead command;
  command.need = "shop";
  EXPECT_DONE(fixture.Capture(command));
}

struct BadCapture {
  const char* field;
  const char* reason;
  void (*spoil)(CaptureLead&);
};

TEST(CaptureLead, ChecksEachField) {
  const BadCapture cases[] = {
      {"id", "ID_INVALID", [](CaptureLead& c) { c.id = "A b"; }},
      {"channel", "ID_INVALID", [](CaptureLead& c) { c.channel = "a/b"; }},
      {"campaign", "ID_INVALID", [](CaptureLead& c) { c.campaign = "-x"; }},
      {"channel", "FIELD_REQUIRED", [](CaptureLead& c) { c.campaign = "x"; }},
      {"funnel", "ID_INVALID", [](CaptureLead& c) { c.funnel = std::string(64, 'a'); }},
      {"seller", "ID_INVALID", [](CaptureLead& c) { c.seller = "Анна"; }},
      {"referrer", "ID_INVALID", [](CaptureLead& c) { c.referrer = " "; }},
      {"contact.id", "ID_INVALID", [](CaptureLead& c) { c.contact.id = "?"; }},
      {"contact.display_name", "TEXT_TOO_LONG",
       [](CaptureLead& c) { c.contact.display_name = std::string(1 << 20, 'x'); }},
      {"contact.organization", "TEXT_INVALID",
       [](CaptureLead& c) { c.contact.organization = "\xff"; }},
      {"contact.identities", "LIST_TOO_LONG",
       [](CaptureLead& c) { c.contact.identities.assign(21, Email("a@b.c")); }},
      {"contact.identities[0].value", "TEXT_INVALID",
       [](CaptureLead& c) { c.contact.identities = {Email(std::string("a\0b", 3))}; }},
      {"need", "TEXT_INVALID", [](CaptureLead& c) { c.need = std::string("a\0b", 3); }},
      {"need", "TEXT_TOO_LONG", [](CaptureLead& c) { c.need = std::string(20'001, 'x'); }},
      {"interest", "FIELD_INVALID", [](CaptureLead& c) { c.interest = 101; }},
      {"interest", "FIELD_INVALID", [](CaptureLead& c) { c.interest = -1; }},
      {"expected_value", "MONEY_INVALID", [](CaptureLead& c) { c.expected_value = Euros(-1); }},
      {"expected_value", "MONEY_INVALID",
       [](CaptureLead& c) { c.expected_value = Euros(9'000'000'000'001); }},
      {"budget.currency_code", "CURRENCY_MISMATCH",
       [](CaptureLead& c) {
         c.budget = Money{"USD", 1};
       }},
      {"labels[0]", "FIELD_REQUIRED", [](CaptureLead& c) { c.labels = {""}; }},
      {"labels[1]", "ID_INVALID",
       [](CaptureLead& c) {
         c.labels = {"vip", "два слова"};
       }},
      {"labels", "LIST_TOO_LONG", [](CaptureLead& c) { c.labels.assign(65, "vip"); }},
      {"external_id", "TEXT_TOO_LONG",
       [](CaptureLead& c) { c.external_id = std::string(257, 'x'); }},
      {"receive_time", "TIME_OUT_OF_RANGE",
       [](CaptureLead& c) { c.receive_time = absl::FromUnixSeconds(-1); }},
      {"receive_time", "TIME_OUT_OF_RANGE",
       [](CaptureLead& c) { c.receive_time = absl::FromUnixSeconds(7'258'118'400); }},
      {"receive_time", "TIME_IN_FUTURE",
       [](CaptureLead& c) { c.receive_time = Hour(10'000) + absl::Minutes(6); }},
  };
  for (const BadCapture& bad : cases) {
    LeadFixture fixture;
    CaptureLead command;
    bad.spoil(command);
    const absl::Status refused = fixture.Capture(command);
    EXPECT_REFUSED(refused, bad.reason) << bad.field;
    EXPECT_EQ(FieldOf(refused), bad.field);
  }
}

TEST(CaptureLead, KeepsLabelsInOrderAndOnce) {
  LeadFixture fixture;
  CaptureLead command;
  command.labels = {"vip", "late", "vip", "2026"};
  EXPECT_DONE(fixture.Capture(command));
  EXPECT_EQ(fixture.lead().labels, (std::vector<std::string>{"2026", "late", "vip"}));
  EXPECT_EQ(TrackOf(fixture.record).labels, "2026 late vip");
}

TEST(UpdateLead, ReplacesLabels) {
  LeadFixture fixture;
  CaptureLead command;
  command.labels = {"vip", "late"};
  EXPECT_DONE(fixture.Capture(command));
  UpdateLead update;
  update.need = "a shop";
  EXPECT_DONE(fixture.Update(update));
  EXPECT_EQ(fixture.lead().labels.size(), 2u);
  update.labels = {"vip", "new"};
  EXPECT_DONE(fixture.Update(update));
  EXPECT_EQ(fixture.lead().labels, (std::vector<std::string>{"new", "vip"}));
  update.labels->clear();
  EXPECT_DONE(fixture.Update(update));
  EXPECT_TRUE(fixture.lead().labels.empty());
}

TEST(UpdateLead, ChecksLabels) {
  LeadFixture fixture = Captured();
  UpdateLead update;
  update.labels = {"vip", "Not a label"};
  const absl::Status refused = fixture.Update(update);
  EXPECT_REFUSED(refused, "ID_INVALID");
  EXPECT_EQ(FieldOf(refused), "labels[1]");
  update.labels = std::vector<std::string>(limits::labels_max + 1, "vip");
  EXPECT_REFUSED(fixture.Update(update), "LIST_TOO_LONG");
}

TEST(CaptureLead, ChecksTheKeysAndValuesOfAttributes) {
  LeadFixture fixture;
  CaptureLead command;
  command.attributes = {{"Bad Key", "x"}};
  EXPECT_REFUSED(fixture.Capture(command), "ID_INVALID");
  command.attributes = {{"region", std::string(2'001, 'x')}};
  EXPECT_REFUSED(fixture.Capture(command), "TEXT_TOO_LONG");
}

TEST(UpdateLead, ChangesOnlyWhatIsGiven) {
  LeadFixture fixture;
  CaptureLead capture;
  capture.need = "shop";
  capture.interest = 5;
  capture.expected_value = Euros(10);
  EXPECT_DONE(fixture.Capture(capture));
  UpdateLead update;
  update.interest = 70;
  EXPECT_DONE(fixture.Update(update));
  EXPECT_EQ(fixture.lead().interest, 70);
  EXPECT_EQ(fixture.lead().need, "shop");
  UpdateLead clear;
  clear.clear_expected_value = true;
  EXPECT_DONE(fixture.Update(clear));
  EXPECT_FALSE(fixture.lead().expected_value.has_value());
}

TEST(UpdateLead, ToAnotherChannelLeavesTheCampaignBehind) {
  LeadFixture fixture = Captured();
  fixture.record.lead.campaign = "spring";
  UpdateLead update;
  update.channel = "ads";
  EXPECT_DONE(fixture.Update(update));
  EXPECT_EQ(fixture.lead().channel, "ads");
  EXPECT_EQ(fixture.lead().campaign, "");
}

TEST(UpdateLead, ChecksEachField) {
  LeadFixture fixture = Captured();
  UpdateLead update;
  update.channel = "";
  EXPECT_REFUSED(fixture.Update(update), "FIELD_REQUIRED");
  update = {};
  update.interest = 101;
  EXPECT_REFUSED(fixture.Update(update), "FIELD_INVALID");
  update = {};
  update.expected_value = Euros(-1);
  EXPECT_REFUSED(fixture.Update(update), "MONEY_INVALID");
  update = {};
  update.budget = Euros(1);
  update.clear_budget = true;
  EXPECT_REFUSED(fixture.Update(update), "FIELD_INVALID");
  update = {};
  update.need = "\xc0\x80";
  EXPECT_REFUSED(fixture.Update(update), "TEXT_INVALID");
}

TEST(AssignLead, GivesTheLeadASellerOrNobody) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(AssignLead{"anna"}));
  EXPECT_EQ(fixture.lead().seller, "anna");
  EXPECT_DONE(fixture.Do(AssignLead{}));
  EXPECT_EQ(fixture.lead().seller, "");
  EXPECT_REFUSED(fixture.Do(AssignLead{"Anna Smith"}), "ID_INVALID");
}

TEST(AdvanceLead, EndsTheVisitAndBeginsAnother) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(2);
  EXPECT_DONE(fixture.Do(To("b")));
  EXPECT_EQ(fixture.lead().stage, "b");
  EXPECT_EQ(fixture.record.furthest, "b");
  EXPECT_TRUE(fixture.record.qualified);
  ASSERT_EQ(fixture.lead().visits.size(), 2u);
  EXPECT_EQ(fixture.lead().visits[0].leave_time, Hour(2));
  EXPECT_EQ(fixture.lead().visits[1].enter_time, Hour(2));
  EXPECT_EQ(fixture.effect.type, EventType::kLeadMoved);
}

TEST(AdvanceLead, OverAQualifyingStageReachesIt) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(To("c")));
  EXPECT_TRUE(fixture.record.qualified);
}

TEST(AdvanceLead, ToAnUnknownStageNamesTheStages) {
  LeadFixture fixture = Captured();
  const absl::Status refused = fixture.Do(To("z"));
  EXPECT_REFUSED(refused, "STAGE_UNKNOWN");
  EXPECT_EQ(MetadataOf(refused, "stages"), "a, b, c");
  EXPECT_REFUSED(fixture.Do(To("")), "FIELD_REQUIRED");
  EXPECT_REFUSED(fixture.Do(To("В работе")), "ID_INVALID");
}

TEST(AdvanceLead, ToItsOwnStageIsNotAllowed) {
  LeadFixture fixture = Captured();
  const absl::Status refused = fixture.Do(To("a", "again"));
  EXPECT_REFUSED(refused, "MOVE_NOT_ALLOWED");
  EXPECT_EQ(MetadataOf(refused, "allowed"), "b, c");
}

TEST(AdvanceLead, BackNeedsAReason) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(To("c")));
  EXPECT_REFUSED(fixture.Do(To("a")), "MOVE_REASON_REQUIRED");
  EXPECT_REFUSED(fixture.Do(To("a", "  ")), "FIELD_REQUIRED");
  EXPECT_DONE(fixture.Do(To("a", "The client thinks again.")));
  EXPECT_EQ(fixture.record.furthest, "c");
  ASSERT_TRUE(fixture.effect.activity.has_value());
  EXPECT_EQ(fixture.effect.activity->text, "The client thinks again.");
  EXPECT_EQ(fixture.effect.activity->direction, Direction::kInternal);
}

TEST(AdvanceLead, BackChecksTheTargetAlone) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].entry = FactIs(Fact::kNeedKnown);
  LeadFixture fixture = Captured(policy);
  EXPECT_DONE(fixture.Do(To("c", "", "The boss wants it.")));
  EXPECT_EQ(MissingIn(fixture.Do(To("b", "back"))), Texts{"need_known"});
  EXPECT_DONE(fixture.Do(To("a", "back")));
}

TEST(AdvanceLead, GoesOnlyWhereThePolicyAllows) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].allowed_moves = {"b"};
  policy.stages[1].allowed_moves = {"c"};
  LeadFixture fixture = Captured(policy);
  const absl::Status refused = fixture.Do(To("c", "", "I want it."));
  EXPECT_REFUSED(refused, "MOVE_NOT_ALLOWED");
  EXPECT_EQ(MetadataOf(refused, "allowed"), "b");
  EXPECT_DONE(fixture.Do(To("b")));
  EXPECT_REFUSED(fixture.Do(To("a", "back")), "MOVE_NOT_ALLOWED");
}

TEST(AdvanceLead, OverStagesMeetsTheConditionsOfAllOnTheWay) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  const absl::Status refused = fixture.Do(To("start_of_work"));
  EXPECT_REFUSED(refused, "GUARD_UNMET");
  EXPECT_EQ(MissingIn(refused), (Texts{"need_known", "requirements_agreed", "price_offered"}));
  EXPECT_EQ(DetailOf(refused).missing[0].stage, "requirements");
  EXPECT_EQ(DetailOf(refused).missing[2].stage, "start_of_work");
  EXPECT_EQ(MetadataOf(refused, "from"), "new");
  EXPECT_EQ(MetadataOf(refused, "to"), "start_of_work");
  EXPECT_EQ(fixture.lead().stage, "new");
}

TEST(AdvanceLead, WithAnOverrideTellsWhatWasMissing) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  EXPECT_DONE(fixture.Do(To("proposal", "", "The boss knows him.")));
  EXPECT_EQ(fixture.Told("override"), ">need_known, requirements_agreed");
  EXPECT_EQ(fixture.effect.activity->text, "The boss knows him.");
}

TEST(AdvanceLead, WithAnOverrideOfNothingIsAPlainMove) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  EXPECT_DONE(fixture.Do(To("contacted", "", "The boss knows him.")));
  EXPECT_EQ(fixture.Told("override"), "-");
  EXPECT_FALSE(fixture.effect.activity.has_value());
}

TEST(AdvanceLead, WithABlankOverrideIsRefused) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  EXPECT_REFUSED(fixture.Do(To("proposal", "", " ")), "FIELD_REQUIRED");
}

TEST(AdvanceLead, BeforeTheStageWasEnteredIsOutOfOrder) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(-1);
  EXPECT_REFUSED(fixture.Do(To("b")), "TIME_ORDER");
  fixture.at = Hour(5);
  EXPECT_DONE(fixture.Do(To("b")));
  fixture.at = Hour(4);
  EXPECT_REFUSED(fixture.Do(To("c")), "TIME_ORDER");
  fixture.at = Hour(5);
  EXPECT_DONE(fixture.Do(To("c")));
}

TEST(AdvanceLead, InTheFutureOrOutOfRangeIsRefused) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(10'000) + absl::Seconds(301);
  EXPECT_REFUSED(fixture.Do(To("b")), "TIME_IN_FUTURE");
  fixture.at = absl::FromUnixSeconds(-1);
  EXPECT_REFUSED(fixture.Do(To("b")), "TIME_OUT_OF_RANGE");
  fixture.at = Hour(10'000) + absl::Seconds(300);
  EXPECT_DONE(fixture.Do(To("b")));
}

TEST(AdvanceLead, StopsAtTheMostVisitsOfALead) {
  LeadFixture fixture = Captured();
  for (int i = 1; i < limits::visits_max; ++i) {
    EXPECT_DONE(fixture.Do(To(i % 2 == 1 ? "b" : "a", "to and fro")));
  }
  const absl::Status refused = fixture.Do(To("c"));
  EXPECT_REFUSED(refused, "LIMIT_REACHED");
  EXPECT_EQ(MetadataOf(refused, "limit"), std::to_string(limits::visits_max));
}

TEST(ReopenLead, BeginsAnotherVisitAndForgetsTheClosing) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(WinLead{Euros(7), ""}));
  fixture.at = Hour(3);
  EXPECT_DONE(fixture.Do(ReopenLead{"The contract was cancelled.", ""}));
  EXPECT_EQ(fixture.lead().state, LeadState::kOpen);
  EXPECT_FALSE(fixture.lead().close_time.has_value());
  EXPECT_FALSE(fixture.lead().won_value.has_value());
  EXPECT_EQ(fixture.lead().outcomes.size(), 1u);
  ASSERT_EQ(fixture.lead().visits.size(), 2u);
  EXPECT_EQ(fixture.lead().visits[1].enter_time, Hour(3));
  EXPECT_EQ(TrackOf(fixture.record).reason, "");
}

TEST(ReopenLead, NeedsAReasonAndALeadThatIsNotOpen) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(ReopenLead{}), "FIELD_REQUIRED");
  EXPECT_REFUSED(fixture.Do(ReopenLead{"back", ""}), "LEAD_OPEN");
}

TEST(ReopenLead, BeforeItWasClosedIsOutOfOrder) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(5);
  EXPECT_DONE(fixture.Do(LoseLead{"silence", ""}));
  fixture.at = Hour(4);
  EXPECT_REFUSED(fixture.Do(ReopenLead{"back", ""}), "TIME_ORDER");
}

TEST(ReopenLead, MeetsTheConditionsOfItsStageOrIsOverridden) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].entry = FactIs(Fact::kNeedKnown);
  LeadFixture fixture = Captured(policy);
  EXPECT_DONE(fixture.Do(To("b", "", "The boss wants it.")));
  EXPECT_DONE(fixture.Do(LoseLead{"silence", ""}));
  EXPECT_EQ(MissingIn(fixture.Do(ReopenLead{"back", ""})), Texts{"need_known"});
  EXPECT_DONE(fixture.Do(ReopenLead{"back", "The boss wants it."}));
  EXPECT_EQ(fixture.Told("override"), ">need_known");
}

TEST(CheckMoves, AgreesWithWhatAdvancingDoes) {
  const LeadFixture fixture = Captured(WebStudioPolicy());
  const MoveChecks checks = CheckMoves(fixture.Context(), fixture.record);
  ASSERT_EQ(checks.stages.size(), 6u);
  for (const MoveCheck& check : checks.stages) {
    LeadFixture tried = fixture;
    const absl::Status moved = tried.Do(To(check.stage, "back"));
    EXPECT_EQ(check.allowed, moved.ok()) << check.stage;
    EXPECT_EQ(check.missing.size(), DetailOf(moved).missing.size()) << check.stage;
  }
  EXPECT_FALSE(checks.win.allowed);
  EXPECT_EQ(checks.win.missing.size(), 4u);
}

TEST(CheckMoves, OfAClosedLeadAllowsNothing) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(LoseLead{"silence", ""}));
  const MoveChecks checks = CheckMoves(fixture.Context(), fixture.record);
  for (const MoveCheck& check : checks.stages) EXPECT_FALSE(check.allowed);
  EXPECT_FALSE(checks.win.allowed);
}

}  // namespace
}  // namespace sales
