#include "service/src/convert/calendar.h"

#include <cstddef>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

constexpr int kDayMinutes = 24 * 60;

// Minutes since midnight of "09:30", up to "24:00".
std::optional<int> MinuteFrom(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t i : {0, 1, 3, 4}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > kDayMinutes) return std::nullopt;
  return hour * 60 + minute;
}

std::string MinuteText(int minute) {
  char text[8];
  std::snprintf(text, sizeof(text), "%02d:%02d", minute / 60 % 100, minute % 60);
  return text;
}

absl::StatusOr<WorkInterval> IntervalFrom(const v1::WorkHours& hours, const std::string& field) {
  const std::optional<int> start = MinuteFrom(hours.start());
  if (!start.has_value() || *start == kDayMinutes) {
    return Refuse(Reason::kHoursInvalid, field + ".start", "is no time like 09:00");
  }
  const std::optional<int> end = MinuteFrom(hours.end());
  if (!end.has_value()) {
    return Refuse(Reason::kHoursInvalid, field + ".end", "is no time like 17:30");
  }
  if (*end == *start) {
    return Refuse(Reason::kHoursInvalid, field + ".end",
                  "is the start; the whole day is from 00:00 to 24:00");
  }
  return WorkInterval{*start, *end > *start ? *end : *end + kDayMinutes};
}

void SetHours(const WorkInterval& interval, v1::WorkHours* out) {
  const int end = interval.end_minute;
  out->set_start(MinuteText(interval.start_minute));
  out->set_end(MinuteText(end > kDayMinutes ? end - kDayMinutes : end));
}

absl::Status TooMany(const std::string& field, int limit) {
  return WithMetadata(Refuse(Reason::kListTooLong, field, "has too many entries"), "limit",
                      std::to_string(limit));
}

absl::StatusOr<WorkWeek> WeekFrom(const v1::Calendar& calendar) {
  WorkWeek week;
  if (calendar.week_size() > 7 * limits::day_intervals_max) {
    return TooMany("calendar.week", 7 * limits::day_intervals_max);
  }
  for (int i = 0; i < calendar.week_size(); ++i) {
    const v1::WeekdayHours& entry = calendar.week(i);
    const std::string field = "calendar.week[" + std::to_string(i) + "]";
    if (entry.weekday() == v1::WeekdayHours::WEEKDAY_UNSPECIFIED) {
      return Refuse(Reason::kFieldRequired, field + ".weekday", "is needed");
    }
    if (!v1::WeekdayHours::Weekday_IsValid(entry.weekday())) {
      return Refuse(Reason::kEnumUnknown, field + ".weekday",
                    "the value is none that the type lists");
    }
    ASSIGN_OR_RETURN(const WorkInterval interval, IntervalFrom(entry.hours(), field + ".hours"));
    week[static_cast<size_t>(entry.weekday()) - 1].push_back(interval);
  }
  return week;
}

absl::StatusOr<std::vector<CalendarException>> ExceptionsFrom(const v1::Calendar& calendar) {
  std::vector<CalendarException> exceptions;
  if (calendar.exceptions_size() > limits::calendar_exceptions_max) {
    return TooMany("calendar.exceptions", limits::calendar_exceptions_max);
  }
  for (int i = 0; i < calendar.exceptions_size(); ++i) {
    const v1::CalendarException& entry = calendar.exceptions(i);
    const std::string field = "calendar.exceptions[" + std::to_string(i) + "]";
    ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> day,
                     DayFrom(entry.date(), field + ".date"));
    if (!day.has_value()) return Refuse(Reason::kFieldRequired, field + ".date", "is needed");
    CalendarException exception{*day, entry.title(), {}};
    if (entry.hours_size() > limits::day_intervals_max) {
      return TooMany(field + ".hours", limits::day_intervals_max);
    }
    for (int j = 0; j < entry.hours_size(); ++j) {
      ASSIGN_OR_RETURN(const WorkInterval interval,
                       IntervalFrom(entry.hours(j), field + ".hours[" + std::to_string(j) + "]"));
      exception.intervals.push_back(interval);
    }
    exceptions.push_back(std::move(exception));
  }
  return exceptions;
}

}  // namespace

v1::Calendar ToProto(const Calendar& calendar, const std::string& workspace) {
  v1::Calendar out;
  out.set_name(CalendarNameOf(workspace, calendar.id));
  out.set_display_name(calendar.display_name);
  out.set_time_zone(calendar.time_zone);
  for (size_t weekday = 0; weekday < calendar.week.size(); ++weekday) {
    for (const WorkInterval& interval : calendar.week[weekday]) {
      v1::WeekdayHours& added = *out.add_week();
      added.set_weekday(static_cast<v1::WeekdayHours::Weekday>(weekday + 1));
      SetHours(interval, added.mutable_hours());
    }
  }
  for (const CalendarException& exception : calendar.exceptions) {
    v1::CalendarException& added = *out.add_exceptions();
    added.set_date(DayText(exception.day));
    added.set_title(exception.title);
    for (const WorkInterval& interval : exception.intervals) SetHours(interval, added.add_hours());
  }
  SetTime(calendar.create_time, out.mutable_create_time());
  SetTime(calendar.update_time, out.mutable_update_time());
  out.set_etag(calendar.etag);
  return out;
}

v1::ImportHolidaysResponse ToProto(const ImportedHolidays& imported, const std::string& workspace) {
  v1::ImportHolidaysResponse out;
  *out.mutable_calendar() = ToProto(imported.calendar, workspace);
  out.set_days_added(imported.days_added);
  out.set_events_skipped(imported.events_skipped);
  return out;
}

absl::StatusOr<CreateCalendar> FromProto(const v1::CreateCalendarRequest& request) {
  if (request.calendar_id().empty()) {
    return Refuse(Reason::kFieldRequired, "calendar_id", "is needed");
  }
  CreateCalendar command;
  command.id = request.calendar_id();
  command.display_name = request.calendar().display_name();
  command.time_zone = request.calendar().time_zone();
  ASSIGN_OR_RETURN(command.week, WeekFrom(request.calendar()));
  ASSIGN_OR_RETURN(command.exceptions, ExceptionsFrom(request.calendar()));
  return command;
}

absl::StatusOr<UpdateCalendar> FromProto(const v1::UpdateCalendarRequest& request) {
  const v1::Calendar& calendar = request.calendar();
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), calendar,
                                 {"display_name", "time_zone", "week", "exceptions"}));
  UpdateCalendar command;
  if (fields.count("display_name") > 0) command.display_name = calendar.display_name();
  if (fields.count("time_zone") > 0) command.time_zone = calendar.time_zone();
  if (fields.count("week") > 0) {
    ASSIGN_OR_RETURN(command.week, WeekFrom(calendar));
  }
  if (fields.count("exceptions") > 0) {
    ASSIGN_OR_RETURN(command.exceptions, ExceptionsFrom(calendar));
  }
  return command;
}

absl::Status SpellCreateCalendar(const absl::Status& status) {
  return Respell(status, {{{"calendar_id", "calendar_id"},
                           {"calendar", "calendar"},
                           {"request_id", "request_id"},
                           {"", "calendar."}}});
}

absl::Status SpellUpdateCalendar(const absl::Status& status) {
  return Respell(status,
                 {{{"calendar", "calendar"}, {"request_id", "request_id"}, {"", "calendar."}}});
}

}  // namespace sales::service
