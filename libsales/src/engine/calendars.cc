#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/calendar.h"
#include "src/decide/page_token.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/calendar_rows.h"
#include "src/store/clock_rows.h"
#include "src/store/list.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

// How far recurring holidays are followed.
constexpr int kHolidayYears = 10;

absl::StatusOr<Calendar> FindCalendar(sql::Connection& db, const std::string& workspace,
                                      const std::string& calendar) {
  SALES_ASSIGN_OR_RETURN(std::optional<Calendar> found,
                         store::LoadCalendar(db, workspace, calendar));
  if (!found.has_value()) {
    return MakeError(Reason::kCalendarNotFound, "There is no such calendar.");
  }
  return *std::move(found);
}

absl::Status CheckDisplayName(const std::string& display_name) {
  return CheckText("display_name", display_name, limits::display_name_bytes_max);
}

void SortByDay(std::vector<CalendarException>& exceptions) {
  std::sort(exceptions.begin(), exceptions.end(),
            [](const CalendarException& a, const CalendarException& b) { return a.day < b.day; });
}

// Keeps a calendar that was just made or changed, and lets every due time be worked out again.
absl::Status Keep(WriteScope& scope, EventType type, size_t exceptions_before, Calendar& calendar) {
  SALES_ASSIGN_OR_RETURN(const WorkingTime working_time, WorkingTime::Of(calendar));
  SALES_RETURN_IF_ERROR(CheckHasWork(working_time, scope.now));
  calendar.update_time = scope.now;
  calendar.etag = std::to_string(scope.revision());
  SALES_RETURN_IF_ERROR(
      store::SaveCalendar(scope.db, scope.workspace(), calendar, scope.revision()));
  SALES_RETURN_IF_ERROR(store::ForgetDueTimes(scope.db, scope.workspace()));
  Event event;
  event.type = type;
  event.subject = "calendars/" + calendar.id;
  if (calendar.exceptions.size() != exceptions_before) {
    event.changes.push_back({"exceptions", std::to_string(exceptions_before),
                             std::to_string(calendar.exceptions.size())});
  }
  return scope.Record(std::move(event));
}

// Adds the days that the calendar has no exception for yet; gives how many.
int AddHolidays(const std::vector<CalendarException>& holidays, Calendar& calendar) {
  int added = 0;
  std::vector<CalendarException> all = calendar.exceptions;
  for (const CalendarException& holiday : holidays) {
    const bool known = std::binary_search(
        calendar.exceptions.begin(), calendar.exceptions.end(), holiday,
        [](const CalendarException& a, const CalendarException& b) { return a.day < b.day; });
    if (known) continue;
    all.push_back(holiday);
    ++added;
  }
  SortByDay(all);
  calendar.exceptions = std::move(all);
  return added;
}

}  // namespace

absl::StatusOr<Calendar> Desk::CreateCalendar(const sales::CreateCalendar& command) const {
  SALES_RETURN_IF_ERROR(CheckId("calendar_id", command.id));
  SALES_RETURN_IF_ERROR(CheckDisplayName(command.display_name));
  return core_->Write<Calendar>(
      workspace_, call_, CallFingerprint(call_, "CreateCalendar", command),
      [&](WriteScope& scope) -> absl::StatusOr<Calendar> {
        SALES_ASSIGN_OR_RETURN(const std::optional<Calendar> taken,
                               store::LoadCalendar(scope.db, workspace_, command.id));
        if (taken.has_value()) {
          return FieldError(Reason::kCalendarExists, "calendar_id", "is taken");
        }
        Calendar calendar;
        calendar.id = command.id;
        calendar.display_name = command.display_name.empty() ? command.id : command.display_name;
        calendar.time_zone =
            command.time_zone.empty() ? scope.row.workspace.time_zone : command.time_zone;
        calendar.week = command.week;
        calendar.exceptions = command.exceptions;
        SortByDay(calendar.exceptions);
        calendar.create_time = scope.now;
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kCalendarCreated, 0, calendar));
        return calendar;
      });
}

absl::StatusOr<Calendar> Desk::GetCalendar(const std::string& calendar) const {
  Calendar found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindCalendar(scope.db, workspace_, calendar));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Calendar>> Desk::ListCalendars(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"calendars", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Calendar> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListCalendars(scope.db, workspace_, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Calendar> Desk::UpdateCalendar(const std::string& calendar,
                                              const sales::UpdateCalendar& command) const {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDisplayName(*command.display_name));
  }
  return core_->Write<Calendar>(
      workspace_, call_, CallFingerprint(call_, "UpdateCalendar", calendar, command),
      [&](WriteScope& scope) -> absl::StatusOr<Calendar> {
        SALES_ASSIGN_OR_RETURN(Calendar changed, FindCalendar(scope.db, workspace_, calendar));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, changed.etag));
        const size_t exceptions_before = changed.exceptions.size();
        if (command.display_name.has_value()) changed.display_name = *command.display_name;
        if (command.time_zone.has_value()) changed.time_zone = *command.time_zone;
        if (command.week.has_value()) changed.week = *command.week;
        if (command.exceptions.has_value()) {
          changed.exceptions = *command.exceptions;
          SortByDay(changed.exceptions);
        }
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kCalendarUpdated, exceptions_before, changed));
        return changed;
      });
}

absl::StatusOr<ImportedHolidays> Desk::ImportHolidays(const std::string& calendar,
                                                      const std::string& icalendar) const {
  // Read before the writer's turn, for it may take a while.
  const absl::CivilDay today = absl::ToCivilDay(core_->Now(), absl::UTCTimeZone());
  SALES_ASSIGN_OR_RETURN(
      const HolidayList holidays,
      ReadHolidays(icalendar, absl::CivilDay(today.year() + kHolidayYears, 12, 31)));
  return core_->Write<ImportedHolidays>(
      workspace_, call_, CallFingerprint(call_, "ImportHolidays", calendar, icalendar),
      [&](WriteScope& scope) -> absl::StatusOr<ImportedHolidays> {
        ImportedHolidays imported;
        SALES_ASSIGN_OR_RETURN(imported.calendar, FindCalendar(scope.db, workspace_, calendar));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, imported.calendar.etag));
        const size_t exceptions_before = imported.calendar.exceptions.size();
        imported.days_added = AddHolidays(holidays.days, imported.calendar);
        imported.events_skipped = holidays.events_skipped;
        SALES_RETURN_IF_ERROR(
            Keep(scope, EventType::kCalendarUpdated, exceptions_before, imported.calendar));
        return imported;
      });
}

}  // namespace sales
