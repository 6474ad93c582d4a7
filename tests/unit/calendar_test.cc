#include "sales/calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/error.h"
#include "src/decide/calendar.h"

namespace sales {
namespace {

constexpr int kHour = 60;

WorkWeek Weekdays(std::vector<WorkInterval> intervals) {
  WorkWeek week;
  for (int day = 0; day < 5; ++day) week[day] = intervals;
  return week;
}

Calendar In(const std::string& zone, WorkWeek week,
            std::vector<CalendarException> exceptions = {}) {
  Calendar calendar;
  calendar.time_zone = zone;
  calendar.week = std::move(week);
  calendar.exceptions = std::move(exceptions);
  return calendar;
}

Calendar Office(const std::string& zone) { return In(zone, Weekdays({{10 * kHour, 18 * kHour}})); }

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

absl::Time At(const std::string& zone, int year, int month, int day, int hour = 0, int minute = 0) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, 0), Zone(zone));
}

WorkingTime Of(const Calendar& calendar) {
  absl::StatusOr<WorkingTime> working_time = WorkingTime::Of(calendar);
  EXPECT_TRUE(working_time.ok()) << working_time.status();
  return working_time.ok() ? *working_time : WorkingTime();
}

// Whether somebody works at an instant: what the definition says, found without any arithmetic on
// durations.
bool IsWorking(const Calendar& calendar, absl::TimeZone zone, absl::Time time) {
  const absl::CivilSecond civil = zone.At(time).cs;
  const absl::CivilDay today(civil);
  const int64_t second = civil - absl::CivilSecond(today);
  for (const int back : {0, 1}) {
    const absl::CivilDay day = today - back;
    const std::vector<WorkInterval>* intervals =
        &calendar.week[static_cast<size_t>(absl::GetWeekday(day))];
    for (const CalendarException& exception : calendar.exceptions) {
      if (exception.day == day) intervals = &exception.intervals;
    }
    for (const WorkInterval& interval : *intervals) {
      const int64_t at = second + back * 86'400;
      if (at >= interval.start_minute * 60 && at < interval.end_minute * 60) return true;
    }
  }
  return false;
}

absl::Duration Walk(const Calendar& calendar, absl::Time from, absl::Time to, int step_seconds) {
  const absl::TimeZone zone = Zone(calendar.time_zone);
  int64_t steps = 0;
  for (absl::Time at = from; at < to; at += absl::Seconds(step_seconds)) {
    if (IsWorking(calendar, zone, at)) ++steps;
  }
  return absl::Seconds(steps * step_seconds);
}

std::vector<WorkInterval> RandomDay(std::mt19937& random) {
  std::vector<WorkInterval> intervals;
  int minute = 0;
  const int count = static_cast<int>(random() % 4);
  for (int i = 0; i < count; ++i) {
    const int start = minute + static_cast<int>(random() % 400);
    const int end = start + 1 + static_cast<int>(random() % 500);
    if (start >= 1440) break;
    intervals.push_back({start, end});
    minute = end;
  }
  if (random() % 20 == 0) return {{0, 1440}};
  return intervals;
}

const char* const kZones[] = {"Europe/Amsterdam",    "America/Sao_Paulo", "Asia/Kolkata",
                              "Australia/Lord_Howe", "America/New_York",  "UTC"};

// Around changes of the clocks: in 2018 Sao Paulo still had summer time.
absl::Time SomeTime(std::mt19937& random) {
  return At("UTC", 2018, 1, 1) + absl::Seconds(static_cast<int64_t>(random() % (400 * 86'400)));
}

Calendar RandomCalendar(std::mt19937& random) {
  WorkWeek week;
  for (auto& day : week) day = RandomDay(random);
  std::vector<CalendarException> exceptions;
  absl::CivilDay day(2017, 12, 1);
  while (day < absl::CivilDay(2019, 3, 1)) {
    day += 1 + static_cast<int64_t>(random() % 30);
    exceptions.push_back(
        {day, "", random() % 2 == 0 ? RandomDay(random) : std::vector<WorkInterval>()});
  }
  week[random() % 7].clear();
  week[random() % 7] = {{540, 1020}};
  return In(kZones[random() % std::size(kZones)], week, exceptions);
}

TEST(WorkingTime, OfAnOfficeFromSaturdayEveningIsReachedOnMonday) {
  const WorkingTime office = Of(Office("Europe/Amsterdam"));
  // 7 March 2026 is a Saturday.
  const absl::Time saturday = At("Europe/Amsterdam", 2026, 3, 7, 18, 30);
  EXPECT_EQ(*office.Add(saturday, absl::Hours(1)), At("Europe/Amsterdam", 2026, 3, 9, 11));
}

TEST(WorkingTime, IsReachedAtTheEndOfADayNotAtTheBeginningOfTheNext) {
  const WorkingTime office = Of(Office("UTC"));
  EXPECT_EQ(*office.Add(At("UTC", 2026, 3, 9, 10), absl::Hours(8)), At("UTC", 2026, 3, 9, 18));
}

TEST(WorkingTime, OfNoDurationIsReachedAtOnce) {
  const WorkingTime office = Of(Office("UTC"));
  EXPECT_EQ(*office.Add(At("UTC", 2026, 3, 8, 3), absl::ZeroDuration()), At("UTC", 2026, 3, 8, 3));
}

TEST(WorkingTime, BackwardsIsNone) {
  const WorkingTime office = Of(Office("UTC"));
  EXPECT_EQ(office.Elapsed(At("UTC", 2026, 3, 10), At("UTC", 2026, 3, 9)), absl::ZeroDuration());
  EXPECT_EQ(ReasonOf(office.Add(At("UTC", 2026, 3, 9), -absl::Hours(1)).status()),
            Reason::kFieldInvalid);
}

TEST(WorkingTime, LeavesOutLunchHolidaysAndHalfDays) {
  const Calendar calendar =
      In("Europe/Amsterdam", Weekdays({{9 * kHour, 12 * kHour}, {13 * kHour, 17 * kHour}}),
         {{absl::CivilDay(2026, 12, 24), "Christmas Eve", {{9 * kHour, 12 * kHour}}},
          {absl::CivilDay(2026, 12, 25), "Christmas Day", {}}});
  EXPECT_EQ(Of(calendar).Elapsed(At("Europe/Amsterdam", 2026, 12, 23),
                                 At("Europe/Amsterdam", 2026, 12, 27)),
            absl::Hours(7 + 3));
}

TEST(WorkingTime, PastMidnightBelongsToTheDayItBeginsOn) {
  WorkWeek week;
  week[4] = {{22 * kHour, 30 * kHour}};  // Friday night, until 06:00
  const Calendar nights = In("UTC", week, {{absl::CivilDay(2026, 3, 13), "", {}}});
  // Friday the 6th is worked into Saturday; Friday the 13th is closed, and so is that night.
  EXPECT_EQ(Of(nights).Elapsed(At("UTC", 2026, 3, 7), At("UTC", 2026, 3, 8)), absl::Hours(6));
  EXPECT_EQ(Of(nights).Elapsed(At("UTC", 2026, 3, 13), At("UTC", 2026, 3, 15)),
            absl::ZeroDuration());
}

TEST(WorkingTime, OfANightInWhichTheClockSkipsAnHourHasOneLess) {
  WorkWeek nights;
  for (auto& day : nights) day = {{22 * kHour, 30 * kHour}};
  const WorkingTime amsterdam = Of(In("Europe/Amsterdam", nights));
  const auto night = [&](int month, int day) {
    return amsterdam.Elapsed(At("Europe/Amsterdam", 2026, month, day, 12),
                             At("Europe/Amsterdam", 2026, month, day + 1, 12));
  };
  EXPECT_EQ(night(3, 28), absl::Hours(7));
  EXPECT_EQ(night(10, 24), absl::Hours(9));
  EXPECT_EQ(night(10, 25), absl::Hours(8));
}

TEST(WorkingTime, OfLordHoweChangesByHalfAnHour) {
  WorkWeek always;
  for (auto& day : always) day = {{0, 24 * kHour}};
  const WorkingTime island = Of(In("Australia/Lord_Howe", always));
  const auto day_of = [&](int month, int day) {
    return island.Elapsed(At("Australia/Lord_Howe", 2026, month, day),
                          At("Australia/Lord_Howe", 2026, month, day + 1));
  };
  EXPECT_EQ(day_of(4, 5), absl::Minutes(24 * 60 + 30));
  EXPECT_EQ(day_of(10, 4), absl::Minutes(24 * 60 - 30));
}

TEST(WorkingTime, OfSaoPauloKnowsThatMidnightWasSkipped) {
  // On 4 November 2018 the clock went from 00:00 to 01:00.
  WorkWeek always;
  for (auto& day : always) day = {{0, 2 * kHour}};
  const WorkingTime working_time = Of(In("America/Sao_Paulo", always));
  EXPECT_EQ(working_time.Elapsed(At("America/Sao_Paulo", 2018, 11, 3, 12),
                                 At("America/Sao_Paulo", 2018, 11, 4, 12)),
            absl::Hours(1));
  // And on 17 February 2018, a Saturday, back from midnight to 23:00.
  EXPECT_EQ(working_time.Elapsed(At("America/Sao_Paulo", 2018, 2, 17, 12),
                                 At("America/Sao_Paulo", 2018, 2, 18, 12)),
            absl::Hours(2));
}

TEST(WorkingTime, IsTheSameOnBothSidesOfBothChangesEverywhere) {
  for (const char* zone : kZones) {
    const Calendar calendar = Office(zone);
    const WorkingTime office = Of(calendar);
    for (const int month : {2, 3, 4, 10, 11}) {
      const absl::Time from = At(zone, 2018, month, 1);
      const absl::Time to = At(zone, 2018, month, 28);
      EXPECT_EQ(office.Elapsed(from, to), Walk(calendar, from, to, 60)) << zone << " " << month;
    }
  }
}

TEST(WorkingTime, EqualsAWalkThroughEverySecond) {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const Calendar calendar = RandomCalendar(random);
    const WorkingTime working_time = Of(calendar);
    const absl::Time from = SomeTime(random);
    const absl::Time to = from + absl::Seconds(static_cast<int64_t>(random() % (3 * 86'400)));
    ASSERT_EQ(working_time.Elapsed(from, to), Walk(calendar, from, to, 1))
        << calendar.time_zone << " " << from << " " << to;
  }
}

TEST(WorkingTime, EqualsAWalkThroughEveryMinuteOfMonths) {
  std::mt19937 random(2);
  for (int round = 0; round < 20; ++round) {
    const Calendar calendar = RandomCalendar(random);
    const WorkingTime working_time = Of(calendar);
    const absl::Time from = absl::FromUnixSeconds(absl::ToUnixSeconds(SomeTime(random)) / 60 * 60);
    const absl::Time to = from + absl::Hours(24 * 60);
    ASSERT_EQ(working_time.Elapsed(from, to), Walk(calendar, from, to, 60))
        << calendar.time_zone << " " << from;
  }
}

TEST(WorkingTime, AddIsTheInverseOfElapsed) {
  std::mt19937 random(3);
  for (int round = 0; round < 400; ++round) {
    const Calendar calendar = RandomCalendar(random);
    const WorkingTime working_time = Of(calendar);
    for (int i = 0; i < 20; ++i) {
      const absl::Time from = SomeTime(random) + absl::Microseconds(random() % 1'000'000);
      const absl::Duration duration = absl::Microseconds(static_cast<int64_t>(random()) *
                                                         static_cast<int64_t>(random() % 1'000));
      const absl::StatusOr<absl::Time> due = working_time.Add(from, duration);
      ASSERT_TRUE(due.ok()) << due.status();
      ASSERT_EQ(working_time.Elapsed(from, *due), duration) << calendar.time_zone << " " << from;
      // And it is the earliest such time.
      if (duration > absl::ZeroDuration()) {
        ASSERT_LT(working_time.Elapsed(from, *due - absl::Microseconds(1)), duration);
      }
    }
  }
}

TEST(WorkingTime, OfPartsIsThatOfTheWhole) {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const WorkingTime working_time = Of(RandomCalendar(random));
    std::vector<absl::Time> times = {SomeTime(random), SomeTime(random), SomeTime(random)};
    std::sort(times.begin(), times.end());
    EXPECT_EQ(working_time.Elapsed(times[0], times[1]) + working_time.Elapsed(times[1], times[2]),
              working_time.Elapsed(times[0], times[2]));
  }
}

TEST(WorkingTime, WithoutACalendarIsAllTime) {
  const WorkingTime always;
  const absl::Time now = At("UTC", 2026, 3, 8);
  EXPECT_EQ(always.Elapsed(now, now + absl::Hours(99)), absl::Hours(99));
  EXPECT_EQ(*always.Add(now, absl::Hours(99)), now + absl::Hours(99));
}

TEST(WorkingTime, OfAnEmptyCalendarIsAnError) {
  EXPECT_EQ(ReasonOf(WorkingTime::Of(In("UTC", {})).status()), Reason::kCalendarEmpty);
}

TEST(WorkingTime, OfACalendarThatHasEndedIsAnErrorNotALoop) {
  const WorkingTime one_day =
      Of(In("UTC", {}, {{absl::CivilDay(2026, 3, 9), "", {{9 * kHour, 17 * kHour}}}}));
  EXPECT_EQ(*one_day.Add(At("UTC", 2026, 1, 1), absl::Hours(8)), At("UTC", 2026, 3, 9, 17));
  EXPECT_EQ(ReasonOf(one_day.Add(At("UTC", 2026, 1, 1), absl::Hours(9)).status()),
            Reason::kCalendarEmpty);
  EXPECT_EQ(ReasonOf(one_day.Add(At("UTC", 2026, 3, 10), absl::Hours(1)).status()),
            Reason::kCalendarEmpty);
  EXPECT_EQ(ReasonOf(one_day.Add(At("UTC", 2010, 3, 10), absl::Hours(1)).status()),
            Reason::kCalendarEmpty)
      << "nobody works in the ten years after";
}

TEST(WorkingTime, OfAnEndlessDurationIsAnErrorNotAnOverflow) {
  EXPECT_EQ(
      ReasonOf(Of(Office("UTC")).Add(At("UTC", 2026, 1, 1), absl::InfiniteDuration()).status()),
      Reason::kCalendarEmpty);
}

TEST(WorkingTime, BeyondTheTimesThatCanBeAskedForIsNone) {
  const WorkingTime office = Of(Office("Europe/Amsterdam"));
  EXPECT_EQ(office.Elapsed(absl::InfinitePast(), At("UTC", 1970, 1, 1)), absl::ZeroDuration());
  EXPECT_EQ(office.Elapsed(At("UTC", 2200, 1, 1), absl::InfiniteFuture()), absl::ZeroDuration());
}

TEST(WorkingTime, OfAnUnknownZoneIsRefused) {
  EXPECT_EQ(ReasonOf(WorkingTime::Of(Office("Mars/Olympus")).status()), Reason::kTimeZoneUnknown);
}

TEST(WorkingTime, OfHoursThatOverlapIsRefused) {
  const std::vector<std::vector<WorkInterval>> wrong = {{{540, 720}, {700, 800}},
                                                        {{700, 800}, {540, 600}},
                                                        {{540, 540}},
                                                        {{540, 500}},
                                                        {{-1, 50}},
                                                        {{1440, 1500}},
                                                        {{60, 1500}},
                                                        {{0, 1441}}};
  for (const std::vector<WorkInterval>& hours : wrong) {
    EXPECT_EQ(ReasonOf(WorkingTime::Of(In("UTC", Weekdays(hours))).status()),
              Reason::kHoursInvalid);
  }
}

TEST(WorkingTime, OfTwoExceptionsForADayIsRefused) {
  const absl::CivilDay day(2026, 3, 9);
  Calendar calendar = Office("UTC");
  calendar.exceptions = {{day, "", {}}, {day, "", {{540, 600}}}};
  EXPECT_EQ(ReasonOf(WorkingTime::Of(calendar).status()), Reason::kHoursInvalid);
}

std::string File(const std::string& events) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + events + "END:VCALENDAR\r\n";
}

std::string Event(const std::string& lines) {
  return "BEGIN:VEVENT\r\nUID:1\r\n" + lines + "END:VEVENT\r\n";
}

const absl::CivilDay kLast(2030, 12, 31);

std::vector<std::string> DaysOf(const std::string& file) {
  const absl::StatusOr<HolidayList> list = ReadHolidays(file, kLast);
  EXPECT_TRUE(list.ok()) << list.status();
  std::vector<std::string> days;
  if (!list.ok()) return days;
  for (const CalendarException& day : list->days) {
    days.push_back(absl::FormatCivilTime(day.day) + " " + day.title);
  }
  return days;
}

using Texts = std::vector<std::string>;

TEST(Holidays, AreTheDaysOfAllDayEvents) {
  EXPECT_EQ(DaysOf(File(Event("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\n"
                              "SUMMARY:Christmas\r\n") +
                        Event("DTSTART;VALUE=DATE:20260427\r\nSUMMARY:King's Day\r\n"))),
            (Texts{"2026-04-27 King's Day", "2026-12-25 Christmas", "2026-12-26 Christmas"}));
}

TEST(Holidays, RecurUntilTheLastDayThatIsAskedFor) {
  EXPECT_EQ(DaysOf(File(Event("DTSTART;VALUE=DATE:20280101\r\nRRULE:FREQ=YEARLY\r\n"
                              "EXDATE;VALUE=DATE:20290101\r\nSUMMARY:New Year\r\n"))),
            (Texts{"2028-01-01 New Year", "2030-01-01 New Year"}));
}

TEST(Holidays, LeaveOutEventsWithTimesAndCancelledOnes) {
  const absl::StatusOr<HolidayList> list =
      ReadHolidays(File(Event("DTSTART:20261225T100000Z\r\nSUMMARY:Breakfast\r\n") +
                        Event("DTSTART;VALUE=DATE:20261226\r\nSTATUS:CANCELLED\r\n") +
                        Event("DTSTART;VALUE=DATE:15000101\r\n")),
                   kLast);
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_TRUE(list->days.empty());
  EXPECT_EQ(list->events_skipped, 3);
}

TEST(Holidays, OutOfATextThatIsNoCalendarAreRefused) {
  for (const std::string& text : {std::string("hello"), std::string("BEGIN:VCARD\r\nEND:VCARD\r\n"),
                                  std::string("{}"), std::string("BEGIN:VCALENDAR")}) {
    const auto list = ReadHolidays(text, kLast);
    if (list.ok()) {
      EXPECT_TRUE(list->days.empty()) << text;
    } else {
      EXPECT_EQ(ReasonOf(list.status()), Reason::kIcalendarInvalid) << text;
    }
  }
  EXPECT_EQ(ReasonOf(ReadHolidays("hello", kLast).status()), Reason::kIcalendarInvalid);
  EXPECT_EQ(ReasonOf(ReadHolidays("", kLast).status()), Reason::kFieldRequired);
}

TEST(Holidays, ThatRecurEverySecondAreRefusedNotFollowed) {
  EXPECT_EQ(
      ReasonOf(
          ReadHolidays(File(Event("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=SECONDLY\r\n")), kLast)
              .status()),
      Reason::kIcalendarInvalid);
}

TEST(Holidays, BrokenAnywhereEndNeitherInACrashNorInALoop) {
  const std::string whole =
      File(Event("DTSTART;VALUE=DATE:20280101\r\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1MO\r\n"
                 "EXDATE;VALUE=DATE:20290101\r\nDURATION:P2D\r\nSUMMARY:New Year\r\n"));
  std::mt19937 random(5);
  for (int round = 0; round < 2'000; ++round) {
    std::string text = whole;
    for (int i = 0; i < 3; ++i) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(1 + random() % 126);
          break;
        case 1:
          text.erase(at, random() % 10);
          break;
        default:
          text.insert(at, std::to_string(random()));
      }
      if (text.empty()) text = "x";
    }
    const auto list = ReadHolidays(text, kLast);
    if (list.ok()) {
      EXPECT_LE(list->days.size(), 4'000u);
    }
  }
}

}  // namespace
}  // namespace sales
