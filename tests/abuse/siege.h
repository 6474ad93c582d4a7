// A salesd that is treated badly, and honest clients of it meanwhile.
#ifndef SALES_TESTS_ABUSE_SIEGE_H_
#define SALES_TESTS_ABUSE_SIEGE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/channel.h"
#include "tests/rigs/salesd_process.h"

namespace sales::abuse {

// The most that salesd may occupy whatever it is sent; service/README.md states it.
inline constexpr int64_t kResidentBytesMax = int64_t{1} << 30;

// Whether the long form was asked for (`./dev bench abuse`), and how long a fuzz goes on.
bool IsLong();
std::chrono::seconds FuzzTime();

// Whether honest calls may be refused because memory is short; otherwise each must succeed.
enum class Refusals { kNone, kOfMemory };

// Clients that capture leads and read them, each over a connection of its own that it had before
// the siege began.
class HonestClients {
 public:
  HonestClients(const rigs::SalesdProcess& salesd, Refusals allowed);
  ~HonestClients();
  HonestClients(const HonestClients&) = delete;
  HonestClients& operator=(const HonestClients&) = delete;

  // Calls a second that were answered since the last time this was asked.
  double RateSince(std::chrono::steady_clock::time_point start);

 private:
  void Work(const std::shared_ptr<grpc::Channel>& channel, int number);

  const Refusals allowed_;
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> calls_{0};
  std::mutex mutex_;
  std::vector<std::string> failures_;
  std::vector<std::thread> threads_;
};

class Siege : public testing::Test {
 protected:
  Siege();
  ~Siege() override;

  // Starts salesd with a workspace "studio" in it.
  void Begin(const std::vector<std::string>& flags = {});
  // Records `count` leads, each with a few events.
  void CaptureLeads(int count);
  // Runs `attack` while honest clients go on; tells their rates before and during it, and what
  // salesd came to occupy. At least `seconds` are watched each.
  template <typename Attack>
  void Endure(const std::string& name, int seconds, const Attack& attack,
              Refusals allowed = Refusals::kNone);
  // salesd runs, has kept within its bound, and serves somebody new within so many seconds.
  void ExpectUnharmed(int seconds = 10);
  // Ends salesd, which must exit in order.
  void End();

  const std::filesystem::path folder_;
  rigs::SalesdProcess salesd_;

 private:
  void Tell(const std::string& name, double before, double during);
};

template <typename Attack>
void Siege::Endure(const std::string& name, int seconds, const Attack& attack, Refusals allowed) {
  using Clock = std::chrono::steady_clock;
  HonestClients honest(salesd_, allowed);
  const std::chrono::seconds watched(seconds);
  auto start = Clock::now();
  std::this_thread::sleep_for(watched);
  const double before = honest.RateSince(start);
  start = Clock::now();
  attack();
  std::this_thread::sleep_until(start + watched);
  Tell(name, before, honest.RateSince(start));
}

}  // namespace sales::abuse

#endif  // SALES_TESTS_ABUSE_SIEGE_H_
