// Runs and declines as events tell them, and what tallies make of them.
#include "src/decide/runs.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "src/decide/hours.h"
#include "src/decide/report_declines.h"
#include "src/decide/report_referrals.h"
#include "src/decide/report_speed.h"
#include "src/decide/tally.h"
#include "src/decide/track.h"

namespace sales {
namespace {

const absl::Time kStart = absl::UnixEpoch() + absl::Hours(24 * 365 * 56);

Run Answered(absl::Duration elapsed, bool late) {
  Run run;
  run.start = kStart;
  run.due = kStart + (late ? elapsed - absl::Seconds(1) : elapsed);
  run.stop = kStart + elapsed;
  run.elapsed = elapsed;
  return run;
}

Track TrackWith(std::vector<Run> runs) {
  Track track;
  track.state = LeadState::kOpen;
  track.receive_time = kStart;
  track.runs = std::move(runs);
  return track;
}

TallySum SumOf(const Track& track) {
  TallySum sum;
  std::string detail;
  for (const TrackCount& count : CountsOf(track, absl::UTCTimeZone())) {
    SetDetail(count, detail);
    sum.Add(count.metric, detail, count.bucket, count.n);
  }
  return sum;
}

TEST(Runs, AreReadAsTheyWereWritten) {
  sales::Run open;
  open.kind = RunKind::kProposal;
  open.start = kStart;
  sales::Run dropped = Answered(absl::Seconds(7), false);
  dropped.elapsed = absl::ZeroDuration();
  dropped.dropped = true;
  for (const sales::Run& run : {open, dropped, Answered(absl::Hours(3), true)}) {
    const std::optional<sales::Run> read = DecodeRun(EncodeRun(run));
    ASSERT_TRUE(read.has_value()) << EncodeRun(run);
    EXPECT_EQ(*read, run);
  }
}

TEST(Runs, ThatCannotBeReadAreNone) {
  for (const char* const text : {"", "R", "X:1:::", "R:one:::", "R:1:2:3:four", "R:1:2:3:"}) {
    EXPECT_FALSE(DecodeRun(text).has_value()) << text;
  }
}

TEST(Declines, AreReadAsTheyWereWritten) {
  Decline decline;
  decline.time = kStart;
  decline.reason = "price";
  decline.stage = "new";
  decline.actor = "the owner: 100 %;\nall";
  decline.better = true;
  decline.differ = true;
  decline.return_time = kStart + absl::Hours(1);
  decline.referrals = 2;
  decline.revenue = -5;
  const std::optional<Decline> read = DecodeDecline(EncodeDecline(decline));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, decline);
  for (const char* const text : {"", "x", "1:a:b:c", "1:a:b:::x:0:0:"}) {
    EXPECT_FALSE(DecodeDecline(text).has_value()) << text;
  }
}

TEST(Details, OfDeclinesHoldAnyActor) {
  Track track = TrackWith({});
  Decline decline;
  decline.time = kStart;
  decline.reason = "price";
  decline.actor = "a b;c=d:e%f/Анна\n";
  track.declines = {decline};
  const DeclineReport report = MakeDeclineReport({}, "EUR", 1, SumOf(track));
  ASSERT_EQ(report.deciders.size(), 1u);
  EXPECT_EQ(report.deciders[0].key, decline.actor);
}

TEST(SpeedFigures, CountWhatKeptToItsLimitAndWhatWasLate) {
  sales::Run open;
  open.start = kStart;
  open.due = kStart + absl::Hours(1);
  sales::Run free = open;
  free.due.reset();
  const TallySum sum = SumOf(TrackWith(
      {Answered(absl::Minutes(5), false), Answered(absl::Minutes(60), true), open, open, free}));
  const SpeedFigures figures = SpeedFiguresOf(sum, RunKind::kResponse, 1);
  EXPECT_EQ(figures.asked, 5);
  EXPECT_EQ(figures.done, 2);
  EXPECT_EQ(figures.open, 3);
  EXPECT_EQ(figures.overdue, 1);
  EXPECT_EQ(figures.within_limit.numerator, 1);
  EXPECT_EQ(figures.within_limit.denominator, 3);
  EXPECT_EQ(figures.time.mean, absl::Seconds(1950));
  EXPECT_EQ(figures.within[0].done, 1);
  EXPECT_EQ(figures.within[1].done, 1);
  EXPECT_EQ(figures.within[2].done, 2);
  EXPECT_EQ(SpeedFiguresOf(sum, RunKind::kProposal, 0).asked, 0);
}

TEST(HoursOfTheWeek, BeginOnMondayInTheZone) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  const auto hour_of = [&](int day, int hour, int minute) {
    return HourOfWeek(absl::FromCivil(absl::CivilSecond(2026, 10, day, hour, minute, 0), zone),
                      zone);
  };
  EXPECT_EQ(hour_of(19, 0, 0), 0);
  EXPECT_EQ(hour_of(25, 23, 59), 167);
  // 2026-10-25: an hour comes twice.
  const absl::Time first = absl::FromCivil(absl::CivilSecond(2026, 10, 25, 1, 30, 0), zone);
  EXPECT_EQ(HourOfWeek(first + absl::Hours(1), zone), 6 * 24 + 2);
  EXPECT_EQ(HourOfWeek(first + absl::Hours(2), zone), 6 * 24 + 2);
  EXPECT_EQ(HourOfWeek(first + absl::Hours(3), zone), 6 * 24 + 3);
  for (int hour = 0; hour < kHoursOfWeek; ++hour) EXPECT_EQ(ParseHour(HourName(hour)), hour);
  for (const char* const none : {"", "168", "-1", "1x"}) EXPECT_EQ(ParseHour(none), -1);
}

TEST(Referrals, CountALeadOnceHoweverManyWaysLeadToIt) {
  // a sent b and c, both sent d, who sent e.
  const std::vector<ReferredLead> leads = {{"a", "b", 1, false, 0},
                                           {"a", "c", 1, false, 0},
                                           {"b", "d", 2, false, 0},
                                           {"c", "d", 2, true, 10},
                                           {"d", "e", 3, true, 5}};
  ReferralQuery query;
  query.contacts_max = 10;
  const ReferralReport report = MakeReferralReport(query, "EUR", 1, leads);
  ASSERT_EQ(report.contacts.size(), 4u);
  EXPECT_EQ(report.contacts[0].contact, "a");
  EXPECT_EQ(report.contacts[0].all.leads, 5);
  EXPECT_EQ(report.contacts[0].all.revenue.minor_units, 15);
  EXPECT_EQ(report.contacts[1].all.leads, 2);
}

TEST(Referrals, InACircleEnd) {
  ReferralQuery query;
  query.contacts_max = 10;
  const ReferralReport report =
      MakeReferralReport(query, "EUR", 1, {{"a", "b", 1, false, 0}, {"b", "a", 2, false, 0}});
  ASSERT_EQ(report.contacts.size(), 2u);
  EXPECT_EQ(report.contacts[0].all.leads, 2);
}

}  // namespace
}  // namespace sales
