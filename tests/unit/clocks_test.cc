#include "src/decide/clocks.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

const LogActivity kIn = Logged(ActivityKind::kEmail, Direction::kIn);
const LogActivity kOut = Logged(ActivityKind::kCall, Direction::kOut);

// Three stages: an answer within two hours in the first, five hours in the second, a proposal
// within eight hours from the second on, and leads that rot after a week.
FunnelPolicy LimitedPolicy() {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].respond_within = Limit{absl::Hours(2), true};
  policy.stages[1].stage_within = Limit{absl::Hours(5), false};
  policy.stages[1].proposal_within = Limit{absl::Hours(8), true};
  for (Stage& stage : policy.stages) stage.rot_after = absl::Hours(24 * 7);
  return policy;
}

// Monday to Friday from 10 to 18 in UTC; hour 0 of the fixture is a Monday's midnight.
WorkingTime Office() {
  Calendar calendar;
  calendar.time_zone = "UTC";
  for (int day = 0; day < 5; ++day) calendar.week[day] = {{600, 1080}};
  return *WorkingTime::Of(calendar);
}

class Clocks : public ::testing::Test {
 protected:
  Clocks() : fixture(Captured(LimitedPolicy())) {}

  ClockContext Context() const { return {fixture.policy, working_time, absl::UTCTimeZone()}; }

  // The clock of a kind at an hour; of kind kUnspecified if there is none.
  LeadClock At(int hour, ClockKind kind) const {
    for (const LeadClock& clock : ClocksOf(fixture.record, Context(), Hour(hour))) {
      if (clock.kind == kind) return clock;
    }
    return {};
  }

  // What a sweep at an hour says: clocks, expired proposals, "woken".
  std::vector<std::string> Sweep(int hour) {
    std::vector<std::string> told;
    for (const DueEffect& due : SweepLead(Context(), Hour(hour), fixture.record)) {
      const std::string at = " at " + std::to_string(absl::ToInt64Hours(due.due_time - Hour(0)));
      switch (due.effect.type) {
        case EventType::kLimitBreached:
          told.push_back(due.effect.changes[0].after + at);
          break;
        case EventType::kProposalExpired:
          told.push_back(due.effect.changes[0].after + at);
          break;
        default:
          told.push_back("woken" + at);
      }
    }
    return told;
  }

  absl::Status DoAt(int hour, const LeadCommand& command) {
    fixture.at = Hour(hour);
    return fixture.Do(command);
  }

  WorkingTime working_time = Office();
  LeadFixture fixture;
};

using Texts = std::vector<std::string>;

TEST_F(Clocks, OfResponseCountsWorkingTimeFromReceiving) {
  const LeadClock clock = At(12, ClockKind::kResponse);
  EXPECT_EQ(clock.start_time, Hour(0));
  EXPECT_EQ(clock.due_time, Hour(12));
  EXPECT_EQ(clock.stage, "a");
  EXPECT_FALSE(clock.overdue);
  EXPECT_TRUE(At(13, ClockKind::kResponse).overdue);
}

TEST_F(Clocks, OfResponseIsStoppedByAnOutboundActivityNotByAMove) {
  EXPECT_DONE(DoAt(11, To("b")));
  EXPECT_FALSE(At(11, ClockKind::kResponse).stop_time.has_value());
  EXPECT_EQ(At(11, ClockKind::kResponse).due_time, Hour(12));
  EXPECT_DONE(DoAt(12, kOut));
  EXPECT_EQ(At(99, ClockKind::kResponse).stop_time, Hour(12));
  EXPECT_FALSE(At(99, ClockKind::kResponse).overdue);
}

TEST_F(Clocks, OfResponseThatStoppedTooLateStaysOverdue) {
  EXPECT_DONE(DoAt(14, kOut));
  EXPECT_TRUE(At(15, ClockKind::kResponse).overdue);
}

TEST_F(Clocks, OfResponseStartsAgainAtTheFirstInboundActivityThatNothingAnswered) {
  EXPECT_DONE(DoAt(11, kOut));
  EXPECT_DONE(DoAt(34, kIn));
  EXPECT_DONE(DoAt(35, kIn));
  const LeadClock clock = At(35, ClockKind::kResponse);
  EXPECT_EQ(clock.start_time, Hour(34));
  EXPECT_EQ(clock.due_time, Hour(36));
  EXPECT_FALSE(clock.stop_time.has_value());
}

TEST_F(Clocks, OfResponseWithoutALimitInItsStageIsNeverDue) {
  EXPECT_DONE(DoAt(11, kOut));
  EXPECT_DONE(DoAt(12, To("b")));
  EXPECT_DONE(DoAt(13, kIn));
  EXPECT_FALSE(At(9'000, ClockKind::kResponse).due_time.has_value());
  EXPECT_FALSE(At(9'000, ClockKind::kResponse).overdue);
}

TEST_F(Clocks, OfResponseThatIsAnsweredEarlierThanWasKnownIsCorrected) {
  EXPECT_DONE(DoAt(14, kOut));
  EXPECT_DONE(DoAt(11, kOut));
  EXPECT_EQ(At(15, ClockKind::kResponse).stop_time, Hour(11));
  EXPECT_FALSE(At(15, ClockKind::kResponse).overdue);
}

TEST_F(Clocks, OfAProposalStartsWhenRequirementsAreAgreedAndStopsWhenItIsSent) {
  EXPECT_DONE(DoAt(12, AgreeRequirements{"A shop."}));
  // Six hours of Monday and two of Tuesday.
  EXPECT_EQ(At(12, ClockKind::kProposal).due_time, Hour(36));
  EXPECT_EQ(At(12, ClockKind::kProposal).stage, "b");
  EXPECT_TRUE(At(37, ClockKind::kProposal).overdue);
  EXPECT_DONE(DoAt(35, SendProposal{"", Euros(1), {}}));
  EXPECT_EQ(At(99, ClockKind::kProposal).stop_time, Hour(35));
  EXPECT_FALSE(At(99, ClockKind::kProposal).overdue);
}

TEST_F(Clocks, OfAProposalAskedForAfterTheLastStageWithALimitIsNeverDue) {
  EXPECT_DONE(DoAt(12, To("c")));
  EXPECT_DONE(DoAt(13, RequestProposal{}));
  EXPECT_FALSE(At(13, ClockKind::kProposal).due_time.has_value());
}

TEST_F(Clocks, OfAProposalStillAskedForCountsFromReopening) {
  EXPECT_DONE(DoAt(12, RequestProposal{}));
  EXPECT_DONE(DoAt(13, NurtureLead{"later", absl::CivilDay(2026, 9, 1), ""}));
  EXPECT_EQ(At(14, ClockKind::kProposal).stop_time, Hour(13));
  EXPECT_DONE(DoAt(24 * 7 + 10, ReopenLead{"he called", ""}));
  EXPECT_EQ(At(24 * 7 + 11, ClockKind::kProposal).start_time, Hour(24 * 7 + 10));
}

TEST_F(Clocks, OfAStageCountVisitByVisit) {
  EXPECT_DONE(DoAt(1, To("b")));
  EXPECT_EQ(At(1, ClockKind::kStage).due_time, Hour(6));
  EXPECT_DONE(DoAt(5, To("a", "wrong")));
  EXPECT_FALSE(At(5, ClockKind::kStage).due_time.has_value());
  EXPECT_DONE(DoAt(7, To("b")));
  EXPECT_EQ(At(7, ClockKind::kStage).due_time, Hour(12));
}

TEST_F(Clocks, OfRotStartAgainAtActivitiesAndMoves) {
  EXPECT_EQ(At(0, ClockKind::kRot).due_time, Hour(24 * 7));
  EXPECT_DONE(DoAt(30, kOut));
  EXPECT_EQ(At(30, ClockKind::kRot).due_time, Hour(24 * 7 + 30));
  EXPECT_DONE(DoAt(40, To("b")));
  EXPECT_EQ(At(40, ClockKind::kRot).due_time, Hour(24 * 7 + 40));
  EXPECT_TRUE(At(24 * 7 + 41, ClockKind::kRot).overdue);
}

TEST_F(Clocks, OfRotWaitForAPlannedActivity) {
  PlanActivity plan;
  plan.due_time = Hour(24 * 20);
  EXPECT_DONE(DoAt(1, plan));
  EXPECT_FALSE(At(24 * 19, ClockKind::kRot).overdue);
  EXPECT_TRUE(At(24 * 21, ClockKind::kRot).overdue);
  EXPECT_DONE(DoAt(2, CancelPlannedActivity{"1"}));
  EXPECT_TRUE(At(24 * 19, ClockKind::kRot).overdue);
}

TEST_F(Clocks, OfANurturedLeadAllStand) {
  EXPECT_DONE(DoAt(10, NurtureLead{"later", absl::CivilDay(2026, 9, 1), ""}));
  for (const LeadClock& clock : ClocksOf(fixture.record, Context(), Hour(5'000))) {
    EXPECT_EQ(clock.stop_time, Hour(10));
    EXPECT_NE(clock.kind, ClockKind::kRot);
  }
  EXPECT_EQ(Sweep(100), Texts{});
}

TEST_F(Clocks, WithoutWorkingTimeLeftAreNeverDue) {
  Calendar over;
  over.time_zone = "UTC";
  over.exceptions = {{absl::CivilDay(2025, 1, 1), "", {{540, 600}}}};
  working_time = *WorkingTime::Of(over);
  EXPECT_FALSE(At(9'000, ClockKind::kResponse).due_time.has_value());
}

TEST_F(Clocks, OfAStageThatThePolicyHasNoMoreAreNeverDue) {
  fixture.policy.stages[0].key = "other";
  for (const LeadClock& clock : ClocksOf(fixture.record, Context(), Hour(9'000))) {
    EXPECT_FALSE(clock.due_time.has_value());
  }
}

TEST_F(Clocks, AreToldOnceWithTheTimeAtWhichTheyFellDue) {
  EXPECT_EQ(Sweep(12), Texts{});
  EXPECT_EQ(Sweep(300), (Texts{"RESPONSE at 12", "ROT at 168"}));
  EXPECT_EQ(Sweep(400), Texts{});
}

TEST_F(Clocks, AreToldAgainWhenTheyRunAgain) {
  EXPECT_EQ(Sweep(20), Texts{"RESPONSE at 12"});
  EXPECT_DONE(DoAt(21, kOut));
  EXPECT_DONE(DoAt(34, kIn));
  EXPECT_EQ(Sweep(37), Texts{"RESPONSE at 36"});
}

TEST_F(Clocks, NoteOnlyLimitsForWritesThatComeLater) {
  EXPECT_DONE(DoAt(11, SendProposal{"", Euros(1), absl::CivilDay(2026, 3, 2)}));
  EXPECT_EQ(NoteBreaches(Context(), Hour(50), fixture.record).size(), 1u);
  EXPECT_EQ(fixture.lead().proposals[0].state, ProposalState::kSent);
}

TEST_F(Clocks, SayWhenTheNextThingFallsDue) {
  EXPECT_EQ(NextDue(fixture.record, Context()), Hour(12));
  Sweep(13);
  EXPECT_EQ(NextDue(fixture.record, Context()), Hour(24 * 7));
  Sweep(24 * 8);
  EXPECT_EQ(NextDue(fixture.record, Context()), absl::InfiniteFuture());
}

TEST(Proposal, ExpiresAfterItsLastDayInTheWorkspacesZone) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("America/Sao_Paulo", &zone));
  Proposal proposal;
  EXPECT_EQ(ExpiryOf(proposal, zone), absl::InfiniteFuture());
  proposal.valid_until = absl::CivilDay(2026, 3, 2);
  EXPECT_EQ(ExpiryOf(proposal, zone), Hour(24 + 3));
}

TEST_F(Clocks, ExpireASentProposalOnce) {
  EXPECT_DONE(DoAt(11, kOut));
  EXPECT_DONE(DoAt(11, SendProposal{"", Euros(1), absl::CivilDay(2026, 3, 3)}));
  EXPECT_EQ(NextDue(fixture.record, Context()), Hour(48));
  EXPECT_EQ(Sweep(49), Texts{"1:EXPIRED at 48"});
  EXPECT_EQ(fixture.lead().proposals[0].state, ProposalState::kExpired);
  EXPECT_EQ(Sweep(50), Texts{});
}

TEST_F(Clocks, WakeANurturedLeadOnceWithAFollowUpThatIsDue) {
  EXPECT_DONE(DoAt(10, NurtureLead{"later", absl::CivilDay(2026, 3, 5), "anna"}));
  EXPECT_EQ(NextDue(fixture.record, Context()), Hour(72));
  EXPECT_EQ(Sweep(72), Texts{});
  EXPECT_EQ(Sweep(80), Texts{"woken at 72"});
  EXPECT_EQ(fixture.lead().state, LeadState::kNurtured);
  ASSERT_EQ(fixture.lead().planned_activities.size(), 1u);
  EXPECT_EQ(fixture.lead().planned_activities[0].owner, "anna");
  EXPECT_EQ(fixture.lead().planned_activities[0].due_time, Hour(72));
  EXPECT_EQ(Sweep(90), Texts{});
  EXPECT_EQ(NextDue(fixture.record, Context()), absl::InfiniteFuture());
}

TEST_F(Clocks, WakeALeadThatIsNurturedAgainAgain) {
  EXPECT_DONE(DoAt(10, NurtureLead{"later", absl::CivilDay(2026, 3, 5), ""}));
  Sweep(80);
  EXPECT_DONE(DoAt(81, kIn));
  EXPECT_EQ(fixture.lead().state, LeadState::kOpen);
  EXPECT_DONE(DoAt(82, NurtureLead{"later", absl::CivilDay(2026, 3, 9), ""}));
  EXPECT_EQ(Sweep(24 * 7 + 1), Texts{"woken at 168"});
}

TEST(AnswerProposal, AfterItsLastDayIsRefused) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(SendProposal{"", Euros(1), absl::CivilDay(2026, 3, 2)}));
  fixture.at = Hour(24);
  EXPECT_REFUSED(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}), "PROPOSAL_EXPIRED");
  fixture.at = Hour(23);
  EXPECT_DONE(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}));
}

TEST(AnswerProposal, ThatCameInTimeCountsEvenAfterTheProposalExpired) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(SendProposal{"", Euros(1), absl::CivilDay(2026, 3, 2)}));
  fixture.record.lead.proposals[0].state = ProposalState::kExpired;
  fixture.at = Hour(20);
  EXPECT_DONE(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}));
  EXPECT_EQ(fixture.lead().proposals[0].state, ProposalState::kAccepted);
}

PlanActivity CallAt(int hour) {
  PlanActivity plan;
  plan.kind = ActivityKind::kCall;
  plan.due_time = Hour(hour);
  return plan;
}

TEST(PlanActivity, IsKeptUntilItIsCompleted) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(AssignLead{"anna"}));
  EXPECT_DONE(fixture.Do(CallAt(5)));
  EXPECT_EQ(fixture.Told("planned_activity"), ">1");
  EXPECT_EQ(fixture.lead().planned_activities[0].owner, "anna");
  CompletePlannedActivity complete{"1", {}};
  complete.activity.direction = Direction::kOut;
  EXPECT_DONE(fixture.Do(complete));
  EXPECT_EQ(fixture.Told("activity"), ">CALL/OUT");
  EXPECT_EQ(fixture.Told("planned_activity"), "1>");
  EXPECT_TRUE(fixture.lead().planned_activities.empty());
  EXPECT_EQ(fixture.lead().first_response_time, Hour(0));
  EXPECT_REFUSED(fixture.Do(complete), "PLANNED_ACTIVITY_NOT_FOUND");
}

TEST(PlanActivity, NeverGivesANumberTwice) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(CallAt(5)));
  EXPECT_DONE(fixture.Do(CancelPlannedActivity{"1"}));
  EXPECT_DONE(fixture.Do(CallAt(6)));
  EXPECT_EQ(fixture.lead().planned_activities[0].id, "2");
}

TEST(PlanActivity, IntoThePastIsRefused) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(CallAt(0)), "DUE_IN_PAST");
}

TEST(PlanActivity, OfAnUnknownKindIsRefused) {
  LeadFixture fixture = Captured();
  PlanActivity plan = CallAt(5);
  plan.kind = static_cast<ActivityKind>(77);
  EXPECT_REFUSED(fixture.Do(plan), "ENUM_UNKNOWN");
}

TEST(PlanActivity, OfAClosedLeadIsRefused) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(DisqualifyLead{"spam"}));
  EXPECT_REFUSED(fixture.Do(CallAt(5)), "LEAD_NOT_OPEN");
}

TEST(PlanActivity, IsDroppedWhenTheLeadIsClosedForGood) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(CallAt(5)));
  EXPECT_DONE(fixture.Do(NurtureLead{"later", absl::CivilDay(2026, 9, 1), ""}));
  EXPECT_EQ(fixture.lead().planned_activities.size(), 1u);
  EXPECT_DONE(fixture.Do(Refusal()));
  EXPECT_TRUE(fixture.lead().planned_activities.empty());
}

TEST(PlanActivity, BeyondTheBoundIsRefused) {
  LeadFixture fixture = Captured();
  for (int i = 0; i < 50; ++i) EXPECT_DONE(fixture.Do(CallAt(5)));
  EXPECT_REFUSED(fixture.Do(CallAt(5)), "LIMIT_REACHED");
}

TEST(CompletePlannedActivity, OfNoKindNeedsOne) {
  LeadFixture fixture = Captured();
  PlanActivity plan = CallAt(5);
  plan.kind = ActivityKind::kUnspecified;
  EXPECT_DONE(fixture.Do(plan));
  CompletePlannedActivity complete{"1", {}};
  complete.activity.direction = Direction::kOut;
  const absl::Status status = fixture.Do(complete);
  EXPECT_REFUSED(status, "FIELD_REQUIRED");
  EXPECT_EQ(FieldOf(status), "activity.kind");
}

}  // namespace
}  // namespace sales
