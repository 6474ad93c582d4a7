// The program salesd in a process of its own, on a store of its own.
#ifndef SALES_TESTS_RIGS_SALESD_PROCESS_H_
#define SALES_TESTS_RIGS_SALESD_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"

namespace sales::rigs {

class SalesdProcess {
 public:
  // `program` is salesd; the store and the log are kept in `folder`, under `name`.
  SalesdProcess(std::string program, std::filesystem::path folder, std::string name = "salesd");
  // Kills it if it runs.
  ~SalesdProcess();
  SalesdProcess(const SalesdProcess&) = delete;
  SalesdProcess& operator=(const SalesdProcess&) = delete;

  // Makes the store, or brings it up to date; whether that went well.
  bool Migrate(const std::string& store);
  // Starts it, and waits until it serves; false if it ends instead. Port 0 takes a free one.
  bool Start(const std::string& store, const std::vector<std::string>& flags = {}, int port = 0);
  // Sends SIGTERM and does not wait.
  void Terminate();
  // Waits; gives the exit code, or 1000 and the signal that ended it.
  int Wait();

  bool IsRunning();
  int port() const { return port_; }
  // A channel of its own connection each time, with gRPC's service config if one is given.
  std::shared_ptr<grpc::Channel> Channel(const std::string& service_config = "") const;
  // What the process occupies now, and the most that it has since it was started.
  int64_t ResidentBytes() const { return StatusBytes("VmRSS:"); }
  int64_t ResidentBytesMost() const { return StatusBytes("VmHWM:"); }
  // Whether a line of the log has this text.
  bool LogSays(const std::string& text) const;
  std::string LogTail() const;

 private:
  pid_t Spawn(std::vector<std::string> arguments);
  int64_t StatusBytes(const std::string& key) const;
  int AnnouncedPort() const;

  const std::string program_;
  const std::filesystem::path folder_;
  const std::string name_;
  std::filesystem::path log_;
  pid_t pid_ = 0;
  int port_ = 0;
};

}  // namespace sales::rigs

#endif  // SALES_TESTS_RIGS_SALESD_PROCESS_H_
