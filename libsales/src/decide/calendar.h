// What the engine needs of calendars besides sales/calendar.h.
#ifndef SALES_SRC_DECIDE_CALENDAR_H_
#define SALES_SRC_DECIDE_CALENDAR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/calendar.h"

namespace sales {

// What is wrong with a calendar's hours, if anything is: HOURS_INVALID, LIST_TOO_LONG,
// TIME_OUT_OF_RANGE (an exception's day), TEXT_INVALID, TEXT_TOO_LONG.
absl::Status CheckWeek(const WorkWeek& week);
// In any order.
absl::Status CheckExceptions(const std::vector<CalendarException>& exceptions);

// CALENDAR_EMPTY if nobody works in the ten years after `from`.
absl::Status CheckHasWork(const WorkingTime& working_time, absl::Time from);

// The days on which an iCalendar text closes.
struct HolidayList {
  // By day, a day once.
  std::vector<CalendarException> days;
  int events_skipped = 0;
};

// Reads the all-day events of an iCalendar text. Those that recur are followed to `last`. Errors:
// ICALENDAR_INVALID, TEXT_TOO_LONG, TEXT_INVALID.
absl::StatusOr<HolidayList> ReadHolidays(const std::string& icalendar, absl::CivilDay last);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_CALENDAR_H_
