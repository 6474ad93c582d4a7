// A server's own conduct: ports, health, drain, many clients at once.
#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "grpcpp/generic/generic_stub.h"
#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

using ServerConduct = ServerTest;

// Health's own messages are two fields; its stubs are not packaged.
std::string HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::GenericStub stub(channel);
  std::string bytes = "\x0A";
  bytes.push_back(static_cast<char>(service.size()));
  bytes += service;
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  if (!status.ok()) return "ERROR " + std::to_string(status.error_code());
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(response.Dump(&slices).ok());
  std::string text;
  for (const grpc::Slice& part : slices) {
    text.append(reinterpret_cast<const char*>(part.begin()), part.size());
  }
  if (text == "\x08\x01") return "SERVING";
  return text == "\x08\x02" ? "NOT_SERVING" : "UNKNOWN";
}

TEST_F(ServerConduct, TellsLivenessAndReadinessApart) {
  Serve();
  const auto admin = ChannelTo(server_->admin_port());
  for (const char* service : {"", "liveness", "readiness"}) {
    EXPECT_EQ(HealthOf(admin, service), "SERVING") << service;
  }
  server_->SetReady(false);
  EXPECT_EQ(HealthOf(admin, "readiness"), "NOT_SERVING");
  EXPECT_EQ(HealthOf(admin, ""), "NOT_SERVING");
  EXPECT_EQ(HealthOf(admin, "liveness"), "SERVING");
  EXPECT_EQ(HealthOf(admin, "happiness"), "ERROR 5");
}

TEST_F(ServerConduct, RecordsWhatFellDueOnABeat) {
  sweep_interval_ = absl::Milliseconds(20);
  Serve();
  v1::CaptureLeadRequest request;
  request.set_parent("workspaces/studio");
  request.mutable_contact()->set_display_name("Ivan");
  request.mutable_receive_time()->set_seconds(1'600'000'000);
  v1::CaptureLeadResponse captured;
  {
    grpc::ClientContext context;
    ASSERT_TRUE(leads_->CaptureLead(&context, request, &captured).ok());
  }
  v1::ListEventsRequest list;
  list.set_parent("workspaces/studio");
  list.mutable_filter()->add_types(v1::EVENT_TYPE_LIMIT_BREACHED);
  v1::ListEventsResponse events;
  for (int i = 0; i < 500 && events.events_size() == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    grpc::ClientContext context;
    ASSERT_TRUE(events_->ListEvents(&context, list, &events).ok());
  }
  // The answer and rot.
  ASSERT_EQ(events.events_size(), 2);
  EXPECT_EQ(events.events(0).lead(), captured.lead().name());
  EXPECT_EQ(events.events(0).occur_time().seconds(), 1'600'000'000 + 900);
}

TEST_F(ServerConduct, ReflectsItsServices) {
  Serve();
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  Within(context, 10);
  // ServerReflectionRequest{list_services: "*"}.
  const grpc::Slice slice(std::string("\x3A\x01*", 3));
  const grpc::ByteBuffer request(&slice, 1);
  grpc::CompletionQueue queue;
  auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  void* tag = nullptr;
  bool ok = false;
  grpc::ByteBuffer response;
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  call->Write(request, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  call->Read(&response, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  std::vector<grpc::Slice> slices;
  ASSERT_TRUE(response.Dump(&slices).ok());
  const std::string text(reinterpret_cast<const char*>(slices[0].begin()), slices[0].size());
  for (const char* service : {"Workspace", "Contact", "Lead", "Channel", "Funnel", "Handoff",
                              "Plan", "Report", "Event"}) {
    EXPECT_NE(text.find(std::string("sales.v1.") + service + "Service"), std::string::npos);
  }
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_F(ServerConduct, APortInUseIsRefused) {
  Serve();
  ServerOptions options = Options();
  options.engine.store += "2";
  options.listen = "127.0.0.1:" + std::to_string(server_->port());
  const auto second = Server::Start(options, log_);
  EXPECT_EQ(sales::ReasonOf(second.status()), Reason::kPortInUse);
  EXPECT_EQ(DetailOf(second.status()).metadata.at("setting"), "listen");
}

TEST_F(ServerConduct, AnAddressThatIsNotOursIsASettingToCorrect) {
  ServerOptions options = Options();
  options.listen = "192.0.2.1:1";
  EXPECT_EQ(sales::ReasonOf(Server::Start(options, log_).status()), Reason::kSettingInvalid);
}

TEST_F(ServerConduct, AStoreInUseIsRefused) {
  Serve();
  EXPECT_EQ(sales::ReasonOf(Server::Start(Options(), log_).status()), Reason::kStoreInUse);
}

TEST_F(ServerConduct, FinishesCallsBeforeItStops) {
  Serve();
  std::atomic<int> done{0};
  std::atomic<int> captured{0};
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (int i = 0;; ++i) {
        const std::string email = std::to_string(client) + "-" + std::to_string(i) + "@example.com";
        const grpc::Status status = CaptureLead(email);
        if (!status.ok()) {
          EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE) << status.error_message();
          ++done;
          return;
        }
        ++captured;
      }
    });
  }
  while (captured < 50) std::this_thread::yield();
  EXPECT_TRUE(server_->Stop(absl::Milliseconds(100), absl::Seconds(10)).ok());
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(done, 8);
  server_.reset();
  Start();
  EXPECT_GE(Revision(), 1 + captured);
}

TEST_F(ServerConduct, ThirtyTwoClientsWithTheSameHundredPeopleMakeAHundredContacts) {
  Serve();
  std::mutex mutex;
  std::set<std::string> contacts;
  std::vector<std::thread> clients;
  for (int client = 0; client < 32; ++client) {
    clients.emplace_back([&] {
      for (int person = 0; person < 100; ++person) {
        v1::CaptureLeadResponse response;
        EXPECT_TRUE(CaptureLead(std::to_string(person) + "@example.com", &response).ok());
        const std::lock_guard<std::mutex> lock(mutex);
        contacts.insert(response.contact().name());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(contacts.size(), 100u);
}

TEST_F(ServerConduct, OfTwoMovesWithOneEtagOneIsAborted) {
  Serve();
  for (int round = 0; round < 20; ++round) {
    v1::CaptureLeadResponse captured;
    ASSERT_TRUE(CaptureLead("a@example.com", &captured).ok());
    std::atomic<int> moved{0};
    std::atomic<int> aborted{0};
    std::vector<std::thread> clients;
    for (int client = 0; client < 2; ++client) {
      clients.emplace_back([&] {
        grpc::ClientContext context;
        Within(context, 30);
        v1::AdvanceLeadRequest request;
        request.set_name(captured.lead().name());
        request.set_stage("contacted");
        request.set_etag(captured.lead().etag());
        v1::Lead lead;
        const grpc::Status status = leads_->AdvanceLead(&context, request, &lead);
        moved += status.ok();
        aborted += status.error_code() == grpc::ABORTED && ReasonOf(status) == "ETAG_MISMATCH";
      });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(moved, 1);
    EXPECT_EQ(aborted, 1);
  }
}

TEST_F(ServerConduct, OneRequestIdAHundredTimesIsOneEffectAndOneAnswer) {
  Serve();
  v1::CaptureLeadRequest request = Capture("a@example.com");
  request.set_request_id("once");
  std::mutex mutex;
  std::set<std::string> answers;
  std::vector<std::thread> clients;
  for (int client = 0; client < 10; ++client) {
    clients.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        grpc::ClientContext context;
        Within(context, 30);
        v1::CaptureLeadResponse response;
        const grpc::Status status = leads_->CaptureLead(&context, request, &response);
        EXPECT_TRUE(status.ok()) << status.error_message();
        const std::lock_guard<std::mutex> lock(mutex);
        answers.insert(rigs::MessageToJson(response));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answers.size(), 1u);
  EXPECT_EQ(Revision(), 2);
}

// Both ways of serving give the same answers.
TEST_F(ServerConduct, ServesSynchronouslyToo) {
  ServerOptions options = Options();
  options.threading = ServerOptions::Threading::kSync;
  auto server = Server::Start(options, log_);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = v1::WorkspaceService::NewStub(ChannelTo((*server)->port()));
  grpc::ClientContext context;
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id("studio");
  v1::Workspace workspace;
  EXPECT_TRUE(stub->CreateWorkspace(&context, request, &workspace).ok());
  grpc::ClientContext second;
  EXPECT_EQ(ReasonOf(stub->CreateWorkspace(&second, request, &workspace)), "WORKSPACE_EXISTS");
  EXPECT_TRUE((*server)->Stop(absl::ZeroDuration(), absl::Seconds(5)).ok());
}

}  // namespace
}  // namespace sales::service
