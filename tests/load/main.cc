// sales_bench: the benches, each as a ratio to its limit, both measured in this run.
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/synchronization/mutex.h"
#include "tests/load/bench.h"

namespace {

void Print(const sales::load::Lines& lines) {
  std::printf("%-58s %26s %8s  %s\n", "bench", "figure", "ratio", "aim");
  for (const sales::load::Line& line : lines) {
    char ratio[16] = "";
    if (line.ratio != 0) std::snprintf(ratio, sizeof(ratio), "%.2f", line.ratio);
    std::printf("%-58s %26s %8s  %s\n", line.name.c_str(), line.figure.c_str(), ratio,
                line.aim.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  namespace load = sales::load;
  // As salesd does; callers and the server that does nothing have it too.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (argc == 4 && std::strcmp(argv[1], "--serve") == 0)
    return load::ServeAsChild(argv[2], argv[3]);
  if (argc == 5 && std::strcmp(argv[1], "--capture") == 0)
    return load::CaptureAsChild(argv[2], argv[3], std::atof(argv[4]));
  load::Options options;
  options.program = std::filesystem::canonical("/proc/self/exe");
  options.include = SALES_INCLUDE_DIRECTORY;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--quick") {
      options.quick = true;
    } else if (argument.rfind("--only=", 0) == 0) {
      only = argument.substr(7);
    } else if (argument.rfind("--postgres=", 0) == 0) {
      std::ifstream file(argument.substr(11));
      std::getline(file, options.postgres);
    } else if (argument.rfind("--keep=", 0) == 0) {
      options.keep = argument.substr(7);
      std::filesystem::create_directories(options.keep);
    } else {
      std::fprintf(stderr,
                   "usage: sales_bench [--quick] [--only=LETTERS of abcdefghip] [--postgres=FILE] "
                   "[--keep=DIRECTORY]\n"
                   "FILE holds how libpq reaches a server on which databases may be made.\n"
                   "DIRECTORY keeps the stores that take long to fill for the next run.\n");
      return 2;
    }
  }
  const auto wants = [&](char letter) {
    return only.empty() || only.find(letter) != std::string::npos;
  };
  std::string pattern = std::filesystem::temp_directory_path() / "sales-bench-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) return 1;
  options.directory = pattern;

  load::Lines lines;
  load::EngineFigures engine;
  if (wants('a') || wants('b')) engine = load::BenchCaptures(options, lines);
  if (wants('b') || wants('e')) load::BenchCalls(options, engine, lines);
  if (wants('i')) load::BenchExtras(options, lines);
  if (wants('c')) load::BenchImports(options, lines);
  if (wants('d')) load::BenchReports(options, lines);
  if (wants('f')) load::BenchInclude(options, lines);
  if (wants('h')) load::BenchCalendar(lines);
  if (wants('g')) load::BenchCheckpoints(options, lines);
  if (wants('h')) load::BenchDuplicates(options, lines);
  if (wants('p') && !options.postgres.empty()) load::BenchPostgres(options, lines);
  Print(lines);
  std::filesystem::remove_all(options.directory);
  return 0;
}
