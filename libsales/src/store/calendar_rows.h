#ifndef SALES_SRC_STORE_CALENDAR_ROWS_H_
#define SALES_SRC_STORE_CALENDAR_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/calendar.h"
#include "src/sql/driver.h"

namespace sales::store {

absl::StatusOr<std::optional<Calendar>> LoadCalendar(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& calendar);
// Inserts or updates; `revision` becomes the etag, and the workspace's last of its calendars.
absl::Status SaveCalendar(sql::Connection& db, const std::string& workspace,
                          const Calendar& calendar, int64_t revision);
// What the calendar said at a revision; of one that is older than what is kept, the oldest that is.
absl::StatusOr<std::optional<Calendar>> LoadCalendarAt(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& calendar,
                                                       int64_t revision);
// Which calendar is the default from this revision on, and which one was at a revision.
absl::Status NoteDefaultCalendar(sql::Connection& db, const std::string& workspace,
                                 const std::string& calendar, int64_t revision);
absl::StatusOr<std::string> DefaultCalendarAt(sql::Connection& db, const std::string& workspace,
                                              int64_t revision);
// Up to `count` calendars with an id after `after`, by id.
absl::StatusOr<std::vector<Calendar>> ListCalendars(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& after, int count);

// A calendar's hours as JSON, and back; false if the text is none.
std::string EncodeWeek(const WorkWeek& week);
bool DecodeWeek(std::string_view text, WorkWeek& week);
std::string EncodeExceptions(const std::vector<CalendarException>& exceptions);
bool DecodeExceptions(std::string_view text, std::vector<CalendarException>& exceptions);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_CALENDAR_ROWS_H_
