#include <string>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

const LogActivity kIn = Logged(ActivityKind::kEmail, Direction::kIn);
const LogActivity kOut = Logged(ActivityKind::kCall, Direction::kOut);

LeadFixture Nurtured() {
  LeadFixture fixture = Captured();
  fixture.at = Hour(10);
  EXPECT_DONE(fixture.Do(NurtureLead{"later", absl::CivilDay(2026, 9, 1), ""}));
  return fixture;
}

TEST(LogActivity, IsKeptAsItHappened) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(1);
  LogActivity command = kOut;
  command.duration = absl::Minutes(5);
  command.text = "He wants a shop.";
  EXPECT_DONE(fixture.Do(command));
  ASSERT_TRUE(fixture.effect.activity.has_value());
  EXPECT_EQ(fixture.effect.activity->kind, ActivityKind::kCall);
  EXPECT_EQ(fixture.effect.activity->duration, absl::Minutes(5));
  EXPECT_EQ(fixture.effect.activity->text, command.text);
  EXPECT_EQ(fixture.effect.activity->occur_time, Hour(1));
  EXPECT_EQ(fixture.effect.activity->actor, "anna");
  EXPECT_EQ(fixture.Told("activity"), ">CALL/OUT");
  EXPECT_EQ(fixture.effect.type, EventType::kActivityLogged);
}

TEST(LogActivity, KeepsAndTellsWhatTheClientExpects) {
  LeadFixture fixture = Captured();
  LogActivity command = kIn;
  command.expectation = 4;
  EXPECT_DONE(fixture.Do(command));
  EXPECT_EQ(fixture.effect.activity->expectation, 4);
  EXPECT_EQ(fixture.Told("expectation"), ">4");
  EXPECT_DONE(fixture.Do(kIn));
  EXPECT_EQ(fixture.effect.activity->expectation, 0);
  EXPECT_EQ(fixture.Told("expectation"), "-");
}

TEST(LogActivity, TakesExpectationsFromOneToFive) {
  LeadFixture fixture = Captured();
  LogActivity command = kIn;
  for (const int expectation : {-1, 6, 1'000}) {
    command.expectation = expectation;
    const absl::Status refused = fixture.Do(command);
    EXPECT_REFUSED(refused, "FIELD_INVALID") << expectation;
    EXPECT_EQ(FieldOf(refused), "expectation");
    EXPECT_EQ(MetadataOf(refused, "min") + MetadataOf(refused, "max"), "15");
  }
}

TEST(LogActivity, ChecksEachField) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(Logged(ActivityKind::kUnspecified, Direction::kIn)), "FIELD_REQUIRED");
  EXPECT_REFUSED(fixture.Do(Logged(ActivityKind::kCall, Direction::kUnspecified)),
                 "FIELD_REQUIRED");
  EXPECT_REFUSED(fixture.Do(Logged(static_cast<ActivityKind>(9), Direction::kIn)), "ENUM_UNKNOWN");
  EXPECT_REFUSED(fixture.Do(Logged(ActivityKind::kCall, static_cast<Direction>(-1))),
                 "ENUM_UNKNOWN");
  LogActivity command = kOut;
  command.duration = -absl::Seconds(1);
  EXPECT_REFUSED(fixture.Do(command), "FIELD_INVALID");
  command.duration = absl::InfiniteDuration();
  EXPECT_REFUSED(fixture.Do(command), "FIELD_INVALID");
  command = kOut;
  command.text = std::string(limits::text_bytes_max + 1, 'x');
  EXPECT_REFUSED(fixture.Do(command), "TEXT_TOO_LONG");
}

TEST(LogActivity, OutboundAnswersTheClientOnce) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(2);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_EQ(fixture.lead().first_response_time, Hour(2));
  EXPECT_FALSE(fixture.record.awaiting_since.has_value());
  fixture.at = Hour(3);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_EQ(fixture.lead().first_response_time, Hour(2));
}

TEST(LogActivity, OutboundRecordedLateIsTheFirstResponseIfItWas) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(2);
  EXPECT_DONE(fixture.Do(kOut));
  fixture.at = Hour(1);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_EQ(fixture.lead().first_response_time, Hour(1));
}

TEST(LogActivity, OutboundBeforeTheLeadWasReceivedIsNoResponse) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(-1);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_FALSE(fixture.lead().first_response_time.has_value());
  EXPECT_EQ(fixture.record.awaiting_since, Hour(0));
}

TEST(LogActivity, InboundWaitsForAnAnswerFromTheFirstOne) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(1);
  EXPECT_DONE(fixture.Do(kOut));
  fixture.at = Hour(2);
  EXPECT_DONE(fixture.Do(kIn));
  fixture.at = Hour(3);
  EXPECT_DONE(fixture.Do(kIn));
  EXPECT_EQ(fixture.record.awaiting_since, Hour(2));
  fixture.at = Hour(1);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_EQ(fixture.record.awaiting_since, Hour(2));
  fixture.at = Hour(4);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_FALSE(fixture.record.awaiting_since.has_value());
}

TEST(LogActivity, InboundReopensANurturedLead) {
  LeadFixture fixture = Nurtured();
  fixture.at = Hour(20);
  EXPECT_DONE(fixture.Do(kIn));
  EXPECT_EQ(fixture.lead().state, LeadState::kOpen);
  EXPECT_EQ(fixture.effect.type, EventType::kActivityLogged);
  EXPECT_EQ(fixture.record.awaiting_since, Hour(20));
  EXPECT_FALSE(fixture.lead().close_time.has_value());
  ASSERT_EQ(fixture.lead().visits.size(), 2u);
  EXPECT_EQ(fixture.lead().visits[1].enter_time, Hour(20));
}

TEST(LogActivity, InboundFromBeforeTheNurtureReopensNothing) {
  LeadFixture fixture = Nurtured();
  fixture.at = Hour(5);
  EXPECT_DONE(fixture.Do(kIn));
  EXPECT_EQ(fixture.lead().state, LeadState::kNurtured);
}

TEST(LogActivity, OutboundLeavesANurturedLeadAsItIs) {
  LeadFixture fixture = Nurtured();
  fixture.at = Hour(20);
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_EQ(fixture.lead().state, LeadState::kNurtured);
}

TEST(LogActivity, LeavesAClosedLeadClosed) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Refusal()));
  EXPECT_DONE(fixture.Do(kIn));
  EXPECT_EQ(fixture.lead().state, LeadState::kDeclined);
  EXPECT_FALSE(fixture.record.awaiting_since.has_value());
}

TEST(LogActivity, StopsAtTheMostActivitiesOfALead) {
  LeadFixture fixture = Captured();
  fixture.record.activity_counts[1][1] = limits::activities_max - 1;
  EXPECT_DONE(fixture.Do(kOut));
  EXPECT_REFUSED(fixture.Do(kOut), "LIMIT_REACHED");
}

}  // namespace
}  // namespace sales
