// The client and the real server: every scenario, and streams that go on over its death.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "clients/cpp/tests/salesd_process.h"
#include "nlohmann/json.hpp"
#include "sales/client.h"
#include "sales/v1/channel.pb.h"
#include "sales/v1/event.pb.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/report.pb.h"
#include "sales/v1/workspace.pb.h"
#include "tests/rigs/rig.h"
#include "tests/rigs/scenario.h"

namespace sales::client {
namespace {

Client ClientOf(const SalesdProcess& server) {
  absl::StatusOr<Client> client = Client::Connect(server.target(), {.workspace = "studio"});
  EXPECT_TRUE(client.ok()) << client.status();
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id("studio");
  EXPECT_TRUE(client->CreateWorkspace(request).ok());
  return *client;
}

TEST(Server, EveryScenarioHoldsThroughTheClient) {
  const SalesdProcess server;
  std::map<std::string, bool> results;
  for (const auto& entry : std::filesystem::directory_iterator(SALES_SCENARIOS)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().stem();
    const auto scenario = nlohmann::json::parse(TextOf(entry.path()));
    const auto rig = rigs::MakeClientRig(server.target());
    const std::vector<std::string> deviations = rigs::WalkScenario(scenario, name, *rig);
    for (const std::string& deviation : deviations) ADD_FAILURE() << name << ": " << deviation;
    results[name] = deviations.empty();
  }
  EXPECT_FALSE(results.empty());
  // For the table in clients/README.md.
  if (std::string(SALES_RESULTS).empty()) return;
  std::filesystem::create_directories(SALES_RESULTS);
  std::ofstream file(std::filesystem::path(SALES_RESULTS) / "cpp.txt");
  for (const auto& [name, passed] : results)
    file << (passed ? "passed " : "failed ") << name << "\n";
}

// Kills the server a few times, until told to stop.
class Killer {
 public:
  Killer(SalesdProcess& server, int times)
      : thread_([this, &server, times] {
          std::minstd_rand random{std::random_device()()};
          for (int i = 0; i < times && !stop_; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 200));
            server.Kill();
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            server.Start();
          }
          ended_ = true;
        }) {}
  ~Killer() { Stop(); }
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  bool ended() const { return ended_; }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

v1::ImportLeadsRequest RowOf(int number) {
  v1::ImportLeadsRequest row;
  row.set_row(number);
  v1::CaptureLeadRequest& capture = *row.mutable_capture();
  capture.mutable_lead()->set_external_id("row-" + std::to_string(number));
  *capture.mutable_contact()->add_identities() =
      Email("row" + std::to_string(number) + "@example.com");
  *capture.mutable_receive_time() =
      ToTimestamp(absl::FromUnixSeconds(1'735'689'600) + absl::Hours(number));
  return row;
}

// How often each result was given, to rows in their order.
std::map<std::string, int> ImportRows(const Client& client, int count) {
  std::map<std::string, int> results;
  int next = 0;
  int expected = 0;
  for (const auto& result :
       client.ImportLeads([&]() -> absl::StatusOr<std::optional<v1::ImportLeadsRequest>> {
         if (next == count) return std::nullopt;
         return RowOf(next++);
       })) {
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok()) break;
    EXPECT_EQ(result->row(), expected++);
    ++results[v1::ImportLeadsResponse::Result_Name(result->result())];
  }
  return results;
}

TEST(Server, AnImportGoesOnAfterItWasKilled) {
  constexpr int kRows = 5000;
  SalesdProcess server({}, SalesdProcess::LastingPort());
  const Client client = ClientOf(server);
  std::map<std::string, int> results;
  {
    Killer killer(server, 4);
    results = ImportRows(client, kRows);
  }
  EXPECT_EQ(results["RESULT_IMPORTED"] + results["RESULT_UNCHANGED"], kRows);
  EXPECT_EQ(ImportRows(client, kRows), (std::map<std::string, int>{{"RESULT_UNCHANGED", kRows}}));
  const absl::StatusOr<v1::ReportFunnelResponse> funnel = client.ReportFunnel({});
  ASSERT_TRUE(funnel.ok()) << funnel.status();
  EXPECT_EQ(funnel->received(), kRows);
}

TEST(Server, AWatchMissesAndRepeatsNothingWhileItIsKilled) {
  SalesdProcess server({}, SalesdProcess::LastingPort());
  const Client client = ClientOf(server);
  std::vector<v1::WatchEventsResponse> batches;
  std::mutex mutex;
  Stream<v1::WatchEventsResponse> watch = client.Watch(0);
  std::thread watcher([&] {
    for (auto& batch : watch) {
      ASSERT_TRUE(batch.ok()) << batch.status();
      const std::lock_guard<std::mutex> lock(mutex);
      batches.push_back(*std::move(batch));
    }
  });
  Killer killer(server, 5);
  for (int number = 0; !killer.ended(); ++number) {
    v1::CaptureLeadRequest request;
    request.set_request_id("write-" + std::to_string(number));
    *request.mutable_contact()->add_identities() =
        Email("p" + std::to_string(number) + "@example.com");
    // Repeated until it is answered: its request id makes it happen once.
    while (true) {
      const auto captured = client.CaptureLead(request);
      if (captured.ok()) break;
      ASSERT_TRUE(absl::IsUnavailable(captured.status())) << captured.status();
    }
  }
  killer.Stop();
  std::vector<std::string> recorded;
  int64_t last = 0;
  for (const auto& event : client.ListEvents({})) {
    ASSERT_TRUE(event.ok()) << event.status();
    recorded.push_back(event->SerializeAsString());
    last = event->revision();
  }
  for (bool is_there = false; !is_there;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::lock_guard<std::mutex> lock(mutex);
    is_there = !batches.empty() && batches.back().revision() >= last;
  }
  watch.Cancel();
  watcher.join();
  std::vector<std::string> watched;
  int64_t seen = 0;
  for (const v1::WatchEventsResponse& batch : batches) {
    EXPECT_GT(batch.revision(), seen);
    for (const v1::Event& event : batch.events()) {
      EXPECT_GT(event.revision(), seen);
      watched.push_back(event.SerializeAsString());
    }
    seen = batch.revision();
  }
  EXPECT_EQ(watched, recorded);
}

TEST(Server, AsksForATokenWhichSaysWhoCalls) {
  const SalesdProcess server({"--auth=required"});
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("token-" + std::to_string(getpid()));
  const auto channel_is_created = [&](const Client& client) {
    v1::CreateChannelRequest request;
    request.set_channel_id("ads");
    return client.CreateChannel(request).status();
  };
  const absl::StatusOr<Client> stranger = Client::Connect(server.target());
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  EXPECT_EQ(DetailOf(channel_is_created(*stranger)).reason, "CREDENTIALS_MISSING");

  std::ofstream(file) << server.Token("boss");
  const absl::StatusOr<Client> client =
      Client::Connect(server.target(), {.workspace = "studio", .token_file = file});
  ASSERT_TRUE(client.ok()) << client.status();
  v1::CreateWorkspaceRequest workspace;
  workspace.set_workspace_id("studio");
  ASSERT_TRUE(client->CreateWorkspace(workspace).ok());
  std::ofstream(file) << "sales_of-somebody-else";
  const absl::Status refused = channel_is_created(*client);
  EXPECT_TRUE(absl::IsUnauthenticated(refused)) << refused;
  EXPECT_EQ(DetailOf(refused).reason, "CREDENTIALS_INVALID");

  std::ofstream(file) << server.Token("anna");
  const absl::Status created = channel_is_created(*client);
  EXPECT_TRUE(created.ok()) << created;
  std::vector<std::string> actors;
  for (const auto& event : client->ListEvents({})) {
    ASSERT_TRUE(event.ok()) << event.status();
    if (actors.empty() || actors.back() != event->actor()) actors.push_back(event->actor());
  }
  EXPECT_EQ(actors, (std::vector<std::string>{"boss", "anna"}));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace sales::client
