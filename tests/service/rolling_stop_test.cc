// Two servers, one after the other on one store, behind a client's balancer: nobody notices.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "sales/v1/event.grpc.pb.h"
#include "sales/v1/lead.grpc.pb.h"
#include "sales/v1/workspace.grpc.pb.h"
#include "tests/rigs/salesd_process.h"

namespace sales::service {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kWriters = 64;
constexpr int kWatchers = 10;
constexpr int kRolls = 3;
constexpr seconds kStopTime(30);
constexpr char kWorkspace[] = "workspaces/studio";

int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(bind(probe, reinterpret_cast<sockaddr*>(&address), length), 0);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length);
  close(probe);
  return ntohs(address.sin_port);
}

void Within(grpc::ClientContext& context, int in_seconds) {
  context.set_deadline(std::chrono::system_clock::now() + seconds(in_seconds));
}

class RollingStop : public testing::Test {
 protected:
  RollingStop()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("sales-rolling-" + std::to_string(getpid()))),
        store_("sqlite:" + (folder_ / "studio.db").string()),
        first_(SALES_SALESD, folder_, "first"),
        second_(SALES_SALESD, folder_, "second") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~RollingStop() override { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    ASSERT_TRUE(first_.Migrate(store_)) << first_.LogTail();
    ASSERT_TRUE(first_.Start(store_, {}, ports_[0])) << first_.LogTail();
    grpc::ClientContext context;
    Within(context, 30);
    v1::CreateWorkspaceRequest request;
    request.set_workspace_id("studio");
    v1::Workspace workspace;
    const grpc::Status status =
        v1::WorkspaceService::NewStub(Channel())->CreateWorkspace(&context, request, &workspace);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // gRPC's own balancer over both addresses.
  std::shared_ptr<grpc::Channel> Channel() const {
    grpc::ChannelArguments arguments;
    arguments.SetLoadBalancingPolicyName("round_robin");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
    return grpc::CreateCustomChannel(
        "ipv4:127.0.0.1:" + std::to_string(ports_[0]) + ",127.0.0.1:" + std::to_string(ports_[1]),
        grpc::InsecureChannelCredentials(), arguments);
  }

  // Captures leads until it is told to stop; what is unavailable is tried again, as the same
  // request.
  void Write(int number) {
    const auto leads = v1::LeadService::NewStub(Channel());
    for (int i = 0; !stopping_; ++i) {
      v1::CaptureLeadRequest request;
      request.set_parent(kWorkspace);
      request.set_request_id("w" + std::to_string(number) + "-" + std::to_string(i));
      auto& identity = *request.mutable_contact()->add_identities();
      identity.set_kind(v1::Identity::KIND_EMAIL);
      identity.set_value(request.request_id() + "@example.com");
      const auto give_up = Clock::now() + kStopTime;
      grpc::Status status;
      do {
        grpc::ClientContext context;
        Within(context, 30);
        v1::CaptureLeadResponse response;
        status = leads->CaptureLead(&context, request, &response);
        if (status.error_code() == grpc::UNAVAILABLE) std::this_thread::sleep_for(milliseconds(20));
      } while (status.error_code() == grpc::UNAVAILABLE && Clock::now() < give_up);
      if (status.ok()) {
        ++captured_;
      } else {
        Fault("capture: " + std::to_string(status.error_code()) + " " + status.error_message());
      }
    }
  }

  // Watches until revision `last_`, which is known at the end, and notes every event.
  void Watch(std::map<int64_t, int>& events_of_revision) {
    const auto events = v1::EventService::NewStub(Channel());
    int64_t revision = 0;
    while (revision < last_) {
      grpc::ClientContext context;
      Within(context, 60);
      v1::WatchEventsRequest request;
      request.set_parent(kWorkspace);
      request.set_after_revision(revision);
      const auto reader = events->WatchEvents(&context, request);
      v1::WatchEventsResponse message;
      while (revision < last_ && reader->Read(&message)) {
        for (const auto& event : message.events()) {
          if (event.revision() <= revision) Fault("an event came twice");
          ++events_of_revision[event.revision()];
        }
        revision = message.revision();
      }
      context.TryCancel();
      const grpc::Status status = reader->Finish();
      if (status.error_code() != grpc::UNAVAILABLE && status.error_code() != grpc::CANCELLED) {
        Fault("watch: " + std::to_string(status.error_code()) + " " + status.error_message());
      }
      std::this_thread::sleep_for(milliseconds(20));
    }
  }

  void Fault(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (faults_.size() < 10) faults_.push_back(text);
  }

  int64_t Revision() const {
    grpc::ClientContext context;
    Within(context, 30);
    context.set_wait_for_ready(true);
    v1::GetWorkspaceRequest request;
    request.set_name(kWorkspace);
    v1::Workspace workspace;
    const grpc::Status status =
        v1::WorkspaceService::NewStub(Channel())->GetWorkspace(&context, request, &workspace);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return workspace.revision();
  }

  const std::filesystem::path folder_;
  const std::string store_;
  const int ports_[2] = {FreePort(), FreePort()};
  rigs::SalesdProcess first_;
  rigs::SalesdProcess second_;
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> captured_{0};
  std::atomic<int64_t> last_{INT64_MAX};
  std::mutex mutex_;
  std::vector<std::string> faults_;
};

TEST_F(RollingStop, UnderLoadFailsNoCallAndLosesAndRepeatsNoEvent) {
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) writers.emplace_back([this, i] { Write(i); });
  std::vector<std::map<int64_t, int>> seen(kWatchers);
  std::vector<std::thread> watchers;
  for (auto& events : seen) watchers.emplace_back([this, &events] { Watch(events); });

  rigs::SalesdProcess* servers[] = {&first_, &second_};
  for (int roll = 0; roll < kRolls; ++roll) {
    std::this_thread::sleep_for(seconds(1));
    rigs::SalesdProcess& old_one = *servers[roll % 2];
    rigs::SalesdProcess& new_one = *servers[(roll + 1) % 2];
    const auto start = Clock::now();
    old_one.Terminate();
    EXPECT_EQ(old_one.Wait(), 0) << old_one.LogTail();
    EXPECT_LT(Clock::now() - start, kStopTime);
    ASSERT_TRUE(new_one.Start(store_, {}, ports_[(roll + 1) % 2])) << new_one.LogTail();
  }
  std::this_thread::sleep_for(seconds(1));
  stopping_ = true;
  for (std::thread& writer : writers) writer.join();
  last_ = Revision();
  for (std::thread& watcher : watchers) watcher.join();

  for (const std::string& fault : faults_) ADD_FAILURE() << fault;
  EXPECT_GT(captured_, kWriters);
  // Each capture is a revision, and so is making the workspace.
  EXPECT_EQ(last_, captured_ + 1);
  for (const auto& events : seen) {
    EXPECT_EQ(events.size(), static_cast<size_t>(last_)) << "a revision is missing";
    EXPECT_EQ(events, seen[0]);
  }
}

}  // namespace
}  // namespace sales::service
