// What the engine costs on a PostgreSQL server, against bare libpq on the same one.
#include <libpq-fe.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "clients/cli/src/copy.h"
#include "tests/load/bench.h"
#include "tests/load/replay.h"

namespace sales::load {
namespace {

constexpr char kWorkspace[] = "bench";
constexpr char kOther[] = "other";

// Runs a statement on the server's own database.
void OnServer(const Options& options, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      PQconnectdb((options.postgres + " dbname=postgres").c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             PQclear);
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return;
  std::fprintf(stderr, "bench: %s\n", PQerrorMessage(connection.get()));
  std::exit(1);
}

std::string DsnOf(const Options& options, const std::string& database) {
  return options.postgres + " dbname=" + database;
}

// A database that holds what another does.
void CopyDatabase(const Options& options, const std::string& from, const std::string& to) {
  OnServer(options, "DROP DATABASE IF EXISTS " + to);
  OnServer(options, "CREATE DATABASE " + to + " TEMPLATE " + from);
}

Engine OpenAt(const std::string& store, int write_batch) {
  EngineOptions options;
  options.store = store;
  options.write_batch = write_batch;
  absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  Require(engine.status());
  return *std::move(engine);
}

double CaptureForAWhile(const Engine& engine, int callers, double seconds, int64_t first) {
  const Desk desk = engine.At(kWorkspace);
  return CallsPerSecond(callers, seconds, [&](int caller, int64_t round) {
    Require(desk.CaptureLead(NewPerson(first + round * callers + caller)).status());
  });
}

// The writes of captures in batches of a size, as they are on either database.
Recording RecordCaptures(const Options& options, const std::string& store, int batch,
                         int64_t captures) {
  const std::string copy = options.directory + "/recorded-for-postgres.db";
  std::ifstream in(store, std::ios::binary);
  std::ofstream(copy, std::ios::binary) << in.rdbuf();
  Recorder::Watch();
  const Engine engine = OpenAt("sqlite:" + copy, batch);
  Recorder::Start();
  // Each call's function makes one of them, and all that fit share a commit.
  for (int64_t first = 0; first < captures; first += batch) {
    std::vector<Engine::JointWrite> writes;
    for (int64_t number = first; number < std::min(captures, first + batch); ++number) {
      writes.push_back(
          {kWorkspace, [&engine, number](internal::Joint* joint) {
             Call call;
             call.joint = joint;
             return engine.At(kWorkspace, call).CaptureLead(NewPerson(number)).status();
           }});
    }
    for (const absl::Status& status : engine.Together(writes)) Require(status);
  }
  return Recorder::Stop();
}

// What processes of their own capture, each in the workspace that it is given.
struct Shared {
  double per_second = 0;
  double micros_per_capture = 0;
};
Shared CaptureInProcesses(const Options& options, const std::string& store,
                          const std::vector<std::string>& workspaces) {
  std::vector<std::FILE*> children;
  for (const std::string& workspace : workspaces) {
    const std::string command = options.program + " --capture '" + store + "' " + workspace + " " +
                                std::to_string(options.seconds());
    children.push_back(popen(command.c_str(), "r"));
  }
  Shared shared;
  double micros = 0;
  for (std::FILE* const child : children) {
    double captures = 0;
    double cpu = 0;
    if (std::fscanf(child, "%lf %lf", &captures, &cpu) != 2) std::exit(1);
    pclose(child);
    shared.per_second += captures / options.seconds();
    shared.micros_per_capture += captures;
    micros += cpu;
  }
  shared.micros_per_capture = micros / shared.micros_per_capture;
  return shared;
}

std::string Told(const Shared& shared) {
  return absl::StrFormat("%.0f/s, %.0f us of CPU each", shared.per_second,
                         shared.micros_per_capture);
}

}  // namespace

std::string CopyToPostgres(const Options& options, const std::string& sqlite_file,
                           const std::string& database) {
  OnServer(options, "DROP DATABASE IF EXISTS " + database);
  OnServer(options, "CREATE DATABASE " + database);
  const std::string store = "postgres:" + DsnOf(options, database);
  std::vector<salesctl::Copied> copied;
  Require(salesctl::CopyWorkspaces({"sqlite:" + sqlite_file, store, {}}, copied));
  return store;
}

int CaptureAsChild(const std::string& store, const std::string& workspace, double seconds) {
  constexpr int kCallers = 32;
  const Engine engine = OpenAt(store, 256);
  const Desk desk = engine.At(workspace);
  const int64_t first = static_cast<int64_t>(getpid()) * 1'000'000'000;
  const double rate = CallsPerSecond(kCallers, seconds, [&](int caller, int64_t round) {
    Require(desk.CaptureLead(NewPerson(first + round * kCallers + caller)).status());
  });
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  std::printf("%.0f %.0f\n", rate * seconds, micros(usage.ru_utime) + micros(usage.ru_stime));
  return 0;
}

void BenchPostgres(const Options& options, Lines& lines) {
  const std::string file = PrepareStore(options, "postgres.db");
  {
    CreateWorkspace other;
    other.id = kOther;
    Require(OpenStore(file).CreateWorkspace(other).status());
  }
  CopyToPostgres(options, file, "bench_before");

  CopyDatabase(options, "bench_before", "bench_live");
  const std::string live = "postgres:" + DsnOf(options, "bench_live");
  double rate = 0;
  double batch = 0;
  {
    const Engine engine = OpenAt(live, 256);
    rate = CaptureForAWhile(engine, options.callers, options.seconds(), 0);
    const Engine::WriteCounts counts = engine.write_counts();
    batch = static_cast<double>(counts.writes) / static_cast<double>(counts.commits);
  }
  const int64_t captures = options.quick ? 5'000 : 20'000;
  const Recording recording =
      RecordCaptures(options, file, std::max(1, static_cast<int>(batch + 0.5)), captures);
  std::vector<double> seconds;
  for (int round = 0; round < 3; ++round) {
    CopyDatabase(options, "bench_before", "bench_raw");
    seconds.push_back(ReplayOnPostgres(recording, DsnOf(options, "bench_raw")));
  }
  const double limit = static_cast<double>(captures) / Median(seconds);
  lines.push_back({absl::StrFormat("P  raw libpq, the rows of a capture, %.0f a commit, pipelined",
                                   static_cast<double>(captures) / recording.commits),
                   absl::StrFormat("%.0f/s", limit), 0, ""});
  lines.push_back(
      {absl::StrFormat("p  Engine::CaptureLead, %d callers, %.0f a commit", options.callers, batch),
       absl::StrFormat("%.0f/s", rate), rate / limit, ">= 0.6 of P"});

  const Shared one = CaptureInProcesses(options, live, {kWorkspace});
  const Shared apart = CaptureInProcesses(options, live, {kWorkspace, kOther});
  const Shared together = CaptureInProcesses(options, live, {kWorkspace, kWorkspace});
  lines.push_back({"p  one process, one workspace", Told(one), 0, ""});
  lines.push_back({"p  two processes, a workspace each", Told(apart),
                   apart.per_second / one.per_second, ">= 1.6, with cores for it"});
  lines.push_back({"p  two processes, one workspace", Told(together),
                   together.per_second / one.per_second, ""});
}

}  // namespace sales::load
