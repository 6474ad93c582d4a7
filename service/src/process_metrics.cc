#include "service/src/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_split.h"

namespace sales::service {
namespace {

std::string FileText(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The field of /proc/self/stat with this number in proc(5), from the third on; 0 where it cannot be
// read. The second is the program's name, which may hold anything but a ')' after its end.
double StatField(size_t number) {
  const std::string text = FileText("/proc/self/stat");
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 > text.size()) return 0;
  const std::vector<std::string> fields = absl::StrSplit(text.substr(name_end + 2), ' ');
  return number - 3 < fields.size() ? std::strtod(fields[number - 3].c_str(), nullptr) : 0;
}

double CpuSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double OpenFiles() {
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return 0;
  // Without the one that is open for looking.
  return static_cast<double>(std::distance(begin(files), end(files)) - 1);
}

double FilesMax() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

// When the machine started, since 1970, and how long after that the process did.
double StartTime() {
  const std::string text = FileText("/proc/stat");
  const size_t found = text.find("btime ");
  if (found == std::string::npos) return 0;
  return std::strtod(text.c_str() + found + 6, nullptr) +
         StatField(22) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

void AddProcessMetrics(Metrics& metrics) {
  metrics.Read("process_cpu_seconds_total", {}, CpuSeconds);
  metrics.Read("process_resident_memory_bytes", {},
               [] { return StatField(24) * static_cast<double>(sysconf(_SC_PAGESIZE)); });
  metrics.Read("process_virtual_memory_bytes", {}, [] { return StatField(23); });
  metrics.Read("process_open_fds", {}, OpenFiles);
  metrics.Read("process_max_fds", {}, FilesMax);
  metrics.Read("process_threads", {}, [] { return StatField(20); });
  metrics.Read("process_start_time_seconds", {}, [start = StartTime()] { return start; });
}

}  // namespace sales::service
