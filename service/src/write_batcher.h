// The writes of all calls, made by one thread that commits once for everything that waits.
//
// A thread for each call that waits for its commit would be woken twice a call, which costs more
// than the write. What is answered is answered by a second thread, so that the next writes begin
// meanwhile.
#ifndef SALES_SERVICE_WRITE_BATCHER_H_
#define SALES_SERVICE_WRITE_BATCHER_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/engine.h"
#include "service/src/metrics.h"

namespace sales::service {

class WriteBatcher {
 public:
  struct Task {
    // The write, as in Engine::Together.
    Engine::JointWrite write;
    // Called once, after the commit, with what became of it.
    std::function<void(const absl::Status&)> finish;
    // When it was submitted; only where that is measured.
    absl::Time submit_time = {};
  };

  // `engine` must outlive it, and `metrics`, which may be null. At most `waiting_max` tasks wait,
  // and `batch_max` share a commit.
  WriteBatcher(const Engine& engine, size_t waiting_max, size_t batch_max,
               Metrics* metrics = nullptr);
  // Does what waits, then ends.
  ~WriteBatcher();
  WriteBatcher(const WriteBatcher&) = delete;
  WriteBatcher& operator=(const WriteBatcher&) = delete;

  // False if as many tasks wait as may; the task is neither done nor finished then.
  bool Submit(Task task);
  // How many tasks wait.
  size_t waiting() const;

 private:
  struct Done {
    Task task;
    absl::Status status;
  };

  void Write();
  void Finish();
  // Of a batch that was taken out of the queue.
  void Measure(const std::vector<Task>& batch);

  const Engine& engine_;
  const size_t waiting_max_;
  const size_t batch_max_;
  // Both null where nothing is measured.
  prometheus::Histogram* const wait_seconds_;
  prometheus::Histogram* const batch_size_;

  mutable std::mutex mutex_;
  std::condition_variable wake_writer_;
  std::condition_variable wake_finisher_;
  // Guarded by mutex_.
  std::vector<Task> waiting_;
  std::vector<Done> done_;
  bool stopping_ = false;
  bool written_ = false;

  std::thread writer_;
  std::thread finisher_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_WRITE_BATCHER_H_
