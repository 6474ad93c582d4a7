#include "src/decide/hours.h"

#include <algorithm>

namespace sales {
namespace {

int DayOfWeek(absl::CivilDay day) { return static_cast<int>(absl::GetWeekday(day)); }

// When the clocks are changed first at or after an instant; infinitely late if never.
absl::Time NextChange(absl::Time from, absl::TimeZone zone) {
  absl::TimeZone::CivilTransition change;
  if (!zone.NextTransition(from - absl::Nanoseconds(1), &change)) return absl::InfiniteFuture();
  // The first instant that the clocks show as `to`.
  const absl::TimeZone::TimeInfo info = zone.At(change.to);
  return info.kind == absl::TimeZone::TimeInfo::REPEATED ? info.post : info.trans;
}

}  // namespace

int HourMarkOf(absl::Time time, absl::CivilSecond civil, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(civil);
  const bool again = info.kind == absl::TimeZone::TimeInfo::REPEATED && time >= info.trans;
  return civil.hour() + (again ? kHoursOfDay : 0);
}

int HourOfWeek(absl::CivilDay day, int hour_mark) {
  return DayOfWeek(day) * kHoursOfDay + hour_mark % kHoursOfDay;
}

std::vector<DayHour> HoursOfDay(absl::CivilDay day, absl::TimeZone zone) {
  std::vector<DayHour> hours;
  const absl::Time end = absl::FromCivil(absl::CivilSecond(day + 1), zone);
  absl::Time at = absl::FromCivil(absl::CivilSecond(day), zone);
  absl::Time change = NextChange(at, zone);
  while (at < end) {
    const absl::CivilSecond civil = zone.At(at).cs;
    const int mark = HourMarkOf(at, civil, zone);
    const bool known = std::any_of(hours.begin(), hours.end(),
                                   [&](const DayHour& hour) { return hour.hour_mark == mark; });
    if (!known && absl::CivilDay(civil) == day) hours.push_back({mark, at});
    const absl::Time next = at + absl::Seconds(3'600 - civil.minute() * 60 - civil.second());
    at = change > at ? std::min(next, change) : next;
    if (at == change) change = NextChange(at + absl::Seconds(1), zone);
  }
  return hours;
}

std::vector<int64_t> CountHours(absl::CivilDay start, absl::CivilDay end, absl::TimeZone zone) {
  std::vector<int64_t> hours(kHoursOfWeek, 0);
  if (start >= end) return hours;
  // Whole weeks and the days that remain, as if each had 24 hours.
  const int64_t days = end - start;
  for (int i = 0; i < 7; ++i) {
    const int64_t of_weekday = days / 7 + (i < days % 7 ? 1 : 0);
    for (int hour = 0; hour < kHoursOfDay; ++hour) hours[HourOfWeek(start + i, hour)] += of_weekday;
  }
  // Then the days that have not. A change touches the days of what the clocks showed before and
  // after it, and skips those between.
  std::vector<absl::CivilDay> touched;
  absl::TimeZone::CivilTransition change;
  absl::Time from = absl::FromCivil(absl::CivilSecond(start - 1), zone);
  const absl::Time until = absl::FromCivil(absl::CivilSecond(end + 1), zone);
  while (from < until && zone.NextTransition(from, &change)) {
    const auto [first, last] =
        std::minmax({absl::CivilDay(change.from), absl::CivilDay(change.to)});
    for (absl::CivilDay day = first; day <= last; ++day) touched.push_back(day);
    from = NextChange(from + absl::Nanoseconds(2), zone);
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const absl::CivilDay day : touched) {
    if (day < start || day >= end) continue;
    for (int hour = 0; hour < kHoursOfDay; ++hour) --hours[HourOfWeek(day, hour)];
    for (const DayHour& hour : HoursOfDay(day, zone)) ++hours[HourOfWeek(day, hour.hour_mark)];
  }
  return hours;
}

}  // namespace sales
