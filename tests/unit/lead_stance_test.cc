#include <string>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

TEST(SetStance, IsKeptWithItsReasonAndItsHistory) {
  LeadFixture fixture = Captured();
  EXPECT_EQ(fixture.lead().stance, Stance::kUnspecified);
  EXPECT_DONE(fixture.Do(SetStance{Stance::kPursue, "a name that draws others"}));
  EXPECT_EQ(fixture.Told("stance"), ">PURSUE");
  EXPECT_DONE(fixture.Do(To("b")));
  fixture.at = Hour(5);
  EXPECT_DONE(fixture.Do(SetStance{Stance::kLetGo, "he wants it for nothing"}));
  EXPECT_EQ(fixture.Told("stance"), "PURSUE>LET_GO");
  EXPECT_EQ(fixture.effect.type, EventType::kStanceSet);
  EXPECT_EQ(fixture.lead().stance, Stance::kLetGo);
  ASSERT_EQ(fixture.lead().stances.size(), 2u);
  EXPECT_EQ(fixture.lead().stances[0].stage, "a");
  EXPECT_EQ(fixture.lead().stances[1].stage, "b");
  EXPECT_EQ(fixture.lead().stances[1].reason, "he wants it for nothing");
  EXPECT_EQ(fixture.lead().stances[1].occur_time, Hour(5));
  EXPECT_EQ(fixture.lead().stances[1].actor, "anna");
}

TEST(SetStance, TellsNoReasonInItsEvent) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(SetStance{Stance::kSteady, "his brother told us so"}));
  for (const Change& change : fixture.effect.changes) {
    EXPECT_EQ((change.field + change.before + change.after).find("brother"), std::string::npos);
  }
}

TEST(SetStance, NeedsAStanceAndAReason) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(SetStance{Stance::kUnspecified, "so"}), "FIELD_REQUIRED");
  EXPECT_REFUSED(fixture.Do(SetStance{static_cast<Stance>(9), "so"}), "ENUM_UNKNOWN");
  const absl::Status status = fixture.Do(SetStance{Stance::kSteady, " "});
  EXPECT_REFUSED(status, "FIELD_REQUIRED");
  EXPECT_EQ(FieldOf(status), "reason");
}

TEST(SetStance, IsForLeadsThatMayStillBeWon) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(LoseLead{"price", ""}));
  EXPECT_REFUSED(fixture.Do(SetStance{Stance::kPursue, "so"}), "LEAD_NOT_OPEN");
}

TEST(SetStance, IsBounded) {
  LeadFixture fixture = Captured();
  for (int i = 0; i < limits::stances_max; ++i) {
    EXPECT_DONE(fixture.Do(SetStance{Stance::kSteady, "again"}));
  }
  EXPECT_REFUSED(fixture.Do(SetStance{Stance::kSteady, "again"}), "LIMIT_REACHED");
}

}  // namespace
}  // namespace sales
