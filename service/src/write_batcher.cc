#include "service/src/write_batcher.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"

namespace sales::service {

WriteBatcher::WriteBatcher(const Engine& engine, size_t waiting_max, size_t batch_max,
                           Metrics* metrics)
    : engine_(engine),
      waiting_max_(waiting_max),
      batch_max_(batch_max),
      wait_seconds_(metrics == nullptr ? nullptr
                                       : &metrics->Histogram("sales_write_queue_seconds")),
      batch_size_(metrics == nullptr ? nullptr : &metrics->Histogram("sales_write_batch_size")),
      writer_([this] { Write(); }),
      finisher_([this] { Finish(); }) {}

WriteBatcher::~WriteBatcher() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_writer_.notify_one();
  writer_.join();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    written_ = true;
  }
  wake_finisher_.notify_one();
  finisher_.join();
}

bool WriteBatcher::Submit(Task task) {
  if (wait_seconds_ != nullptr) task.submit_time = absl::Now();
  bool idle = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() >= waiting_max_) return false;
    idle = waiting_.empty();
    waiting_.push_back(std::move(task));
  }
  if (idle) wake_writer_.notify_one();
  return true;
}

void WriteBatcher::Write() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_writer_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto end =
        waiting_.begin() + static_cast<ptrdiff_t>(std::min(waiting_.size(), batch_max_));
    std::vector<Task> batch(std::make_move_iterator(waiting_.begin()),
                            std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    if (wait_seconds_ != nullptr) Measure(batch);
    std::vector<Engine::JointWrite> writes;
    writes.reserve(batch.size());
    for (Task& task : batch) writes.push_back(std::move(task.write));
    std::vector<absl::Status> statuses = engine_.Together(writes);
    lock.lock();
    const bool idle = done_.empty();
    for (size_t i = 0; i < batch.size(); ++i) {
      done_.push_back({std::move(batch[i]), std::move(statuses[i])});
    }
    if (idle) wake_finisher_.notify_one();
  }
}

void WriteBatcher::Measure(const std::vector<Task>& batch) {
  const absl::Time now = absl::Now();
  for (const Task& task : batch) {
    wait_seconds_->Observe(absl::ToDoubleSeconds(now - task.submit_time));
  }
  batch_size_->Observe(static_cast<double>(batch.size()));
}

size_t WriteBatcher::waiting() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return waiting_.size();
}

void WriteBatcher::Finish() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_finisher_.wait(lock, [this] { return written_ || !done_.empty(); });
    if (done_.empty()) return;
    std::vector<Done> batch;
    batch.swap(done_);
    lock.unlock();
    for (const Done& done : batch) done.task.finish(done.status);
    lock.lock();
  }
}

}  // namespace sales::service
