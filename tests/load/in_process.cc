// Benches of the engine linked into a program.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "sales/calendar.h"
#include "tests/load/bench.h"
#include "tests/load/replay.h"

namespace sales::load {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr char kWorkspace[] = "bench";

double TimeOf(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

double CpuSecondsOfChildren() {
  rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string PerSecond(double rate) { return absl::StrFormat("%.0f/s", rate); }

void CopyStore(const std::string& from, const std::string& to) {
  std::filesystem::remove(to);
  std::filesystem::remove(to + "-wal");
  std::filesystem::copy_file(from, to);
}

// A lead with the past of an ordinary one, received on one of the days of 2025.
ImportLead PastLead(int64_t number) {
  const uint64_t mixed = static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15ull;
  ImportLead row;
  row.capture = NewPerson(number);
  row.capture.external_id = "row-" + std::to_string(number);
  row.capture.channel = "channel-" + std::to_string(mixed % 10);
  row.capture.campaign = "campaign-" + std::to_string((mixed >> 8) % 3);
  row.capture.seller = "seller-" + std::to_string((mixed >> 16) % 10);
  row.capture.expected_value = Money{"EUR", static_cast<int64_t>((mixed >> 20) % 1'000'000)};
  absl::Time time = absl::FromCivil(absl::CivilDay(2025, 1, 1), absl::UTCTimeZone()) +
                    absl::Seconds(static_cast<int64_t>((mixed >> 24) % (365 * 86'400)));
  row.capture.receive_time = time;
  const auto later = [&time, mixed](int shift) {
    time += absl::Minutes(5 + static_cast<int64_t>((mixed >> shift) % 3'000));
    return time;
  };
  row.steps.push_back(
      {later(3), LogActivity{ActivityKind::kCall, Direction::kOut, absl::Minutes(5), "called"}});
  row.steps.push_back({later(9), AdvanceLead{"contacted", "", ""}});
  row.steps.push_back({later(15), AdvanceLead{"requirements", "", ""}});
  if ((mixed >> 40) % 3 == 0) {
    row.steps.push_back({later(21), LoseLead{"price", ""}});
  }
  return row;
}

std::vector<ImportLead> PastLeads(int64_t first, int64_t count) {
  std::vector<ImportLead> rows;
  for (int64_t i = first; i < first + count; ++i) rows.push_back(PastLead(i));
  return rows;
}

void ImportAll(const Desk& desk, int64_t first, int64_t count) {
  for (int64_t at = first; at < first + count; at += 500) {
    const auto results =
        desk.ImportLeads(PastLeads(at, std::min<int64_t>(500, first + count - at)));
    Require(results.status());
    for (const ImportResult& result : *results) Require(result.status);
  }
}

struct Raw {
  double seconds = 0;
  double batch = 0;
};

// Records what `body` writes to a copy of the store, and replays it in another copy.
Raw RecordAndReplay(const Options& options, const std::string& store, double operations,
                    const std::function<void(const Desk&)>& body) {
  const std::string recorded = options.directory + "/recorded.db";
  CopyStore(store, recorded);
  Recorder::Watch();
  Recording recording;
  {
    const Engine engine = OpenStore(recorded);
    Recorder::Start();
    body(engine.At(kWorkspace));
    recording = Recorder::Stop();
  }
  std::vector<double> seconds;
  for (int round = 0; round < 3; ++round) {
    const std::string copy = options.directory + "/raw.db";
    CopyStore(store, copy);
    seconds.push_back(Replay(recording, copy));
  }
  return {Median(seconds), operations / static_cast<double>(recording.commits)};
}

}  // namespace

std::string PrepareStore(const Options& options, const std::string& name) {
  const std::string file = options.directory + "/" + name;
  const Engine engine = OpenStore(file);
  CreateWorkspace workspace;
  workspace.id = kWorkspace;
  Require(engine.CreateWorkspace(workspace).status());
  const Desk desk = engine.At(kWorkspace);
  for (int channel = 0; channel < 10; ++channel) {
    const std::string id = "channel-" + std::to_string(channel);
    Require(desk.CreateChannel({id, ""}).status());
    for (int campaign = 0; campaign < 3; ++campaign) {
      Require(desk.CreateCampaign({id, "campaign-" + std::to_string(campaign), "", 0}).status());
    }
  }
  return file;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

CaptureLead NewPerson(int64_t number) {
  CaptureLead lead;
  lead.contact.display_name = "Person " + std::to_string(number);
  lead.contact.identities = {Email("person" + std::to_string(number) + "@example.com")};
  lead.need = "a shop for what the person makes, with delivery";
  lead.interest = 50;
  return lead;
}

Engine OpenStore(const std::string& file, bool checkpoints_by_itself) {
  EngineOptions options;
  options.store = "sqlite:" + file;
  options.automatic_checkpoint = checkpoints_by_itself;
  absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  Require(engine.status());
  return *std::move(engine);
}

double CallsPerSecond(int callers, double seconds, const std::function<void(int, int64_t)>& body,
                      std::vector<double>* latencies) {
  std::atomic<bool> stop = false;
  std::vector<std::vector<double>> taken(static_cast<size_t>(callers));
  std::atomic<int64_t> calls = 0;
  std::vector<std::thread> threads;
  const auto start = std::chrono::steady_clock::now();
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      int64_t round = 0;
      for (; !stop.load(std::memory_order_relaxed); ++round) {
        const auto begin = std::chrono::steady_clock::now();
        body(caller, round);
        if (latencies == nullptr) continue;
        taken[static_cast<size_t>(caller)].push_back(
            Seconds(std::chrono::steady_clock::now() - begin).count());
      }
      calls += round;
    });
  }
  std::this_thread::sleep_for(Seconds(seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double took = Seconds(std::chrono::steady_clock::now() - start).count();
  if (latencies != nullptr) {
    for (const auto& some : taken) latencies->insert(latencies->end(), some.begin(), some.end());
  }
  return static_cast<double>(calls.load()) / took;
}

EngineFigures BenchCaptures(const Options& options, Lines& lines) {
  const std::string store = PrepareStore(options, "captures.db");
  const std::string live = options.directory + "/live.db";
  CopyStore(store, live);
  EngineFigures figures;
  double batch = 0;
  {
    const Engine engine = OpenStore(live);
    const Desk desk = engine.At(kWorkspace);
    figures.captures_per_second =
        CallsPerSecond(options.callers, options.seconds(), [&](int caller, int64_t round) {
          Require(desk.CaptureLead(NewPerson(round * options.callers + caller)).status());
        });
    const Engine::WriteCounts counts = engine.write_counts();
    batch = static_cast<double>(counts.writes) / static_cast<double>(counts.commits);
  }
  const int each = options.quick ? 100 : 300;
  const double operations = static_cast<double>(options.callers) * each;
  const Raw raw = RecordAndReplay(options, store, operations, [&](const Desk& desk) {
    std::vector<std::thread> threads;
    for (int caller = 0; caller < options.callers; ++caller) {
      threads.emplace_back([&, caller] {
        for (int round = 0; round < each; ++round) {
          Require(desk.CaptureLead(NewPerson(round * options.callers + caller)).status());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  figures.raw_captures_per_second = operations / raw.seconds;
  lines.push_back(
      {absl::StrFormat("R  raw SQLite, the rows of a capture, %.0f a commit", raw.batch),
       PerSecond(figures.raw_captures_per_second), 0, ""});
  lines.push_back(
      {absl::StrFormat("a  Engine::CaptureLead, %d callers, %.0f a commit", options.callers, batch),
       PerSecond(figures.captures_per_second),
       figures.captures_per_second / figures.raw_captures_per_second, ">= 0.6 of R"});
  return figures;
}

void BenchImports(const Options& options, Lines& lines) {
  const std::string store = PrepareStore(options, "imports.db");
  const int64_t count = options.quick ? 5'000 : 20'000;
  const std::string live = options.directory + "/import.db";
  CopyStore(store, live);
  double rate = 0;
  {
    const Engine engine = OpenStore(live);
    const Desk desk = engine.At(kWorkspace);
    rate = static_cast<double>(count) / TimeOf([&] { ImportAll(desk, 0, count); });
  }
  const Raw raw = RecordAndReplay(options, store, static_cast<double>(count),
                                  [&](const Desk& desk) { ImportAll(desk, 0, count); });
  const double limit = static_cast<double>(count) / raw.seconds;
  lines.push_back(
      {absl::StrFormat("   raw SQLite, the rows of an import, %.0f a commit", raw.batch),
       PerSecond(limit), 0, ""});
  lines.push_back({"c  Engine::ImportLeads, rows with five steps, one caller", PerSecond(rate),
                   rate / limit, ">= 0.5 of raw"});
}

void BenchCalendar(Lines& lines) {
  Calendar calendar;
  calendar.time_zone = "Europe/Amsterdam";
  for (int day = 0; day < 5; ++day) calendar.week[day] = {{540, 720}, {780, 1050}};
  for (int year = 1980; year < 2040; ++year) {
    for (int holiday = 0; holiday < 12; ++holiday) {
      calendar.exceptions.push_back({absl::CivilDay(year, holiday + 1, 6), "", {}});
    }
  }
  const absl::StatusOr<WorkingTime> working_time = WorkingTime::Of(calendar);
  Require(working_time.status());
  const absl::Time from = absl::FromUnixSeconds(315'532'800);
  const absl::Duration years = absl::Hours(24 * 365 * 50);
  constexpr int kRounds = 200'000;
  const auto each = [&](const std::function<absl::Duration(absl::Time)>& body) {
    absl::Duration sum;
    const double seconds = TimeOf([&] {
      for (int i = 0; i < kRounds; ++i) sum += body(from + absl::Seconds(i * 977));
    });
    if (sum == absl::ZeroDuration()) std::exit(1);
    return seconds / kRounds * 1e6;
  };
  const double elapsed =
      each([&](absl::Time time) { return working_time->Elapsed(time, time + years); });
  const double add =
      each([&](absl::Time time) { return *working_time->Add(time, absl::Hours(100'000)) - time; });
  lines.push_back({"h  WorkingTime::Elapsed over 50 years, 720 exceptions",
                   absl::StrFormat("%.2f us", elapsed), elapsed / 5, "< 1 of 5 us"});
  lines.push_back({"h  WorkingTime::Add of 100000 hours, 720 exceptions",
                   absl::StrFormat("%.2f us", add), add / 5, "< 1 of 5 us"});
}

void BenchCheckpoints(const Options& options, Lines& lines) {
  for (const bool by_itself : {true, false}) {
    const std::string file =
        PrepareStore(options, by_itself ? "tail-inline.db" : "tail-background.db");
    const Engine engine = OpenStore(file, by_itself);
    const Desk desk = engine.At(kWorkspace);
    std::atomic<bool> stop = false;
    std::thread checkpoints([&] {
      while (!stop && !by_itself) {
        Require(engine.Checkpoint());
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    });
    std::vector<double> latencies;
    const double rate = CallsPerSecond(
        options.callers, options.seconds(),
        [&](int caller, int64_t round) {
          Require(desk.CaptureLead(NewPerson(round * options.callers + caller)).status());
        },
        &latencies);
    stop = true;
    checkpoints.join();
    std::sort(latencies.begin(), latencies.end());
    lines.push_back(
        {absl::StrFormat("g  CaptureLead p99, %d callers, checkpoints %s", options.callers,
                         by_itself ? "by the writer" : "in the background"),
         absl::StrFormat("%.1f ms at %.0f/s", latencies[latencies.size() * 99 / 100] * 1e3, rate),
         0, ""});
  }
}

void BenchInclude(const Options& options, Lines& lines) {
  const std::string base = options.directory + "/base.cc";
  const std::string ours = options.directory + "/ours.cc";
  const auto write = [](const std::string& file, const std::string& text) {
    std::FILE* const out = std::fopen(file.c_str(), "w");
    if (out == nullptr) std::exit(1);
    std::fputs(text.c_str(), out);
    std::fclose(out);
  };
  // What a program must see to hold the values that the engine gives it.
  write(base,
        "#include <cstdint>\n#include <functional>\n#include <map>\n#include <memory>\n"
        "#include <optional>\n#include <string>\n#include <utility>\n#include <variant>\n"
        "#include <vector>\n#include \"absl/status/status.h\"\n"
        "#include \"absl/status/statusor.h\"\n#include \"absl/time/civil_time.h\"\n"
        "#include \"absl/time/time.h\"\n");
  write(ours, "#include \"sales/engine.h\"\n");
  const auto compile = [&](const std::string& file) {
    const std::string command = "c++ -std=c++17 -fsyntax-only -I" + options.include + " " + file;
    // The compiler's own time: the clock's would tell of whoever else uses the machine.
    const double before = CpuSecondsOfChildren();
    if (std::system(command.c_str()) != 0) std::exit(1);
    return CpuSecondsOfChildren() - before;
  };
  std::vector<double> base_seconds;
  std::vector<double> our_seconds;
  for (int round = 0; round < 5; ++round) {
    base_seconds.push_back(compile(base));
    our_seconds.push_back(compile(ours));
  }
  const double ratio = Median(our_seconds) / Median(base_seconds);
  lines.push_back({"f  compiling #include \"sales/engine.h\"",
                   absl::StrFormat("%.0f ms", Median(our_seconds) * 1e3), ratio,
                   "<= 1.3 of std and Abseil"});
}

}  // namespace sales::load
