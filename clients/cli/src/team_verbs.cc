#include "clients/cli/src/team_verbs.h"

#include "clients/cli/src/verb_flags.h"

namespace salesctl {

std::vector<Verb> CalendarVerbs() {
  const Flags hours = {
      {"--display-name", "calendar.display_name", Form::kText, "The name that people see."},
      {"--time-zone", "calendar.time_zone", Form::kText, "IANA zone; default: the workspace's."},
      {"--hours", "calendar.week", Form::kWeekHours,
       "\"mon-fri 09:00-12:00,13:00-17:00\"; several are allowed."},
      {"--except", "calendar.exceptions", Form::kException,
       "\"2026-12-25 # Christmas\", \"2026-12-24 09:00-12:00\"; several are allowed."}};
  return {
      {"calendar", "create", "TeamService.CreateCalendar", "Say when people work.",
       Joined({{"ID", "calendar_id", Form::kText, "Lower-case letters, digits, '-', '_', '.'.",
                kRequired}},
              hours)},
      {"calendar",
       "get",
       "TeamService.GetCalendar",
       "Show a calendar.",
       {{"CALENDAR", "name", Form::kCalendar, "Which calendar.", kRequired}}},
      {"calendar", "list", "TeamService.ListCalendars", "List calendars.", Listing({})},
      {"calendar", "update", "TeamService.UpdateCalendar",
       "Change a calendar; hours and exceptions are replaced as a whole.",
       Joined(Joined({{"CALENDAR", "calendar.name", Form::kCalendar, "Which calendar.", kRequired}},
                     hours),
              {{"--etag", "calendar.etag", Form::kText, "Refuse if it has changed since."}})},
      {"calendar",
       "import-holidays",
       "TeamService.ImportHolidays",
       "Close the days of an iCalendar file's all-day events.",
       {{"CALENDAR", "name", Form::kCalendar, "Which calendar.", kRequired},
        {"FILE", "icalendar", Form::kFile, "The file.", kRequired},
        {"--etag", "etag", Form::kText, "Refuse if it has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
  };
}

std::vector<Verb> TeamVerbs() {
  return {
      {"team",
       "create",
       "TeamService.CreateTeam",
       "Add a team of sellers.",
       {{"ID", "team_id", Form::kText, "Lower-case letters, digits, '-', '_', '.'.", kRequired},
        {"--display-name", "team.display_name", Form::kText, "The name that people see."}}},
      {"team",
       "get",
       "TeamService.GetTeam",
       "Show a team.",
       {{"TEAM", "name", Form::kTeam, "Which team.", kRequired}}},
      {"team", "list", "TeamService.ListTeams", "List teams.", Listing({})},
      {"team",
       "update",
       "TeamService.UpdateTeam",
       "Change a team.",
       {{"TEAM", "team.name", Form::kTeam, "Which team.", kRequired},
        {"--display-name", "team.display_name", Form::kText, "The name that people see."},
        {"--etag", "team.etag", Form::kText, "Refuse if it has changed since."}}},
      {"assignment",
       "set",
       "TeamService.SetAssignmentPolicy",
       "Put a policy in force that says who gets which lead.",
       {{"FILE", "assignment_policy", Form::kMessageFile, "The policy as JSON.", kRequired},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"assignment",
       "get",
       "TeamService.GetAssignmentPolicy",
       "Show the policy that says who gets which lead.",
       {{"--version", "version", Form::kInteger, "Which; default: the one in force."}}},
  };
}

std::vector<Verb> SellerVerbs() {
  const Flags about = {
      {"--display-name", "seller.display_name", Form::kText, "The name that people see."},
      {"--team", "seller.team", Form::kTeam, "His team; \"\": none."},
      {"--role", "seller.role", Form::kText, "senior."},
      {"--skill", "seller.skills", Form::kText, "shops, english; several are allowed."},
      {"--calendar", "seller.calendar", Form::kCalendar, "Default: the workspace's."},
      {"--capacity", "seller.capacity", Form::kInteger, "Work units he may have open; 0: any."},
      {"--intake", "seller.intake", Form::kIntake, "Leads he takes: 14/month, 3/2weeks."},
      {"--weight", "seller.weight", Form::kInteger, "His share, from 1; default 1."},
      {"--inactive", "seller.inactive", Form::kYes, "The policy passes him over."}};
  return {
      {"seller", "create", "TeamService.CreateSeller", "Say who sells.",
       Joined({{"ID", "seller_id", Form::kText, "Lower-case letters, digits, '-', '_', '.'.",
                kRequired}},
              about)},
      {"seller",
       "get",
       "TeamService.GetSeller",
       "Show a seller.",
       {{"SELLER", "name", Form::kSeller, "Which seller.", kRequired}}},
      {"seller", "list", "TeamService.ListSellers", "List sellers.", Listing({})},
      {"seller", "update", "TeamService.UpdateSeller",
       "Change a seller; skills are replaced as a whole.",
       Joined(Joined({{"SELLER", "seller.name", Form::kSeller, "Which seller.", kRequired}}, about),
              {{"--field", "update_mask", Form::kMask,
                "Change just this field, even to nothing: intake; several are allowed."},
               {"--etag", "seller.etag", Form::kText, "Refuse if it has changed since."}})},
      {"seller",
       "absence",
       "TeamService.SetAbsence",
       "Note that a seller will be away.",
       {{"SELLER", "parent", Form::kSeller, "Which seller.", kRequired},
        {"FIRST", "absence.first_date", Form::kText, "His first day away: 2026-08-03.", kRequired},
        {"LAST", "absence.last_date", Form::kText, "His last day away.", kRequired},
        {"--etag", "etag", Form::kText, "Refuse if he has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"seller",
       "return",
       "TeamService.RemoveAbsence",
       "Remove an absence.",
       {{"ABSENCE", "name", Form::kAbsence, "SELLER/FIRST-DAY: anna/2026-08-03.", kRequired},
        {"--etag", "etag", Form::kText, "Refuse if he has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
  };
}

}  // namespace salesctl
