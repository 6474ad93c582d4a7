#ifndef SALES_SRC_ENGINE_CLOCK_SOURCES_H_
#define SALES_SRC_ENGINE_CLOCK_SOURCES_H_

#include <memory>

#include "absl/time/time.h"
#include "sales/calendar.h"
#include "sales/funnel.h"
#include "src/decide/clocks.h"

namespace sales::internal {

// What a lead's clocks are read by.
struct ClockSources {
  std::shared_ptr<const FunnelPolicy> policy;
  WorkingTime working_time;
  absl::TimeZone zone;

  ClockContext context() const { return {*policy, working_time, zone}; }
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CLOCK_SOURCES_H_
