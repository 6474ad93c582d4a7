#ifndef SALES_CLIENTS_CPP_SRC_BACKOFF_H_
#define SALES_CLIENTS_CPP_SRC_BACKOFF_H_

#include <algorithm>
#include <random>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace sales::client {

// Whether a stream that ended so may go on with another one.
bool IsLost(const absl::Status& status);

// Waits longer after each loss in a row, at random, so that clients do not return as one.
class Backoff {
 public:
  // Forgets the losses: the server answers.
  void Reset() { pause_ = kPauseMin; }
  // How long to wait before the next try.
  absl::Duration Next() {
    const absl::Duration pause = pause_ * std::uniform_real_distribution<>(0.5, 1.0)(random_);
    pause_ = std::min(2 * pause_, kPauseMax);
    return pause;
  }

 private:
  inline static const absl::Duration kPauseMin = absl::Milliseconds(50);
  inline static const absl::Duration kPauseMax = absl::Seconds(2);

  absl::Duration pause_ = kPauseMin;
  std::minstd_rand random_{std::random_device()()};
};

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_BACKOFF_H_
