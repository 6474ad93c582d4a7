#include "sales/v1/team.pb.h"
#include "service/src/call.h"
#include "service/src/convert/calendar.h"
#include "service/src/convert/team.h"

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

absl::StatusOr<v1::Team> HandleCreateTeam(Caller& caller, const v1::CreateTeamRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CreateTeam command, FromProto(request));
  const auto team = caller.At(workspace).CreateTeam(command);
  if (!team.ok()) return SpellTeam(team.status());
  return ToProto(*team, workspace);
}

absl::StatusOr<v1::Team> HandleGetTeam(Caller& caller, const v1::GetTeamRequest& request) {
  ASSIGN_OR_RETURN(const TeamName name, ParseTeam(request.name(), "name"));
  ASSIGN_OR_RETURN(const Team team, caller.At(name.workspace).GetTeam(name.team));
  return ToProto(team, name.workspace);
}

absl::StatusOr<v1::ListTeamsResponse> HandleListTeams(Caller& caller,
                                                      const v1::ListTeamsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Team> page, caller.At(workspace).ListTeams(query));
  v1::ListTeamsResponse response;
  for (const Team& item : page.items) *response.add_teams() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Team> HandleUpdateTeam(Caller& caller, const v1::UpdateTeamRequest& request) {
  ASSIGN_OR_RETURN(const TeamName name, ParseTeam(request.team().name(), "team.name"));
  ASSIGN_OR_RETURN(const UpdateTeam command, FromProto(request));
  const auto team = caller.At(name.workspace).UpdateTeam(name.team, command);
  if (!team.ok()) return SpellTeam(team.status());
  return ToProto(*team, name.workspace);
}

absl::StatusOr<v1::Seller> HandleCreateSeller(Caller& caller,
                                              const v1::CreateSellerRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CreateSeller command, FromProto(request, workspace));
  const auto seller = caller.At(workspace).CreateSeller(command);
  if (!seller.ok()) return SpellSeller(seller.status());
  return ToProto(*seller, workspace);
}

absl::StatusOr<v1::Seller> HandleGetSeller(Caller& caller, const v1::GetSellerRequest& request) {
  ASSIGN_OR_RETURN(const SellerName name, ParseSeller(request.name(), "name"));
  ASSIGN_OR_RETURN(const Seller seller, caller.At(name.workspace).GetSeller(name.seller));
  return ToProto(seller, name.workspace);
}

absl::StatusOr<v1::ListSellersResponse> HandleListSellers(Caller& caller,
                                                          const v1::ListSellersRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Seller> page, caller.At(workspace).ListSellers(query));
  v1::ListSellersResponse response;
  for (const Seller& item : page.items) *response.add_sellers() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Seller> HandleUpdateSeller(Caller& caller,
                                              const v1::UpdateSellerRequest& request) {
  ASSIGN_OR_RETURN(const SellerName name, ParseSeller(request.seller().name(), "seller.name"));
  ASSIGN_OR_RETURN(const UpdateSeller command, FromProto(request, name.workspace));
  const auto seller = caller.At(name.workspace).UpdateSeller(name.seller, command);
  if (!seller.ok()) return SpellSeller(seller.status());
  return ToProto(*seller, name.workspace);
}

absl::StatusOr<v1::Seller> HandleSetAbsence(Caller& caller, const v1::SetAbsenceRequest& request) {
  ASSIGN_OR_RETURN(const SellerName name, ParseSeller(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Absence absence, FromProto(request));
  const auto seller = caller.At(name.workspace).SetAbsence(name.seller, absence);
  if (!seller.ok()) return SpellAbsence(seller.status());
  return ToProto(*seller, name.workspace);
}

absl::StatusOr<v1::Seller> HandleRemoveAbsence(Caller& caller,
                                               const v1::RemoveAbsenceRequest& request) {
  ASSIGN_OR_RETURN(const AbsenceName name, ParseAbsence(request.name(), "name"));
  ASSIGN_OR_RETURN(const absl::CivilDay first_day, AbsenceDayFrom(name.absence, "name"));
  ASSIGN_OR_RETURN(const Seller seller,
                   caller.At(name.workspace).RemoveAbsence(name.seller, first_day));
  return ToProto(seller, name.workspace);
}

absl::StatusOr<v1::AssignmentPolicy> HandleGetAssignmentPolicy(
    Caller& caller, const v1::GetAssignmentPolicyRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseAssignmentPolicy(request.name(), "name"));
  ASSIGN_OR_RETURN(const AssignmentPolicy policy,
                   caller.At(workspace).GetAssignmentPolicy(request.version()));
  return ToProto(policy, workspace);
}

absl::StatusOr<v1::AssignmentPolicy> HandleSetAssignmentPolicy(
    Caller& caller, const v1::SetAssignmentPolicyRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const AssignmentPolicy command, FromProto(request, workspace));
  const auto policy = caller.At(workspace).SetAssignmentPolicy(command);
  if (!policy.ok()) return SpellAssignmentPolicy(policy.status());
  return ToProto(*policy, workspace);
}

absl::StatusOr<v1::AssignmentRecord> HandleExplainAssignment(
    Caller& caller, const v1::ExplainAssignmentRequest& request) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.name(), "name"));
  ASSIGN_OR_RETURN(const AssignmentRecord record,
                   caller.At(name.workspace).ExplainAssignment(name.lead));
  return ToProto(record, name.workspace);
}

}  // namespace

void AddTeamMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("TeamService/CreateCalendar", Work::kWrite, HandleCreateCalendar));
  methods.push_back(Unary("TeamService/GetCalendar", Work::kQuick, HandleGetCalendar));
  methods.push_back(Unary("TeamService/ListCalendars", Work::kScan, HandleListCalendars));
  methods.push_back(Unary("TeamService/UpdateCalendar", Work::kWrite, HandleUpdateCalendar));
  methods.push_back(Unary("TeamService/ImportHolidays", Work::kWrite, HandleImportHolidays));
  methods.push_back(Unary("TeamService/CreateTeam", Work::kWrite, HandleCreateTeam));
  methods.push_back(Unary("TeamService/GetTeam", Work::kQuick, HandleGetTeam));
  methods.push_back(Unary("TeamService/ListTeams", Work::kScan, HandleListTeams));
  methods.push_back(Unary("TeamService/UpdateTeam", Work::kWrite, HandleUpdateTeam));
  methods.push_back(Unary("TeamService/CreateSeller", Work::kWrite, HandleCreateSeller));
  methods.push_back(Unary("TeamService/GetSeller", Work::kQuick, HandleGetSeller));
  methods.push_back(Unary("TeamService/ListSellers", Work::kScan, HandleListSellers));
  methods.push_back(Unary("TeamService/UpdateSeller", Work::kWrite, HandleUpdateSeller));
  methods.push_back(Unary("TeamService/SetAbsence", Work::kWrite, HandleSetAbsence));
  methods.push_back(Unary("TeamService/RemoveAbsence", Work::kWrite, HandleRemoveAbsence));
  methods.push_back(
      Unary("TeamService/GetAssignmentPolicy", Work::kQuick, HandleGetAssignmentPolicy));
  methods.push_back(
      Unary("TeamService/SetAssignmentPolicy", Work::kWrite, HandleSetAssignmentPolicy));
  methods.push_back(Unary("TeamService/ExplainAssignment", Work::kQuick, HandleExplainAssignment));
}

}  // namespace sales::service
