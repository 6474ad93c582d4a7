#include "src/decide/track.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "sales/error.h"
#include "tests/unit/random_history.h"

namespace sales {
namespace {

constexpr int kSteps = 3'000;

absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(1'700'000'000 + seconds); }

Event Changed(EventType type, int64_t seconds, std::vector<Change> changes) {
  Event event;
  event.type = type;
  event.occur_time = At(seconds);
  event.changes = std::move(changes);
  return event;
}

Track Captured() {
  Track track;
  EXPECT_TRUE(ApplyEvent(Changed(EventType::kLeadCaptured, 0,
                                 {{"stage", "", "new"}, {"state", "", "OPEN"}}),
                         track)
                  .ok());
  return track;
}

TEST(TrackChanges, SaysOnlyWhatDiffers) {
  Track before;
  before.stage = "new";
  before.expected_value = 100;
  Track after = before;
  after.stage = "contacted";
  after.expected_value = 0;
  after.close_time = absl::FromUnixMicros(5);
  const std::vector<Change> changes = TrackChanges(before, after);
  ASSERT_EQ(changes.size(), 3);
  EXPECT_EQ(changes[0].field, "stage");
  EXPECT_EQ(changes[0].before, "new");
  EXPECT_EQ(changes[0].after, "contacted");
  EXPECT_EQ(changes[1].field, "expected_value");
  EXPECT_EQ(changes[1].before, "100");
  EXPECT_EQ(changes[1].after, "");
  EXPECT_EQ(changes[2].field, "close_time");
  EXPECT_EQ(changes[2].before, "");
  EXPECT_EQ(changes[2].after, "5");
}

TEST(TrackChanges, OfTheSameTrackAreNone) {
  EXPECT_TRUE(TrackChanges(Captured(), Captured()).empty());
}

TEST(TrackChanges, AppliedGiveTheTrackAgain) {
  testing::RandomHistory history(1);
  for (int i = 0; i < kSteps; ++i) history.Step();
  for (const auto& [lead, track] : history.tracks()) {
    Event event = Changed(EventType::kLeadCaptured, 0, TrackChanges(Track{}, track));
    Track again;
    ASSERT_TRUE(ApplyEvent(event, again).ok());
    EXPECT_TRUE(TrackChanges(track, again).empty()) << lead;
  }
}

TEST(ApplyEvent, OfACaptureSetsWhenItWasReceived) { EXPECT_EQ(Captured().receive_time, At(0)); }

TEST(ApplyEvent, OfAMoveEndsAVisitAndBeginsOne) {
  Track track = Captured();
  ASSERT_TRUE(
      ApplyEvent(Changed(EventType::kLeadMoved, 60, {{"stage", "new", "contacted"}}), track).ok());
  ASSERT_EQ(track.visits.size(), 2);
  EXPECT_EQ(track.visits[0].leave_time, At(60));
  EXPECT_EQ(track.visits[1].stage, "contacted");
  EXPECT_EQ(track.visits[1].enter_time, At(60));
  EXPECT_FALSE(track.visits[1].leave_time.has_value());
}

TEST(ApplyEvent, OfAnOutcomeEndsTheVisit) {
  Track track = Captured();
  ASSERT_TRUE(
      ApplyEvent(Changed(EventType::kLeadLost, 60, {{"state", "OPEN", "LOST"}}), track).ok());
  ASSERT_EQ(track.visits.size(), 1);
  EXPECT_EQ(track.visits[0].leave_time, At(60));
}

TEST(ApplyEvent, OfReopeningBeginsAVisitInTheLastStage) {
  Track track = Captured();
  ASSERT_TRUE(
      ApplyEvent(Changed(EventType::kLeadLost, 60, {{"state", "OPEN", "LOST"}}), track).ok());
  ASSERT_TRUE(
      ApplyEvent(Changed(EventType::kLeadReopened, 90, {{"state", "LOST", "OPEN"}}), track).ok());
  ASSERT_EQ(track.visits.size(), 2);
  EXPECT_EQ(track.visits[1].stage, "new");
  EXPECT_EQ(track.visits[1].enter_time, At(90));
}

TEST(ApplyEvent, OfAnotherStageWhileClosedBeginsNoVisit) {
  Track track = Captured();
  ASSERT_TRUE(
      ApplyEvent(Changed(EventType::kLeadLost, 60, {{"state", "OPEN", "LOST"}}), track).ok());
  ASSERT_TRUE(
      ApplyEvent(Changed(EventType::kLeadMoved, 90, {{"stage", "new", "fresh"}}), track).ok());
  EXPECT_EQ(track.stage, "fresh");
  EXPECT_EQ(track.visits.size(), 1);
}

TEST(ApplyEvent, PassesOverFieldsThatNoTrackHas) {
  Track track = Captured();
  EXPECT_TRUE(
      ApplyEvent(Changed(EventType::kProposalSent, 60, {{"proposal", "1", "2"}}), track).ok());
  EXPECT_TRUE(TrackChanges(Captured(), track).empty());
}

TEST(ApplyEvent, OfAValueThatTheFieldCannotHaveIsCorrupt) {
  for (const Change& change :
       {Change{"state", "OPEN", "PAUSED"}, Change{"won_value", "", "much"},
        Change{"close_time", "", "2026-01-01"}, Change{"qualified", "", "yes"}}) {
    Track track = Captured();
    const absl::Status status = ApplyEvent(Changed(EventType::kLeadWon, 60, {change}), track);
    EXPECT_EQ(ReasonOf(status), Reason::kStoreCorrupt) << change.field;
  }
}

TEST(LeadStateName, IsReadBack) {
  for (int i = 0; i <= 6; ++i) {
    const auto state = static_cast<LeadState>(i);
    EXPECT_EQ(ParseLeadState(LeadStateName(state)), state);
  }
  EXPECT_EQ(ParseLeadState("open"), std::nullopt);
}

}  // namespace
}  // namespace sales
