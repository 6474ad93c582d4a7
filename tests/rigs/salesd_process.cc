#include "tests/rigs/salesd_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "nlohmann/json.hpp"
#include "tests/rigs/kept_log.h"

namespace sales::rigs {
namespace {

constexpr int kStartTries = 3000;
constexpr std::chrono::milliseconds kPause(10);
constexpr size_t kTailBytes = 4000;

int ExitCodeOf(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace

SalesdProcess::SalesdProcess(std::string program, std::filesystem::path folder, std::string name)
    : program_(std::move(program)), folder_(std::move(folder)), name_(std::move(name)) {}

SalesdProcess::~SalesdProcess() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

bool SalesdProcess::Migrate(const std::string& store) {
  int status = 0;
  waitpid(Spawn({"migrate", "--store=" + store}), &status, 0);
  return ExitCodeOf(status) == 0;
}

bool SalesdProcess::Start(const std::string& store, const std::vector<std::string>& flags,
                          int port) {
  std::vector<std::string> arguments = {"serve", "--store=" + store,
                                        "--listen=127.0.0.1:" + std::to_string(port),
                                        "--admin-listen=127.0.0.1:0", "--sweep-seconds=0"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  pid_ = Spawn(std::move(arguments));
  for (int i = 0; i < kStartTries; ++i) {
    port_ = AnnouncedPort();
    if (port_ != 0) return true;
    if (!IsRunning()) return false;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

void SalesdProcess::Terminate() { kill(pid_, SIGTERM); }

int SalesdProcess::Wait() {
  int status = 0;
  waitpid(std::exchange(pid_, 0), &status, 0);
  return ExitCodeOf(status);
}

bool SalesdProcess::IsRunning() {
  siginfo_t ended = {};
  // Leaves the exit code to Wait.
  return pid_ != 0 && waitid(P_PID, pid_, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

std::shared_ptr<grpc::Channel> SalesdProcess::Channel(const std::string& service_config) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // As our clients have it: a connection that was ended is made anew while a call is tried again.
  // The second is how long an attempt to connect may take.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  if (!service_config.empty()) arguments.SetServiceConfigJSON(service_config);
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_),
                                   grpc::InsecureChannelCredentials(), arguments);
}

bool SalesdProcess::LogSays(const std::string& text) const {
  std::ifstream file(log_);
  for (std::string line; std::getline(file, line);) {
    if (line.find(text) != std::string::npos) return true;
  }
  return false;
}

std::string SalesdProcess::LogTail() const {
  std::ifstream file(log_);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() > kTailBytes ? all.substr(all.size() - kTailBytes) : all;
}

// The log is begun anew.
pid_t SalesdProcess::Spawn(std::vector<std::string> arguments) {
  log_ = LogFile(folder_, name_);
  arguments.insert(arguments.begin(), program_);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int file = open(log_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  dup2(file, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
  // What stands in the environment for the test is none of its settings.
  char* no_environment[] = {nullptr};
  execve(program_.c_str(), argv.data(), no_environment);
  _exit(127);
}

int64_t SalesdProcess::StatusBytes(const std::string& key) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string word; status >> word;) {
    int64_t kibibytes = 0;
    if (word == key && status >> kibibytes) return kibibytes << 10;
  }
  return 0;
}

int SalesdProcess::AnnouncedPort() const {
  std::ifstream file(log_);
  for (std::string line; std::getline(file, line);) {
    if (line.find("\"message\":\"serving\"") == std::string::npos) continue;
    const auto said = nlohmann::json::parse(line, nullptr, false);
    if (said.is_object()) return said.value("port", 0);
  }
  return 0;
}

}  // namespace sales::rigs
