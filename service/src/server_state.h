// What a server knows of itself beside its engine, for whoever runs it.
#ifndef SALES_SERVICE_SERVER_STATE_H_
#define SALES_SERVICE_SERVER_STATE_H_

#include <mutex>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace sales::service {

struct Sweeps {
  // When the last one ended well.
  absl::Time time;
  // When the next thing falls due that it knew of.
  absl::Time due_time;
};

class ServerState {
 public:
  std::string version;
  std::string durability;
  absl::Time start_time;
  // Zero: no sweep runs.
  absl::Duration sweep_interval;

  void NoteSweep(const Sweeps& sweeps) {
    const std::lock_guard<std::mutex> lock(mutex_);
    sweeps_ = sweeps;
  }
  std::optional<Sweeps> sweeps() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return sweeps_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Sweeps> sweeps_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_SERVER_STATE_H_
