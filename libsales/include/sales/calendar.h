#ifndef SALES_CALENDAR_H_
#define SALES_CALENDAR_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace sales {

// Hours of work on one day, [start, end), in minutes of the clock on the wall since the day's
// midnight. The end may lie past midnight, at most 24 hours after the start: 22:00 to 06:00 is
// {1320, 1800}, and only {0, 1440} is 24 hours long.
struct WorkInterval {
  int start_minute = 0;
  int end_minute = 0;

  friend bool operator==(const WorkInterval& a, const WorkInterval& b) {
    return a.start_minute == b.start_minute && a.end_minute == b.end_minute;
  }
};

// A day whose hours are other than those of its weekday.
struct CalendarException {
  absl::CivilDay day;
  // "Christmas Day"; may be empty.
  std::string title;
  // Instead of the weekday's intervals that begin on the day; empty: closed.
  std::vector<WorkInterval> intervals;

  friend bool operator==(const CalendarException& a, const CalendarException& b) {
    return a.day == b.day && a.title == b.title && a.intervals == b.intervals;
  }
};

// The intervals that begin on each weekday, Monday first.
using WorkWeek = std::array<std::vector<WorkInterval>, 7>;

// When people work.
struct Calendar {
  std::string id;
  std::string display_name;
  // IANA zone whose wall clock the hours are of.
  std::string time_zone;
  WorkWeek week;
  // By day.
  std::vector<CalendarException> exceptions;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
};

struct CreateCalendar {
  std::string id;
  std::string display_name;
  // Empty: the workspace's.
  std::string time_zone;
  WorkWeek week;
  // In any order, a day once.
  std::vector<CalendarException> exceptions;
};

// Fields to change; unset ones stay.
struct UpdateCalendar {
  std::optional<std::string> display_name;
  std::optional<std::string> time_zone;
  // Replaces the whole week.
  std::optional<WorkWeek> week;
  // Replaces all.
  std::optional<std::vector<CalendarException>> exceptions;
};

struct ImportedHolidays {
  Calendar calendar;
  // Days that are exceptions now and were not before.
  int days_added = 0;
  // Events that close no day: with times of day, cancelled, or outside [1970, 2200).
  int events_skipped = 0;
};

// The working time of a calendar, as a set of instants: those at which its zone's wall clock shows
// hours of work. So an hour that the clock skips is none, and an hour that it shows twice is two.
// Copies are cheap; safe from any thread. Instants count to the microsecond, and from 1970 up to
// 2200, before and after which nobody works.
class WorkingTime {
 public:
  // All time is working time.
  WorkingTime() = default;
  // Errors: FIELD_INVALID (time zone), HOURS_INVALID, LIST_TOO_LONG, CALENDAR_EMPTY if it has no
  // working time at all.
  static absl::StatusOr<WorkingTime> Of(const Calendar& calendar);

  // The working time in [from, to); 0 if `to` is not after `from`. Its cost does not depend on how
  // far they are apart.
  absl::Duration Elapsed(absl::Time from, absl::Time to) const;
  // The earliest time from `from` on with Elapsed(from, time) == duration. Errors: FIELD_INVALID
  // for a duration below 0; CALENDAR_EMPTY if nobody works in the ten years after `from`, or never
  // so long.
  absl::StatusOr<absl::Time> Add(absl::Time from, absl::Duration duration) const;

 private:
  class Hours;
  std::shared_ptr<const Hours> hours_;
};

}  // namespace sales

#endif  // SALES_CALENDAR_H_
