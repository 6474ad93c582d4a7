#ifndef SALES_CLOCK_H_
#define SALES_CLOCK_H_

#include "absl/time/time.h"

namespace sales {

// Where the engine gets the time from. Implementations are called from many threads at once.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;

  // The machine's clock. Lives for ever.
  static const Clock& System();
};

}  // namespace sales

#endif  // SALES_CLOCK_H_
