#ifndef SALES_SRC_ENGINE_CALENDAR_CACHE_H_
#define SALES_SRC_ENGINE_CALENDAR_CACHE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "sales/calendar.h"
#include "src/sql/driver.h"

namespace sales::internal {

// The working time of calendars, worked out once and kept until a calendar of the workspace
// changes. Safe from any thread.
class CalendarCache {
 public:
  // `calendar_revision` is the workspace's as `db` sees it. No calendar: all time. Errors:
  // CALENDAR_NOT_FOUND.
  absl::StatusOr<WorkingTime> Get(sql::Connection& db, const std::string& workspace,
                                  const std::string& calendar, int64_t calendar_revision);
  // Forgets everything: after a commit failed, a revision number may come again.
  void Clear();

 private:
  struct Entry {
    int64_t calendar_revision = 0;
    WorkingTime working_time;
  };
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Entry> entries_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CALENDAR_CACHE_H_
