// Plans against the working time of their quarter.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sales/calendar.h"
#include "src/decide/plans.h"
#include "src/decide/report_plan.h"

namespace sales {
namespace {

constexpr char kZone[] = "Europe/Amsterdam";

absl::TimeZone Zone() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(kZone, &zone));
  return zone;
}

absl::Time At(int year, int month, int day, int hour = 0) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, 0, 0), Zone());
}

int64_t Quarter(const std::string& text) {
  const std::optional<int64_t> quarter = ParseQuarter(text);
  EXPECT_TRUE(quarter.has_value()) << text;
  return quarter.value_or(0);
}

WorkingTime Of(WorkWeek week, std::vector<CalendarException> exceptions = {}) {
  Calendar calendar;
  calendar.time_zone = kZone;
  calendar.week = std::move(week);
  calendar.exceptions = std::move(exceptions);
  absl::StatusOr<WorkingTime> working_time = WorkingTime::Of(calendar);
  EXPECT_TRUE(working_time.ok()) << working_time.status();
  return working_time.ok() ? *working_time : WorkingTime();
}

// Mondays to Fridays, 10:00 to 18:00.
WorkWeek OfficeWeek() {
  WorkWeek week;
  for (int day = 0; day < 5; ++day) week[day] = {{10 * 60, 18 * 60}};
  return week;
}

// Sundays, 0:00 to 6:00: clocks change in these hours.
WorkWeek SundayNights() {
  WorkWeek week;
  week[6] = {{0, 6 * 60}};
  return week;
}

PlanPace Pace(const std::string& quarter, absl::Time at, const WorkingTime& working_time) {
  return PaceOf(Quarter(quarter), at, Zone(), working_time);
}

TEST(ParseQuarter, IsReadBackAsWritten) {
  for (int64_t quarter = 1970 * 4; quarter < 2200 * 4; ++quarter) {
    EXPECT_EQ(ParseQuarter(FormatQuarter(quarter)), quarter);
  }
  EXPECT_EQ(FormatQuarter(Quarter("2026-Q1")), "2026-Q1");
}

TEST(ParseQuarter, RefusesWhatIsNone) {
  for (const char* text : {"", "2026", "2026-Q0", "2026-Q5", "2026-q1", "2026Q1", "2026-Q11",
                           " 2026-Q1", "20a6-Q1", "1969-Q4", "2200-Q1", "+026-Q1", "-026-Q1"}) {
    EXPECT_FALSE(ParseQuarter(text).has_value()) << text;
  }
}

TEST(DaysOf, AreThreeMonths) {
  const Window first = DaysOf(Quarter("2026-Q1"));
  EXPECT_EQ(first.start, absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(first.end, absl::CivilDay(2026, 4, 1));
  const Window last = DaysOf(Quarter("2026-Q4"));
  EXPECT_EQ(last.start, absl::CivilDay(2026, 10, 1));
  EXPECT_EQ(last.end, absl::CivilDay(2027, 1, 1));
}

TEST(QuarterOf, IsTheOneWhoseDaysHaveTheDay) {
  for (absl::CivilDay day(2023, 12, 1); day < absl::CivilDay(2025, 2, 1); ++day) {
    const Window days = DaysOf(QuarterOf(day));
    EXPECT_TRUE(*days.start <= day && day < *days.end) << absl::FormatCivilTime(day);
  }
}

TEST(PaceOf, CountsAllHoursWithoutACalendar) {
  // 90 days; the night of 29 March 2026 has an hour less.
  const PlanPace pace = Pace("2026-Q1", At(2026, 1, 2), {});
  EXPECT_EQ(pace.total, absl::Hours(90 * 24 - 1));
  EXPECT_EQ(pace.elapsed, absl::Hours(24));
}

TEST(PaceOf, OfOfficeHoursIsTheSameAcrossAChangeOfClocks) {
  const WorkingTime office = Of(OfficeWeek());
  // The first quarter of 2026 begins on a Thursday and has 64 weekdays: 2 up to the first Sunday,
  // 12 weeks of 5 up to 29 March, 2 after it.
  const PlanPace before = Pace("2026-Q1", At(2026, 3, 28), office);
  const PlanPace after = Pace("2026-Q1", At(2026, 3, 30), office);
  EXPECT_EQ(before.total, absl::Hours(64 * 8));
  EXPECT_EQ(before.elapsed, absl::Hours(62 * 8));
  EXPECT_EQ(after.elapsed, before.elapsed);
  // 13:00 is 3 hours after 10:00 by summer time too.
  EXPECT_EQ(Pace("2026-Q1", At(2026, 3, 30, 13), office).elapsed, absl::Hours(62 * 8 + 3));
}

TEST(PaceOf, LacksTheHourThatTheClocksSkip) {
  const WorkingTime nights = Of(SundayNights());
  // 13 Sundays from 4 January to 29 March.
  const PlanPace pace = Pace("2026-Q1", At(2026, 3, 29, 4), nights);
  EXPECT_EQ(pace.total, absl::Hours(13 * 6 - 1));
  EXPECT_EQ(pace.elapsed, absl::Hours(12 * 6 + 3));
}

TEST(PaceOf, HasTheHourTwiceThatTheClocksShowTwice) {
  const WorkingTime nights = Of(SundayNights());
  // 13 Sundays from 4 October to 27 December; the clocks go back on the fourth, 25 October.
  const PlanPace pace = Pace("2026-Q4", At(2026, 10, 25, 4), nights);
  EXPECT_EQ(pace.total, absl::Hours(13 * 6 + 1));
  EXPECT_EQ(pace.elapsed, absl::Hours(3 * 6 + 5));
}

TEST(PaceOf, LacksHolidays) {
  // 1 January 2026 is a Thursday.
  const WorkingTime office = Of(OfficeWeek(), {{absl::CivilDay(2026, 1, 1), "New Year", {}}});
  const PlanPace pace = Pace("2026-Q1", At(2026, 1, 2, 12), office);
  EXPECT_EQ(pace.total, absl::Hours(63 * 8));
  EXPECT_EQ(pace.elapsed, absl::Hours(2));
}

TEST(PaceOf, IsNothingBeforeTheQuarter) {
  const WorkingTime office = Of(OfficeWeek());
  for (const absl::Time at : {At(2025, 6, 1), At(2026, 1, 1), absl::InfinitePast()}) {
    const PlanPace pace = Pace("2026-Q1", at, office);
    EXPECT_EQ(pace.elapsed, absl::ZeroDuration()) << at;
    EXPECT_EQ(pace.total, absl::Hours(64 * 8)) << at;
  }
}

TEST(PaceOf, IsTheWholeAfterTheQuarter) {
  const WorkingTime office = Of(OfficeWeek());
  for (const absl::Time at : {At(2026, 4, 1), At(2030, 1, 1), absl::InfiniteFuture()}) {
    EXPECT_EQ(Pace("2026-Q1", at, office).elapsed, absl::Hours(64 * 8)) << at;
  }
}

TEST(PaceOf, AddsUpOverTheQuartersOfAYear) {
  const WorkingTime office = Of(OfficeWeek());
  absl::Duration sum;
  for (const char* quarter : {"2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"}) {
    sum += Pace(quarter, At(2026, 1, 1), office).total;
  }
  EXPECT_EQ(sum, office.Elapsed(At(2026, 1, 1), At(2027, 1, 1)));
}

Plan PlanOf(PlanTargets targets) {
  Plan plan;
  plan.id = "plan";
  plan.quarter = "2026-Q1";
  plan.team = "team";
  plan.targets = std::move(targets);
  return plan;
}

PlanTargets AllTargets() {
  PlanTargets targets;
  targets.revenue = Money{"EUR", 1'000};
  targets.won = 10;
  targets.leads = 30;
  targets.response_within_limit = 9'000;
  targets.proposal_within_limit = 8'000;
  targets.conversion = 2'500;
  return targets;
}

SpeedSums Facts() {
  SpeedSums facts;
  TallySum& sums = facts.sums;
  sums.Add(Metric::kReceived, "", 0, 12);
  sums.Add(Metric::kWon, "", 0, 3);
  sums.Add(Metric::kClosed, LeadStateName(LeadState::kWon), 0, 4);
  sums.Add(Metric::kClosed, LeadStateName(LeadState::kLost), 0, 50);
  sums.Add(Metric::kClosedRevenue, "", 0, 500);
  // One of them is overdue, and one is not due yet.
  sums.Add(Metric::kResponseAsked, "", kWithinLimit, 10);
  facts.waiting.responses = 1;
  sums.Add(Metric::kResponseDone, "", kWithinLimit, 6);
  sums.Add(Metric::kResponseDone, "", kLate, 2);
  sums.Add(Metric::kResponseDone, "", kNoLimit, 70);
  sums.Add(Metric::kProposalAsked, "", kWithinLimit, 5);
  sums.Add(Metric::kProposalDone, "", kWithinLimit, 1);
  sums.Add(Metric::kProposalDone, "", kLate, 4);
  return facts;
}

PlanProgress Progress(const PlanTargets& targets, absl::Duration elapsed, absl::Duration total) {
  return MakePlanProgress(PlanOf(targets), "EUR", {elapsed, total}, Facts());
}

TEST(MakePlanProgress, HasTheShareOfTheTargetDueThatTheTimeIs) {
  const PlanProgress progress = Progress(AllTargets(), absl::Hours(100), absl::Hours(300));
  EXPECT_EQ(progress.revenue.due, (Money{"EUR", 333}));
  EXPECT_DOUBLE_EQ(progress.won.due.value_or(-1), 10. / 3);
  EXPECT_DOUBLE_EQ(progress.leads.due.value_or(-1), 10);
}

TEST(MakePlanProgress, RoundsHalvesOfAmountsUp) {
  PlanTargets targets;
  targets.revenue = Money{"EUR", 1'001};
  EXPECT_EQ(Progress(targets, absl::Hours(1), absl::Hours(2)).revenue.due, (Money{"EUR", 501}));
}

TEST(MakePlanProgress, GoesOnAtTheSamePace) {
  const PlanProgress progress = Progress(AllTargets(), absl::Hours(100), absl::Hours(300));
  EXPECT_EQ(progress.revenue.projection, (Money{"EUR", 1'500}));
  EXPECT_DOUBLE_EQ(progress.won.projection.value_or(-1), 12);
  EXPECT_DOUBLE_EQ(progress.leads.projection.value_or(-1), 36);
}

TEST(MakePlanProgress, ProjectsNothingBeforeAnyWorkingTime) {
  const PlanProgress progress = Progress(AllTargets(), absl::ZeroDuration(), absl::Hours(300));
  EXPECT_FALSE(progress.revenue.projection.has_value());
  EXPECT_FALSE(progress.won.projection.has_value());
  EXPECT_FALSE(progress.leads.projection.has_value());
  EXPECT_EQ(progress.revenue.due, (Money{"EUR", 0}));
  EXPECT_EQ(progress.won.due, 0);
  EXPECT_EQ(progress.revenue.fact.minor_units, 500);
}

TEST(MakePlanProgress, HasTargetAndFactAtTheEndOfTheQuarter) {
  const PlanProgress progress = Progress(AllTargets(), absl::Hours(300), absl::Hours(300));
  EXPECT_EQ(progress.revenue.due, progress.revenue.target);
  EXPECT_EQ(progress.revenue.projection, progress.revenue.fact);
  EXPECT_EQ(progress.won.due, 10);
  EXPECT_EQ(progress.won.projection, 4);
}

TEST(MakePlanProgress, HasNothingDueWithoutATarget) {
  const PlanProgress progress = Progress({}, absl::Hours(100), absl::Hours(300));
  EXPECT_FALSE(progress.revenue.target.has_value());
  EXPECT_FALSE(progress.revenue.due.has_value());
  EXPECT_FALSE(progress.won.due.has_value());
  EXPECT_FALSE(progress.conversion.target.has_value());
  EXPECT_TRUE(progress.revenue.projection.has_value());
}

TEST(MakePlanProgress, HasNeitherDueNorProjectionInAQuarterWithoutWork) {
  const PlanProgress progress = Progress(AllTargets(), {}, {});
  EXPECT_FALSE(progress.revenue.due.has_value());
  EXPECT_FALSE(progress.won.due.has_value());
  EXPECT_FALSE(progress.revenue.projection.has_value());
  EXPECT_FALSE(progress.leads.projection.has_value());
}

TEST(MakePlanProgress, CountsWhatClosedAndOfSharesWhatHadALimit) {
  const PlanProgress progress = Progress(AllTargets(), absl::Hours(100), absl::Hours(300));
  EXPECT_EQ(progress.plan, "plan");
  EXPECT_EQ(progress.team, "team");
  EXPECT_EQ(progress.won.fact, 4);
  EXPECT_EQ(progress.leads.fact, 12);
  EXPECT_EQ(progress.conversion.fact.numerator, 3);
  EXPECT_EQ(progress.conversion.fact.denominator, 12);
  EXPECT_EQ(progress.response_within_limit.fact.numerator, 6);
  EXPECT_EQ(progress.response_within_limit.fact.denominator, 9);
  EXPECT_EQ(progress.proposal_within_limit.fact.numerator, 1);
  EXPECT_EQ(progress.proposal_within_limit.fact.denominator, 5);
  EXPECT_EQ(progress.proposal_within_limit.target, 8'000);
}

TEST(MakePlanProgress, ProjectsTheGreatestAmountWhereItIsGreater) {
  SpeedSums facts;
  facts.sums.Add(Metric::kClosedRevenue, "", 0, int64_t{1} << 60);
  const PlanProgress progress = MakePlanProgress(
      PlanOf(AllTargets()), "EUR", {absl::Microseconds(1), absl::Hours(2'200)}, facts);
  ASSERT_TRUE(progress.revenue.projection.has_value());
  EXPECT_EQ(progress.revenue.projection->minor_units, std::numeric_limits<int64_t>::max());
}

}  // namespace
}  // namespace sales
