#include "tests/rigs/kept_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace sales::rigs {
namespace {

const char* KeptFolder() { return std::getenv("SALESD_LOGS"); }

// One for all servers of the process; it is open until that ends.
int OwnDescriptor() {
  if (KeptFolder() == nullptr) return STDERR_FILENO;
  static const int descriptor =
      open(LogFile("", "within").c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
  return descriptor;
}

}  // namespace

std::filesystem::path LogFile(const std::filesystem::path& folder, const std::string& name) {
  static std::atomic<int> count{0};
  if (KeptFolder() == nullptr) return folder / (name + ".log");
  return std::filesystem::path(KeptFolder()) /
         ("cpp-" + name + "-" + std::to_string(getpid()) + "-" + std::to_string(++count) + ".log");
}

OwnLog::OwnLog()
    : Log(KeptFolder() == nullptr ? service::LogLevel::kError : service::LogLevel::kInfo,
          OwnDescriptor()) {}

}  // namespace sales::rigs
