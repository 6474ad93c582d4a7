// Which limits of a policy the recorded past would have breached.
#ifndef SALES_SRC_DECIDE_SIMULATE_LIMITS_H_
#define SALES_SRC_DECIDE_SIMULATE_LIMITS_H_

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sales/simulation.h"
#include "src/decide/clocks.h"

namespace sales {

// Looks at a lead's clocks just before each event that may stop them, so that every clock that ran
// is seen as far as it came.
class LimitWatch {
 public:
  // What the context refers to must outlive the watch.
  LimitWatch(const ClockContext& context, const Window& window);

  // The lead as it was until `at`, the time of its next event.
  void Look(const LeadRecord& record, absl::Time at);
  // The same, of a lead of which no later event is known.
  void EndLead(const LeadRecord& record, absl::Time at);

  // Once, at the end: a row for each limit of the policy.
  std::vector<SimulatedLimit> Finish() const;

 private:
  struct Running {
    LeadClock clock;
    bool breached = false;
  };

  void Count(const Running& running);

  const ClockContext context_;
  const Window window_;
  // By the place of the stage in the policy, then by the clock.
  std::map<std::pair<int, ClockKind>, SimulatedLimit> limits_;
  // Of the lead that is looked at, by kind.
  std::array<std::optional<Running>, static_cast<size_t>(ClockKind::kRot) + 1> running_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_SIMULATE_LIMITS_H_
