#include "src/store/calendar_rows.h"

#include <string_view>
#include <utility>

#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

using Json = nlohmann::json;

#define CALENDAR_COLUMNS \
  "calendar, display_name, time_zone, week, exceptions, create_time, update_time, revision"

Json IntervalsJson(const std::vector<WorkInterval>& intervals) {
  Json json = Json::array();
  for (const WorkInterval& interval : intervals) {
    json.push_back({interval.start_minute, interval.end_minute});
  }
  return json;
}

bool ReadIntervals(const Json& json, std::vector<WorkInterval>& intervals) {
  if (!json.is_array()) return false;
  for (const Json& entry : json) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_integer() ||
        !entry[1].is_number_integer()) {
      return false;
    }
    intervals.push_back({entry[0].get<int>(), entry[1].get<int>()});
  }
  return true;
}

absl::Status ReadCalendar(const sql::Row& row, Calendar& calendar) {
  calendar.id = TextOf(row, 0);
  calendar.display_name = TextOf(row, 1);
  calendar.time_zone = TextOf(row, 2);
  calendar.create_time = TimeOf(row, 5);
  calendar.update_time = TimeOf(row, 6);
  calendar.etag = std::to_string(row.Int(7));
  if (DecodeWeek(row.Text(3), calendar.week) &&
      DecodeExceptions(row.Text(4), calendar.exceptions)) {
    return absl::OkStatus();
  }
  return MakeError(Reason::kStoreCorrupt, "A calendar's row cannot be read.");
}

}  // namespace

std::string EncodeWeek(const WorkWeek& week) {
  Json json = Json::array();
  for (const std::vector<WorkInterval>& day : week) json.push_back(IntervalsJson(day));
  return json.dump();
}

bool DecodeWeek(std::string_view text, WorkWeek& week) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array() || json.size() != week.size()) return false;
  for (size_t i = 0; i < week.size(); ++i) {
    if (!ReadIntervals(json[i], week[i])) return false;
  }
  return true;
}

std::string EncodeExceptions(const std::vector<CalendarException>& exceptions) {
  Json json = Json::array();
  for (const CalendarException& exception : exceptions) {
    json.push_back({DayNumber(exception.day), exception.title, IntervalsJson(exception.intervals)});
  }
  return json.dump();
}

bool DecodeExceptions(std::string_view text, std::vector<CalendarException>& exceptions) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return false;
  for (const Json& entry : json) {
    if (!entry.is_array() || entry.size() != 3 || !entry[0].is_number_integer() ||
        !entry[1].is_string()) {
      return false;
    }
    CalendarException& exception = exceptions.emplace_back();
    exception.day = DayFromNumber(entry[0].get<int64_t>());
    exception.title = entry[1].get<std::string>();
    if (!ReadIntervals(entry[2], exception.intervals)) return false;
  }
  return true;
}

absl::StatusOr<std::optional<Calendar>> LoadCalendar(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& calendar) {
  std::optional<Calendar> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " CALENDAR_COLUMNS " FROM calendars WHERE workspace = $1 AND calendar = $2",
               {std::string_view(workspace), std::string_view(calendar)},
               [&](const sql::Row& row) { read = ReadCalendar(row, found.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status SaveCalendar(sql::Connection& db, const std::string& workspace,
                          const Calendar& calendar, int64_t revision) {
  const std::string week = EncodeWeek(calendar.week);
  const std::string exceptions = EncodeExceptions(calendar.exceptions);
  SALES_RETURN_IF_ERROR(
      db.Apply("INSERT INTO calendars (workspace, " CALENDAR_COLUMNS
               ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
               "ON CONFLICT (workspace, calendar) DO UPDATE SET "
               "display_name = excluded.display_name, time_zone = excluded.time_zone, "
               "week = excluded.week, exceptions = excluded.exceptions, "
               "update_time = excluded.update_time, revision = excluded.revision",
               {std::string_view(workspace), std::string_view(calendar.id),
                std::string_view(calendar.display_name), std::string_view(calendar.time_zone),
                std::string_view(week), std::string_view(exceptions),
                ToMicros(calendar.create_time), ToMicros(calendar.update_time), revision}));
  SALES_RETURN_IF_ERROR(
      db.Apply("INSERT INTO calendar_versions (workspace, calendar, revision, time_zone, week, "
               "exceptions) VALUES ($1, $2, $3, $4, $5, $6)",
               {std::string_view(workspace), std::string_view(calendar.id), revision,
                std::string_view(calendar.time_zone), std::string_view(week),
                std::string_view(exceptions)}));
  return db.Apply("UPDATE workspaces SET calendar_revision = $2 WHERE workspace = $1",
                  {std::string_view(workspace), revision});
}

absl::StatusOr<std::optional<Calendar>> LoadCalendarAt(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& calendar,
                                                       int64_t revision) {
  std::optional<Calendar> found;
  bool readable = true;
  // Those up to the revision first, the latest of them before; then the later ones, the first
  // before.
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT time_zone, week, exceptions FROM calendar_versions WHERE workspace = $1 AND "
      "calendar = $2 ORDER BY revision <= $3 DESC, "
      "CASE WHEN revision <= $3 THEN -revision ELSE revision END LIMIT 1",
      {std::string_view(workspace), std::string_view(calendar), revision},
      [&](const sql::Row& row) {
        Calendar& read = found.emplace();
        read.id = calendar;
        read.time_zone = TextOf(row, 0);
        readable =
            DecodeWeek(row.Text(1), read.week) && DecodeExceptions(row.Text(2), read.exceptions);
      }));
  if (!readable) return MakeError(Reason::kStoreCorrupt, "A calendar's hours cannot be read.");
  return found;
}

absl::Status NoteDefaultCalendar(sql::Connection& db, const std::string& workspace,
                                 const std::string& calendar, int64_t revision) {
  return db.Apply(
      "INSERT INTO default_calendars (workspace, revision, calendar) VALUES ($1, $2, $3)",
      {std::string_view(workspace), revision, std::string_view(calendar)});
}

absl::StatusOr<std::string> DefaultCalendarAt(sql::Connection& db, const std::string& workspace,
                                              int64_t revision) {
  std::string calendar;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT calendar FROM default_calendars WHERE workspace = $1 AND revision <= $2 "
               "ORDER BY revision DESC LIMIT 1",
               {std::string_view(workspace), revision},
               [&](const sql::Row& row) { calendar = TextOf(row, 0); }));
  return calendar;
}

absl::StatusOr<std::vector<Calendar>> ListCalendars(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& after, int count) {
  std::vector<Calendar> calendars;
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT " CALENDAR_COLUMNS
      " FROM calendars WHERE workspace = $1 AND calendar > $2 ORDER BY calendar LIMIT $3",
      {std::string_view(workspace), std::string_view(after), int64_t{count}},
      [&](const sql::Row& row) { read.Update(ReadCalendar(row, calendars.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  return calendars;
}

}  // namespace sales::store
