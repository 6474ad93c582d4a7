#ifndef SALES_SERVICE_CONVERT_CALENDAR_H_
#define SALES_SERVICE_CONVERT_CALENDAR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/calendar.h"
#include "sales/v1/team.pb.h"

namespace sales::service {

v1::Calendar ToProto(const Calendar& calendar, const std::string& workspace);
v1::ImportHolidaysResponse ToProto(const ImportedHolidays& imported, const std::string& workspace);

absl::StatusOr<CreateCalendar> FromProto(const v1::CreateCalendarRequest& request);
absl::StatusOr<UpdateCalendar> FromProto(const v1::UpdateCalendarRequest& request);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellCreateCalendar(const absl::Status& status);
absl::Status SpellUpdateCalendar(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_CALENDAR_H_
