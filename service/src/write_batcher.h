// The writes of all calls, made by few threads that commit once for everything that waits: one
// where the store has one writer, else several, each for another workspace at a time.
//
// A thread for each call that waits for its commit would be woken twice a call, which costs more
// than the write. What is answered is answered by a thread of its own, so that the next writes
// begin meanwhile.
#ifndef SALES_SERVICE_WRITE_BATCHER_H_
#define SALES_SERVICE_WRITE_BATCHER_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
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
  // What waits to be written in one workspace, or in all where the store has one writer.
  struct Lane {
    std::vector<Task> waiting;
    // A thread writes what waited before.
    bool busy = false;
  };

  void Write();
  // The first that wait of the lane that has waited longest.
  std::vector<Task> TakeBatch(std::string& lane);
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
  // Guarded by mutex_. Lanes are there while something of them waits or is written; those that are
  // not busy and have something are ready, in order.
  std::map<std::string, Lane> lanes_;
  std::deque<std::string> ready_;
  size_t waiting_ = 0;
  std::vector<Done> done_;
  bool stopping_ = false;
  bool written_ = false;

  std::vector<std::thread> writers_;
  std::thread finisher_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_WRITE_BATCHER_H_
