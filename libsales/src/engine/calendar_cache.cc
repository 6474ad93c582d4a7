#include "src/engine/calendar_cache.h"

#include <optional>

#include "src/decide/errors.h"
#include "src/store/calendar_rows.h"

namespace sales::internal {

absl::StatusOr<WorkingTime> CalendarCache::Get(sql::Connection& db, const std::string& workspace,
                                               const std::string& calendar,
                                               int64_t calendar_revision) {
  if (calendar.empty()) return WorkingTime();
  return kept_.Get({workspace, calendar}, calendar_revision, [&]() -> absl::StatusOr<WorkingTime> {
    SALES_ASSIGN_OR_RETURN(const std::optional<Calendar> found,
                           store::LoadCalendar(db, workspace, calendar));
    if (!found.has_value()) {
      return MakeError(Reason::kCalendarNotFound, "There is no such calendar.");
    }
    absl::StatusOr<WorkingTime> working_time = WorkingTime::Of(*found);
    if (working_time.ok()) return working_time;
    return MakeError(Reason::kStoreCorrupt, "A calendar in the store cannot be worked by.");
  });
}

}  // namespace sales::internal
