#include "src/engine/calendar_cache.h"

#include <optional>

#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/store/calendar_rows.h"

namespace sales::internal {

absl::StatusOr<WorkingTime> CalendarCache::Get(sql::Connection& db, const std::string& workspace,
                                               const std::string& calendar,
                                               int64_t calendar_revision) {
  if (calendar.empty()) return WorkingTime();
  const std::pair<std::string, std::string> key(workspace, calendar);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.calendar_revision == calendar_revision) {
      return found->second.working_time;
    }
  }
  SALES_ASSIGN_OR_RETURN(const std::optional<Calendar> found,
                         store::LoadCalendar(db, workspace, calendar));
  if (!found.has_value()) {
    return MakeError(Reason::kCalendarNotFound, "There is no such calendar.");
  }
  const absl::StatusOr<WorkingTime> working_time = WorkingTime::Of(*found);
  if (!working_time.ok()) {
    return MakeError(Reason::kStoreCorrupt, "A calendar in the store cannot be worked by.");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (entries_.size() >= limits::calendars_cached_max) entries_.clear();
  entries_[key] = {calendar_revision, *working_time};
  return *working_time;
}

void CalendarCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.clear();
}

}  // namespace sales::internal
