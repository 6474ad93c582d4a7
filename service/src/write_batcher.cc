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
      finisher_([this] { Finish(); }) {
  for (int i = 0; i < engine_.writers(); ++i) writers_.emplace_back([this] { Write(); });
}

WriteBatcher::~WriteBatcher() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_writer_.notify_all();
  for (std::thread& writer : writers_) writer.join();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    written_ = true;
  }
  wake_finisher_.notify_one();
  finisher_.join();
}

bool WriteBatcher::Submit(Task task) {
  if (wait_seconds_ != nullptr) task.submit_time = absl::Now();
  // One writer makes writes of all workspaces with one commit.
  const std::string name = engine_.writers() == 1 ? "" : task.write.workspace;
  bool ready = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_ >= waiting_max_) return false;
    ++waiting_;
    Lane& lane = lanes_[name];
    ready = lane.waiting.empty() && !lane.busy;
    if (ready) ready_.push_back(name);
    lane.waiting.push_back(std::move(task));
  }
  if (ready) wake_writer_.notify_one();
  return true;
}

std::vector<WriteBatcher::Task> WriteBatcher::TakeBatch(std::string& name) {
  name = std::move(ready_.front());
  ready_.pop_front();
  Lane& lane = lanes_[name];
  lane.busy = true;
  const auto end =
      lane.waiting.begin() + static_cast<ptrdiff_t>(std::min(lane.waiting.size(), batch_max_));
  std::vector<Task> batch(std::make_move_iterator(lane.waiting.begin()),
                          std::make_move_iterator(end));
  lane.waiting.erase(lane.waiting.begin(), end);
  waiting_ -= batch.size();
  return batch;
}

void WriteBatcher::Write() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_writer_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (ready_.empty()) return;
    std::string name;
    std::vector<Task> batch = TakeBatch(name);
    lock.unlock();
    if (wait_seconds_ != nullptr) Measure(batch);
    std::vector<Engine::JointWrite> writes;
    writes.reserve(batch.size());
    for (Task& task : batch) writes.push_back(std::move(task.write));
    std::vector<absl::Status> statuses = engine_.Together(writes);
    lock.lock();
    // This thread goes on with whatever is ready, so nobody else needs to be woken.
    const auto lane = lanes_.find(name);
    lane->second.busy = false;
    if (lane->second.waiting.empty()) {
      lanes_.erase(lane);
    } else {
      ready_.push_back(name);
    }
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
  return waiting_;
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
