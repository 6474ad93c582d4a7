// The real salesd on a store of its own; it may be killed and started again on the same port.
#ifndef SALES_CLIENTS_CPP_TESTS_SALESD_PROCESS_H_
#define SALES_CLIENTS_CPP_TESTS_SALESD_PROCESS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sales::client {

inline std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class SalesdProcess {
 public:
  explicit SalesdProcess(std::vector<std::string> flags = {}, int port = 0)
      : flags_(std::move(flags)), port_(port) {
    std::string name = (std::filesystem::path(testing::TempDir()) / "salesd-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    Spawn({"migrate"});
    EXPECT_EQ(Wait(), 0) << TextOf(log_);
    Start();
  }
  ~SalesdProcess() {
    kill(process_, SIGTERM);
    Wait();
    std::filesystem::remove_all(folder_);
  }
  SalesdProcess(const SalesdProcess&) = delete;
  SalesdProcess& operator=(const SalesdProcess&) = delete;

  // A port to come back to after a kill. It is below those that the kernel gives to connections: a
  // client that looks for a dead server on one of those may be connected with itself, and so take
  // the port away.
  static int LastingPort() {
    std::random_device random;
    while (true) {
      const int port = std::uniform_int_distribution<>(15'000, 30'000)(random);
      const int probe = socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address = {};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<uint16_t>(port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const bool is_free =
          bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
      close(probe);
      if (is_free) return port;
    }
  }

  std::string target() const { return "127.0.0.1:" + std::to_string(port_); }

  // The token of an owner, as `salesd token` prints it once.
  std::string Token(const std::string& actor) const {
    const std::string command =
        "'" + Program() + "' token '" + Store() + "' --role=owner --actor=" + actor;
    const std::unique_ptr<FILE, int (*)(FILE*)> printed(popen(command.c_str(), "r"), pclose);
    std::string token(200, '\0');
    token.resize(fread(token.data(), 1, token.size(), printed.get()));
    return token;
  }

  // As a power cut would.
  void Kill() {
    kill(process_, SIGKILL);
    Wait();
  }

  // Starts it, and waits until it says on which port it listens.
  void Start() {
    std::vector<std::string> arguments = {
        "serve", "--listen=" + target(), "--admin-listen=127.0.0.1:0", "--lame-duck-seconds=0",
        // What a test records is all that is recorded.
        "--sweep-seconds=0", std::string("--webhook-key-file=") + SALES_SCENARIOS + "/webhook.key"};
    arguments.insert(arguments.end(), flags_.begin(), flags_.end());
    Spawn(arguments);
    static const std::regex* const kServing =
        new std::regex(R"re("message":"serving".*"port":(\d+))re");
    for (int i = 0; i < 3000; ++i) {
      const std::string log = TextOf(log_);
      std::smatch serving;
      if (std::regex_search(log, serving, *kServing)) {
        port_ = std::stoi(serving[1]);
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "salesd did not start: " << TextOf(log_);
  }

 private:
  void Spawn(std::vector<std::string> words) {
    words.insert(words.begin(), Program());
    words.push_back(Store());
    // Kept for look_through_logs.py where the environment says where.
    const char* kept = std::getenv("SALESD_LOGS");
    const std::filesystem::path logs = kept != nullptr ? std::filesystem::path(kept) : folder_;
    log_ = logs /
           ("cpp-client-" + folder_.filename().string() + "-" + std::to_string(++starts_) + ".log");
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    ASSERT_EQ(posix_spawn(&process_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }

  int Wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

  std::string Store() const { return "--store=sqlite:" + (folder_ / "sales.db").string(); }

  static std::string Program() {
    const char* given = std::getenv("SALESD");
    return given != nullptr ? given : SALES_SALESD;
  }

  std::filesystem::path folder_;
  std::filesystem::path log_;
  const std::vector<std::string> flags_;
  int port_;
  int starts_ = 0;
  pid_t process_ = 0;
};

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_TESTS_SALESD_PROCESS_H_
