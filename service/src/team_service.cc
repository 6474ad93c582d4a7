#include "sales/v1/team.pb.h"
#include "service/src/call.h"
#include "service/src/convert/calendar.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Calendar> HandleCreateCalendar(Caller& caller,
                                                  const v1::CreateCalendarRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CreateCalendar command, FromProto(request));
  const auto calendar = caller.At(workspace).CreateCalendar(command);
  if (!calendar.ok()) return SpellCreateCalendar(calendar.status());
  return ToProto(*calendar, workspace);
}

absl::StatusOr<v1::Calendar> HandleGetCalendar(Caller& caller,
                                               const v1::GetCalendarRequest& request) {
  ASSIGN_OR_RETURN(const CalendarName name, ParseCalendar(request.name(), "name"));
  ASSIGN_OR_RETURN(const Calendar calendar, caller.At(name.workspace).GetCalendar(name.calendar));
  return ToProto(calendar, name.workspace);
}

absl::StatusOr<v1::ListCalendarsResponse> HandleListCalendars(
    Caller& caller, const v1::ListCalendarsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Calendar> page, caller.At(workspace).ListCalendars(query));
  v1::ListCalendarsResponse response;
  for (const Calendar& item : page.items) *response.add_calendars() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Calendar> HandleUpdateCalendar(Caller& caller,
                                                  const v1::UpdateCalendarRequest& request) {
  ASSIGN_OR_RETURN(const CalendarName name,
                   ParseCalendar(request.calendar().name(), "calendar.name"));
  ASSIGN_OR_RETURN(const UpdateCalendar command, FromProto(request));
  const auto calendar = caller.At(name.workspace).UpdateCalendar(name.calendar, command);
  if (!calendar.ok()) return SpellUpdateCalendar(calendar.status());
  return ToProto(*calendar, name.workspace);
}

absl::StatusOr<v1::ImportHolidaysResponse> HandleImportHolidays(
    Caller& caller, const v1::ImportHolidaysRequest& request) {
  ASSIGN_OR_RETURN(const CalendarName name, ParseCalendar(request.name(), "name"));
  ASSIGN_OR_RETURN(const ImportedHolidays imported,
                   caller.At(name.workspace).ImportHolidays(name.calendar, request.icalendar()));
  return ToProto(imported, name.workspace);
}

}  // namespace

void AddTeamMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("TeamService/CreateCalendar", Work::kWrite, HandleCreateCalendar));
  methods.push_back(Unary("TeamService/GetCalendar", Work::kQuick, HandleGetCalendar));
  methods.push_back(Unary("TeamService/ListCalendars", Work::kScan, HandleListCalendars));
  methods.push_back(Unary("TeamService/UpdateCalendar", Work::kWrite, HandleUpdateCalendar));
  methods.push_back(Unary("TeamService/ImportHolidays", Work::kWrite, HandleImportHolidays));
}

}  // namespace sales::service
