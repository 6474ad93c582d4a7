#include <string>
#include <vector>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

using Texts = std::vector<std::string>;

NurtureLead Nurture() { return {"later", absl::CivilDay(2026, 9, 1), ""}; }

TEST(DeclineLead, KeepsWhatWasSaid) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(4);
  DeclineLead command = Refusal();
  command.told_in = "call-1";
  command.may_keep_in_touch = true;
  command.revisit = absl::CivilDay(2027, 1, 1);
  EXPECT_DONE(fixture.Do(command));
  EXPECT_EQ(fixture.lead().state, LeadState::kDeclined);
  EXPECT_EQ(fixture.lead().close_time, Hour(4));
  EXPECT_EQ(fixture.lead().visits[0].leave_time, Hour(4));
  EXPECT_FALSE(fixture.record.awaiting_since.has_value());
  ASSERT_EQ(fixture.lead().outcomes.size(), 1u);
  const Outcome& outcome = fixture.lead().outcomes[0];
  EXPECT_EQ(outcome.stage, "a");
  EXPECT_EQ(outcome.actor, "anna");
  EXPECT_EQ(outcome.reason, "price");
  EXPECT_EQ(outcome.arguments.differ, command.arguments.differ);
  EXPECT_EQ(outcome.alternatives, command.alternatives);
  EXPECT_EQ(outcome.told_in, "call-1");
  EXPECT_TRUE(outcome.may_keep_in_touch);
  EXPECT_EQ(outcome.revisit, command.revisit);
  EXPECT_EQ(fixture.effect.type, EventType::kLeadDeclined);
  EXPECT_EQ(TrackOf(fixture.record).reason, "price");
}

TEST(DeclineLead, WithoutAReasonIsRefused) {
  LeadFixture fixture = Captured();
  DeclineLead command = Refusal();
  command.reason = "";
  EXPECT_REFUSED(fixture.Do(command), "FIELD_REQUIRED");
  command.reason = "Too dear!";
  EXPECT_REFUSED(fixture.Do(command), "FIELD_INVALID");
}

TEST(DeclineLead, WithoutAnArgumentIsRefused) {
  LeadFixture fixture = Captured();
  DeclineLead command = Refusal();
  command.arguments = {};
  command.arguments.price = " ";
  const absl::Status refused = fixture.Do(command);
  EXPECT_REFUSED(refused, "ARGUMENTS_REQUIRED");
  EXPECT_EQ(MetadataOf(refused, "missing"), "better, price, differ");
  EXPECT_EQ(fixture.lead().state, LeadState::kOpen);
}

TEST(DeclineLead, WithoutAllArgumentsIsRefusedIfThePolicyAsksForThem) {
  FunnelPolicy policy = PlainPolicy();
  policy.decline.all_arguments = true;
  LeadFixture fixture = Captured(policy);
  const absl::Status refused = fixture.Do(Refusal());
  EXPECT_REFUSED(refused, "ARGUMENTS_REQUIRED");
  EXPECT_EQ(MetadataOf(refused, "missing"), "better, price");
  DeclineLead command = Refusal();
  command.arguments.better = "x";
  command.arguments.price = "y";
  EXPECT_DONE(fixture.Do(command));
}

TEST(DeclineLead, WithoutAlternativesIsRefusedIfThePolicyAsksForThem) {
  DeclineLead command = Refusal();
  command.alternatives = "\n";
  LeadFixture strict = Captured(WebStudioPolicy());
  EXPECT_REFUSED(strict.Do(command), "ALTERNATIVES_REQUIRED");
  LeadFixture lenient = Captured();
  EXPECT_DONE(lenient.Do(command));
}

TEST(DeclineLead, ChecksEachField) {
  LeadFixture fixture = Captured();
  DeclineLead command = Refusal();
  command.arguments.better = "\xff";
  EXPECT_REFUSED(fixture.Do(command), "TEXT_INVALID");
  command = Refusal();
  command.alternatives = std::string(limits::text_bytes_max + 1, 'x');
  EXPECT_REFUSED(fixture.Do(command), "TEXT_TOO_LONG");
  command = Refusal();
  command.told_in = "a/b";
  EXPECT_REFUSED(fixture.Do(command), "ID_INVALID");
  command = Refusal();
  command.revisit = absl::CivilDay(2201, 1, 1);
  EXPECT_REFUSED(fixture.Do(command), "TIME_OUT_OF_RANGE");
}

TEST(Closing, EndsANurturedLeadToo) {
  for (const LeadCommand& command :
       std::vector<LeadCommand>{Refusal(), LoseLead{"silence", ""}, DisqualifyLead{"spam"}}) {
    LeadFixture fixture = Captured();
    fixture.at = Hour(1);
    EXPECT_DONE(fixture.Do(Nurture()));
    fixture.at = Hour(9);
    EXPECT_DONE(fixture.Do(command));
    EXPECT_EQ(fixture.lead().close_time, Hour(9));
    EXPECT_EQ(fixture.lead().visits[0].leave_time, Hour(1));
    EXPECT_EQ(fixture.lead().outcomes.size(), 2u);
  }
}

TEST(Closing, OfAClosedLeadSaysItsState) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(DisqualifyLead{"spam"}));
  for (const LeadCommand& command :
       std::vector<LeadCommand>{Refusal(), LoseLead{"silence", ""}, DisqualifyLead{"spam"},
                                Nurture(), WinLead{Euros(1), ""}}) {
    const absl::Status refused = fixture.Do(command);
    EXPECT_REFUSED(refused, "LEAD_NOT_OPEN");
    EXPECT_EQ(MetadataOf(refused, "state"), "DISQUALIFIED");
  }
}

TEST(Closing, StopsAtTheMostOutcomesOfALead) {
  LeadFixture fixture = Captured();
  for (int i = 0; i < limits::outcomes_max; ++i) {
    EXPECT_DONE(fixture.Do(LoseLead{"silence", ""}));
    EXPECT_DONE(fixture.Do(ReopenLead{"He called.", ""}));
  }
  EXPECT_REFUSED(fixture.Do(LoseLead{"silence", ""}), "LIMIT_REACHED");
}

TEST(LoseLead, KeepsTheCompetitor) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(LoseLead{"price", "Other Studio"}));
  EXPECT_EQ(fixture.lead().outcomes[0].competitor, "Other Studio");
  EXPECT_EQ(fixture.lead().state, LeadState::kLost);
  EXPECT_EQ(fixture.effect.type, EventType::kLeadLost);
}

TEST(NurtureLead, StopsTheResponseClockAndKeepsWhoWakesIt) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(AssignLead{"boris"}));
  EXPECT_DONE(fixture.Do(Nurture()));
  EXPECT_EQ(fixture.lead().state, LeadState::kNurtured);
  EXPECT_FALSE(fixture.record.awaiting_since.has_value());
  EXPECT_EQ(fixture.lead().outcomes[0].owner, "boris");
  EXPECT_EQ(fixture.lead().outcomes[0].wake, absl::CivilDay(2026, 9, 1));
}

TEST(NurtureLead, WakesAfterTheDayOfTheCall) {
  LeadFixture fixture = Captured();
  NurtureLead command = Nurture();
  command.wake = absl::CivilDay(2026, 3, 2);
  EXPECT_REFUSED(fixture.Do(command), "NURTURE_IN_PAST");
  command.wake = absl::CivilDay(2026, 3, 3);
  EXPECT_DONE(fixture.Do(command));
}

TEST(NurtureLead, OfANurturedLeadIsRefused) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Nurture()));
  EXPECT_REFUSED(fixture.Do(Nurture()), "LEAD_NOT_OPEN");
}

TEST(WinLead, NamesWhatTheStagesNotEnteredYetAskFor) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  const absl::Status refused = fixture.Do(WinLead{Euros(5), ""});
  EXPECT_REFUSED(refused, "GUARD_UNMET");
  EXPECT_EQ(MissingIn(refused),
            (Texts{"need_known", "requirements_agreed", "price_offered", "price_accepted"}));
}

TEST(WinLead, WithAnOverrideTellsWhatWasMissing) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  EXPECT_DONE(fixture.Do(WinLead{Euros(5), "Paid in advance."}));
  EXPECT_EQ(fixture.Told("override"),
            ">need_known, requirements_agreed, price_offered, price_accepted");
  EXPECT_EQ(fixture.lead().state, LeadState::kWon);
  EXPECT_TRUE(fixture.record.qualified);
  EXPECT_EQ(fixture.record.furthest, "new");
}

TEST(WinLead, FromTheLastStageNeedsNothingMore) {
  LeadFixture fixture = Captured(WebStudioPolicy());
  EXPECT_DONE(fixture.Do(To("contract", "", "Old friend.")));
  EXPECT_DONE(fixture.Do(WinLead{Euros(5), ""}));
}

TEST(WinLead, FromAStageThatMayNotGoToTheLastIsNotAllowed) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].allowed_moves = {"b"};
  LeadFixture fixture = Captured(policy);
  EXPECT_REFUSED(fixture.Do(WinLead{Euros(5), "I want it."}), "MOVE_NOT_ALLOWED");
  EXPECT_DONE(fixture.Do(To("b")));
  EXPECT_DONE(fixture.Do(WinLead{Euros(5), ""}));
}

TEST(WinLead, IsWorthWhatIsSaidElseAcceptedElseExpected) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(WinLead{}), "FIELD_REQUIRED");
  fixture.record.lead.expected_value = Euros(1);
  LeadFixture expected = fixture;
  EXPECT_DONE(expected.Do(WinLead{}));
  EXPECT_EQ(expected.lead().won_value, Euros(1));
  EXPECT_DONE(fixture.Do(SendProposal{"", Euros(2), {}}));
  EXPECT_DONE(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}));
  LeadFixture accepted = fixture;
  EXPECT_DONE(accepted.Do(WinLead{}));
  EXPECT_EQ(accepted.lead().won_value, Euros(2));
  EXPECT_DONE(fixture.Do(WinLead{Euros(3), ""}));
  EXPECT_EQ(fixture.lead().won_value, Euros(3));
  EXPECT_EQ(fixture.lead().outcomes[0].value, Euros(3));
}

TEST(WinLead, ChecksTheValue) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(WinLead{Euros(-1), ""}), "MONEY_INVALID");
  EXPECT_REFUSED(fixture.Do(WinLead{Money{"USD", 1}, ""}), "CURRENCY_MISMATCH");
}

TEST(WinLead, MayHaveHappenedBeforeTheLeadWasRecordedAsReceived) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(-48);
  EXPECT_DONE(fixture.Do(WinLead{Euros(1), ""}));
  EXPECT_EQ(fixture.lead().close_time, Hour(-48));
}

}  // namespace
}  // namespace sales
