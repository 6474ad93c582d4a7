// What the benches share: results as ratios to a limit measured in the same run.
#ifndef SALES_TESTS_LOAD_BENCH_H_
#define SALES_TESTS_LOAD_BENCH_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "sales/engine.h"

namespace sales::load {

struct Options {
  bool quick = false;
  // A fresh directory, removed at the end.
  std::string directory;
  // Where stores that take long to fill are kept for the next run; empty: nowhere.
  std::string keep;
  const std::string& kept() const { return keep.empty() ? directory : keep; }
  // This program, run again as a server.
  std::string program;
  // The public headers, for measuring what including them costs.
  std::string include;
  // How libpq reaches a PostgreSQL server on which databases may be made; empty: none is measured.
  std::string postgres;

  int callers = 64;
  double seconds() const { return quick ? 2 : 5; }
};

// One line of the result.
struct Line {
  std::string name;
  std::string figure;
  // Against the limit, 0 where there is none, with what is aimed at.
  double ratio = 0;
  std::string aim;
};
using Lines = std::vector<Line>;

double Median(std::vector<double> values);
void Require(const absl::Status& status);

// Calls `body(caller, round)` from many threads until the seconds are over; gives calls a second,
// and each call's seconds in `latencies` if it is given.
double CallsPerSecond(int callers, double seconds,
                      const std::function<void(int caller, int64_t round)>& body,
                      std::vector<double>* latencies = nullptr);

// A person that no other call has.
CaptureLead NewPerson(int64_t number);
Engine OpenStore(const std::string& file, bool checkpoints_by_itself = true);
// A SQLite store with the workspace "bench", channels and campaigns, and nothing in its log; gives
// its file.
std::string PrepareStore(const Options& options, const std::string& name);

// What a capture and an imported row cost in bare SQLite, and how the engine compares.
struct EngineFigures {
  double captures_per_second = 0;
  double raw_captures_per_second = 0;
};
EngineFigures BenchCaptures(const Options& options, Lines& lines);
void BenchImports(const Options& options, Lines& lines);
// With a PostgreSQL server, also on it, against SQLite.
void BenchReports(const Options& options, Lines& lines);
// What a caller of the service waits for each on a PostgreSQL store, and on the SQLite store that
// it is a copy of; they take turns.
void BenchReportsOverGrpc(const std::string& sqlite_store, const std::string& postgres_store,
                          int64_t size, Lines& lines);
void BenchPostgres(const Options& options, Lines& lines);
// Copies a store to a database of its own on the server; gives it as EngineOptions::store.
std::string CopyToPostgres(const Options& options, const std::string& sqlite_file,
                           const std::string& database);
void BenchCalendar(Lines& lines);
void BenchCheckpoints(const Options& options, Lines& lines);
void BenchCalls(const Options& options, const EngineFigures& engine, Lines& lines);
void BenchExtras(const Options& options, Lines& lines);
void BenchDuplicates(const Options& options, Lines& lines);
void BenchInclude(const Options& options, Lines& lines);

// Runs as a process of its own that captures in `workspace` for so long; prints how many it did and
// the microseconds of CPU that it took.
int CaptureAsChild(const std::string& store, const std::string& workspace, double seconds);

// Runs as a server of its own process until standard input closes; prints its port. `kind`:
// "empty-callback", "empty-sync", "sales-callback", "sales-sync" or "sales-measured".
int ServeAsChild(const std::string& kind, const std::string& directory);

}  // namespace sales::load

#endif  // SALES_TESTS_LOAD_BENCH_H_
