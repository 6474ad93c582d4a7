// A work that only one of the processes on a store does at a time.
#ifndef SALES_SERVICE_SHIFT_H_
#define SALES_SERVICE_SHIFT_H_

#include <string>

#include "absl/time/time.h"
#include "sales/engine.h"

namespace sales::service {

// For one thread. Where a store has one process, the work is always its own.
class Shift {
 public:
  // Another process takes over once this one has been silent for so long.
  static constexpr absl::Duration kLength = absl::Seconds(10);
  // How often to ask, whether the work is this process's or another's.
  static constexpr absl::Duration kInterval = absl::Seconds(2);

  // `engine` outlives it. `holder` is a name that no other process has.
  Shift(const Engine& engine, std::string work, std::string holder);

  // Whether the work is this process's now. Asks the store when the last answer grows old; one that
  // does not answer leaves the shift as it was until it ends.
  bool IsMine();
  // Lets another process have it at once.
  void End();

 private:
  const Engine& engine_;
  const std::string work_;
  const std::string holder_;
  absl::Time next_ask_ = absl::InfinitePast();
  absl::Time until_ = absl::InfinitePast();
};

}  // namespace sales::service

#endif  // SALES_SERVICE_SHIFT_H_
