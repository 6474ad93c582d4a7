// The hours of a civil day, as clocks show them: a day on which the clocks are put back has an hour
// twice, and one on which they are put forward lacks one.
#ifndef SALES_SRC_DECIDE_HOURS_H_
#define SALES_SRC_DECIDE_HOURS_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace sales {

inline constexpr int kHoursOfDay = 24;
inline constexpr int kHoursOfWeek = 168;
// An hour of a day: 0 to 23, and 24 more where the clock shows it for the second time that day.
inline constexpr int kHourMarks = 2 * kHoursOfDay;

// The hour mark of an instant; `civil` is what the zone's clocks show then.
int HourMarkOf(absl::Time time, absl::CivilSecond civil, absl::TimeZone zone);

// 0 is Monday 00:00 to 01:00. A repeated hour is twice the same hour of the week.
int HourOfWeek(absl::CivilDay day, int hour_mark);

struct DayHour {
  int hour_mark = 0;
  absl::Time start_time;
};
// The hours that the day has, in their order: 24, but for days on which clocks are changed. An hour
// that a change cuts short is one nevertheless.
std::vector<DayHour> HoursOfDay(absl::CivilDay day, absl::TimeZone zone);

// How many hours of each kind, by hour of the week, the days [start, end) have.
std::vector<int64_t> CountHours(absl::CivilDay start, absl::CivilDay end, absl::TimeZone zone);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_HOURS_H_
