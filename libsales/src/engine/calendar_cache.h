#ifndef SALES_SRC_ENGINE_CALENDAR_CACHE_H_
#define SALES_SRC_ENGINE_CALENDAR_CACHE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "sales/calendar.h"
#include "sales/limits.h"
#include "src/engine/revision_cache.h"
#include "src/sql/driver.h"

namespace sales::internal {

// The working time of calendars, worked out once and kept until a calendar of the workspace
// changes.
class CalendarCache {
 public:
  // `calendar_revision` is the workspace's as `db` sees it. No calendar: all time. Errors:
  // CALENDAR_NOT_FOUND.
  absl::StatusOr<WorkingTime> Get(sql::Connection& db, const std::string& workspace,
                                  const std::string& calendar, int64_t calendar_revision);
  void Clear() { kept_.Clear(); }

 private:
  RevisionCache<std::pair<std::string, std::string>, WorkingTime> kept_{
      limits::calendars_cached_max};
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CALENDAR_CACHE_H_
