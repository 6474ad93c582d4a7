// kill -9 at random instants under sixteen writers: what was acknowledged is there, whole, and the
// store is in order. The writers are a process of their own, this program run again.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sales/engine.h"
#include "tests/rigs/fresh_store.h"

namespace sales {
namespace {

constexpr int kWriters = 16;
constexpr int kKills = 200;
// A store is killed this often before a fresh one takes its place, so that checking stays quick.
constexpr int kKillsPerStore = 25;

absl::StatusOr<Engine> OpenStore(const std::string& store) {
  EngineOptions options;
  options.store = store;
  return Engine::Open(std::move(options));
}

std::string Describe(const Lead& lead) {
  return lead.stage + " " + std::to_string(lead.proposals.size()) + " " +
         std::to_string(lead.visits.size());
}

// Writes until it is killed. Each acknowledged state of a lead goes to standard output as one
// line, in one write, before the next write begins.
void WriteForEver(const std::string& store, const std::string& round) {
  const absl::StatusOr<Engine> engine = OpenStore(store);
  if (!engine.ok()) std::exit(1);
  const auto acknowledge = [](const Lead& lead) {
    const std::string line = lead.id + " " + Describe(lead) + "\n";
    if (write(STDOUT_FILENO, line.data(), line.size()) < 0) std::exit(1);
  };
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      const Desk desk = engine->At("studio");
      for (int i = 0;; ++i) {
        const std::string id =
            "r" + round + "-w" + std::to_string(writer) + "-" + std::to_string(i);
        CaptureLead capture;
        capture.id = id;
        capture.contact.display_name = "Somebody";
        // Some people ask again and again, from several writers.
        capture.contact.identities = {Email("person" + std::to_string(i % 50) + "@example.com")};
        capture.need = "a shop";
        const auto captured = desk.CaptureLead(capture);
        if (!captured.ok()) std::exit(1);
        acknowledge(captured->lead);
        if (i % 3 != 0) continue;
        const auto logged =
            desk.LogActivity(id, {ActivityKind::kCall, Direction::kOut, {}, "called"});
        const auto agreed = desk.AgreeRequirements(id, {"a shop with three pages"});
        const auto sent = desk.SendProposal(id, {"all of it", {"EUR", 100'000}, std::nullopt});
        const auto moved = desk.AdvanceLead(id, {"start_of_work", "", ""});
        if (!logged.ok() || !agreed.ok() || !sent.ok() || !moved.ok()) std::exit(1);
        acknowledge(*moved);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
}

class KilledWriter {
 public:
  KilledWriter(const std::string& store, int round) {
    int output[2];
    EXPECT_EQ(pipe(output), 0);
    const std::string program = std::filesystem::canonical("/proc/self/exe");
    const std::string number = std::to_string(round);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(output[1], STDOUT_FILENO);
      close(output[0]);
      close(output[1]);
      execl(program.c_str(), program.c_str(), "--write", store.c_str(), number.c_str(), nullptr);
      _exit(1);
    }
    close(output[1]);
    output_ = output[0];
  }

  // Reads what is acknowledged; kills the process a while after the first; reads what is left.
  std::string KillAfter(std::chrono::microseconds delay) {
    std::string acknowledged;
    char buffer[65536];
    bool killed = false;
    std::thread killer;
    while (true) {
      const ssize_t got = read(output_, buffer, sizeof(buffer));
      if (got <= 0) break;
      acknowledged.append(buffer, static_cast<size_t>(got));
      if (killed) continue;
      killed = true;
      killer = std::thread([this, delay] {
        std::this_thread::sleep_for(delay);
        kill(pid_, SIGKILL);
      });
    }
    EXPECT_TRUE(killed) << "the writers ended before they wrote";
    if (killer.joinable()) killer.join();
    int status = 0;
    waitpid(pid_, &status, 0);
    close(output_);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return acknowledged;
  }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
};

void ExpectEverythingAcknowledged(const Desk& desk, const std::string& acknowledged) {
  std::istringstream lines(acknowledged.substr(0, acknowledged.rfind('\n') + 1));
  std::map<std::string, std::string> last;
  for (std::string line; std::getline(lines, line);) {
    const size_t space = line.find(' ');
    last[line.substr(0, space)] = line.substr(space + 1);
  }
  for (const auto& [id, state] : last) {
    const auto lead = desk.GetLead(id);
    ASSERT_TRUE(lead.ok()) << "acknowledged and lost: " << id;
    // A later write may have been committed and not acknowledged; then the lead is further.
    if (state.rfind("new", 0) != 0) {
      EXPECT_EQ(Describe(*lead), state) << id;
    }
    EXPECT_TRUE(desk.GetContact(lead->contact).ok()) << id;
  }
}

TEST(Kill9, LosesNothingThatWasAcknowledgedAndLeavesNothingHalf) {
  std::mt19937 random(20260101);
  std::string directory;
  std::optional<rigs::FreshStore> store;
  int64_t revisions = 0;
  for (int round = 0; round < kKills; ++round) {
    if (round % kKillsPerStore == 0) {
      if (!directory.empty()) std::filesystem::remove_all(directory);
      std::string pattern = ::testing::TempDir() + "/crash-XXXXXX";
      directory = mkdtemp(pattern.data());
      store.emplace(directory + "/store.db");
      const auto engine = OpenStore(store->name());
      ASSERT_TRUE(engine.ok()) << engine.status();
      CreateWorkspace workspace;
      workspace.id = "studio";
      ASSERT_TRUE(engine->CreateWorkspace(workspace).ok());
    }
    const std::string acknowledged =
        KilledWriter(store->name(), round).KillAfter(std::chrono::microseconds(random() % 40'000));
    const auto engine = OpenStore(store->name());
    ASSERT_TRUE(engine.ok()) << engine.status();
    ExpectEverythingAcknowledged(engine->At("studio"), acknowledged);
    const auto faults = engine->Check();
    ASSERT_TRUE(faults.ok()) << faults.status();
    for (const CheckFault& fault : *faults) ADD_FAILURE() << fault.kind << " " << fault.description;
    if (round % kKillsPerStore == kKillsPerStore - 1) {
      revisions += engine->At("studio").GetWorkspace()->revision;
    }
    if (HasFailure()) FAIL() << "in round " << round << ", in " << directory;
  }
  std::filesystem::remove_all(directory);
  std::printf("%d kills, %d writers, %ld writes committed, none lost\n", kKills, kWriters,
              static_cast<long>(revisions));
}

}  // namespace
}  // namespace sales

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--write") == 0) {
    sales::WriteForEver(argv[2], argv[3]);
    return 0;
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
