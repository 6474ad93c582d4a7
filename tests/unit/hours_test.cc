// Hours across changes of clocks, against walking through every minute.
#include "src/decide/hours.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>

namespace sales {
namespace {

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

// Every hour that clocks show, walked through minute by minute: by day, hour and how often the
// clocks went back into it; with its first minute.
using Walked = std::map<std::tuple<absl::CivilDay, int, int>, absl::Time>;

Walked Walk(absl::CivilDay start, absl::CivilDay end, absl::TimeZone zone) {
  Walked hours;
  std::map<std::pair<absl::CivilDay, int>, int> times;
  absl::CivilMinute last(1900, 1, 1);
  int again = 0;
  std::set<absl::CivilMinute> seen;
  for (absl::Time at = absl::FromCivil(start - 1, zone); at < absl::FromCivil(end + 1, zone);
       at += absl::Minutes(1)) {
    const absl::CivilMinute minute = absl::ToCivilMinute(at, zone);
    again = seen.insert(minute).second ? 0 : 1;
    const absl::CivilDay day(minute);
    if (day < start || day >= end) continue;
    hours.try_emplace({day, minute.hour(), again}, at);
    last = minute;
  }
  return hours;
}

const char* const kZones[] = {"UTC",
                              "Europe/Amsterdam",
                              "America/New_York",
                              "Australia/Lord_Howe",
                              "America/Sao_Paulo",
                              "Pacific/Apia",
                              "Asia/Kathmandu",
                              "America/Havana"};

struct Days {
  absl::CivilDay start;
  absl::CivilDay end;
};
const Days kDays[] = {{absl::CivilDay(2026, 3, 27), absl::CivilDay(2026, 4, 8)},
                      {absl::CivilDay(2026, 10, 3), absl::CivilDay(2026, 11, 3)},
                      {absl::CivilDay(2011, 12, 25), absl::CivilDay(2012, 1, 3)},
                      {absl::CivilDay(2018, 2, 14), absl::CivilDay(2018, 2, 20)},
                      {absl::CivilDay(2018, 11, 1), absl::CivilDay(2018, 11, 12)},
                      {absl::CivilDay(2026, 3, 6), absl::CivilDay(2026, 3, 10)}};

TEST(HoursOfDay, AreThoseThatTheClocksShow) {
  for (const char* name : kZones) {
    const absl::TimeZone zone = Zone(name);
    for (const Days& days : kDays) {
      const Walked walked = Walk(days.start, days.end, zone);
      Walked hours;
      for (absl::CivilDay day = days.start; day < days.end; ++day) {
        for (const DayHour& hour : HoursOfDay(day, zone)) {
          hours[{day, hour.hour_mark % kHoursOfDay, hour.hour_mark / kHoursOfDay}] =
              hour.start_time;
        }
      }
      EXPECT_EQ(hours, walked) << name << ' ' << absl::FormatCivilTime(days.start);
    }
  }
}

TEST(CountHours, CountsARepeatedHourTwiceAndASkippedOneNot) {
  for (const char* name : kZones) {
    const absl::TimeZone zone = Zone(name);
    for (const Days& days : kDays) {
      std::vector<int64_t> expected(kHoursOfWeek, 0);
      for (const auto& [place, start] : Walk(days.start, days.end, zone)) {
        const auto& [day, hour, again] = place;
        ++expected[HourOfWeek(day, hour)];
      }
      EXPECT_EQ(CountHours(days.start, days.end, zone), expected)
          << name << ' ' << absl::FormatCivilTime(days.start);
    }
  }
}

TEST(CountHours, OfAYearIsWhatTheYearHas) {
  const auto sum = [](const std::vector<int64_t>& hours) {
    int64_t all = 0;
    for (const int64_t n : hours) all += n;
    return all;
  };
  const absl::CivilDay start(2026, 1, 1);
  EXPECT_EQ(sum(CountHours(start, absl::CivilDay(2027, 1, 1), Zone("Europe/Amsterdam"))), 8760);
  EXPECT_EQ(sum(CountHours(start, absl::CivilDay(2026, 7, 1), Zone("Europe/Amsterdam"))),
            181 * 24 - 1);
  EXPECT_EQ(sum(CountHours(start, start, Zone("UTC"))), 0);
}

TEST(HourMarkOf, TellsARepeatedHourFromTheFirst) {
  const absl::TimeZone zone = Zone("Europe/Amsterdam");
  // 02:30 in summer time, and an hour later 02:30 again.
  const absl::Time first = absl::FromCivil(absl::CivilSecond(2026, 10, 25, 2, 30, 0), zone);
  const absl::Time second = first + absl::Hours(1);
  EXPECT_EQ(HourMarkOf(first, zone.At(first).cs, zone), 2);
  EXPECT_EQ(HourMarkOf(second, zone.At(second).cs, zone), 26);
  EXPECT_EQ(HourOfWeek(absl::CivilDay(2026, 10, 25), 26), 6 * 24 + 2);
}

}  // namespace
}  // namespace sales
