// The load report: how unevenly leads come.
#ifndef SALES_SRC_DECIDE_REPORT_LOAD_H_
#define SALES_SRC_DECIDE_REPORT_LOAD_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/load.h"
#include "src/decide/hours.h"

namespace sales {

// The leads received, by day and hour mark.
class Arrivals {
 public:
  void Add(absl::CivilDay day, int64_t hour_mark, int64_t n);

  // The window with the first or last day on which a lead was received for each open bound; unset
  // where none was.
  Window Span(const Window& window) const;

  using Day = std::array<int64_t, kHourMarks>;
  const std::map<absl::CivilDay, Day>& days() const { return days_; }

 private:
  std::map<absl::CivilDay, Day> days_;
};

// Fills in the report's window, total, hours and busiest. `arrivals` are those of the window. A
// repeated hour of a day on which the clocks are put back is two hours, and one that is left out is
// none. Of hours with as many arrivals the earlier is the busier.
void FillArrivals(const Arrivals& arrivals, const Window& window, absl::TimeZone zone,
                  LoadReport& report);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_LOAD_H_
