#ifndef SALES_SERVICE_POOL_H_
#define SALES_SERVICE_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sales::service {

// Threads that run tasks in the order of their coming, so that gRPC's own few threads never wait
// for the store.
class Pool {
 public:
  Pool(int threads, size_t waiting_max);
  // Runs what waits, then ends.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False if as many tasks wait as may; the task is not run then.
  bool Submit(std::function<void()> task);
  // How many tasks wait.
  size_t waiting() const;

 private:
  void Work();

  const size_t waiting_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_POOL_H_
