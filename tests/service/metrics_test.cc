// What salesd tells Prometheus.
#include "service/src/metrics.h"

#include <set>
#include <thread>

#include "sales/error.h"
#include "sales/store.h"
#include "sales/v1/store.grpc.pb.h"
#include "tests/service/readme_block.h"
#include "tests/service/scrape.h"
#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

constexpr char kCapture[] =
    R"({grpc_method="CaptureLead",grpc_service="sales.v1.LeadService",grpc_type="unary"})";

class Measured : public ServerTest {
 protected:
  Measured() { metrics_listen_ = "127.0.0.1:0"; }
  void SetUp() override { Serve(); }

  std::map<std::string, double> Samples() const { return Scrape(server_->metrics_port()); }

  // What is told after a call's end is told a moment after its answer.
  double Awaited(const std::string& series, double value) const {
    double found = -1;
    for (int i = 0; i < 500 && found != value; ++i) {
      const auto samples = Samples();
      const auto sample = samples.find(series);
      found = sample == samples.end() ? -1 : sample->second;
      if (found != value) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found;
  }

  // A call that is refused with NAME_INVALID.
  grpc::Status CaptureInto(const std::string& parent) {
    grpc::ClientContext context;
    v1::CaptureLeadRequest request = Capture("a@example.com");
    request.set_parent(parent);
    v1::CaptureLeadResponse response;
    return leads_->CaptureLead(&context, request, &response);
  }

  static v1::ImportLeadsRequest Row(int number) {
    v1::ImportLeadsRequest row;
    row.set_parent("workspaces/studio");
    *row.mutable_capture() = Capture("row" + std::to_string(number) + "@example.com");
    row.mutable_capture()->mutable_lead()->set_external_id("row-" + std::to_string(number));
    return row;
  }

  void Import(int rows) {
    grpc::ClientContext context;
    Within(context, 120);
    const auto stream = leads_->ImportLeads(&context);
    std::thread sender([&stream, rows] {
      for (int i = 0; i < rows; ++i) {
        if (!stream->Write(Row(i))) return;
      }
      stream->WritesDone();
    });
    for (v1::ImportLeadsResponse response; stream->Read(&response);) {
    }
    sender.join();
    ASSERT_TRUE(stream->Finish().ok());
  }
};

TEST_F(Measured, CallsAreCountedByMethodAndCodeAndTimed) {
  const std::string method = std::string(kCapture).substr(1);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(CaptureLead(std::to_string(i) + "@example.com").ok());
  ASSERT_FALSE(CaptureInto("nowhere").ok());
  EXPECT_EQ(Awaited(R"(grpc_server_handled_total{grpc_code="InvalidArgument",)" + method, 1), 1);
  EXPECT_EQ(Awaited(R"(grpc_server_handled_total{grpc_code="OK",)" + method, 3), 3);
  EXPECT_EQ(Awaited(std::string("grpc_server_started_total") + kCapture, 4), 4);
  EXPECT_EQ(Awaited(std::string("grpc_server_handling_seconds_count") + kCapture, 4), 4);
  EXPECT_GT(Samples()[std::string("grpc_server_handling_seconds_sum") + kCapture], 0);
}

TEST_F(Measured, MethodsThatNobodyCalledAreThereFromTheStart) {
  const auto samples = Samples();
  const std::string labels =
      R"({grpc_method="WinLead",grpc_service="sales.v1.LeadService",grpc_type="unary"})";
  EXPECT_EQ(samples.at("grpc_server_started_total" + labels), 0);
  EXPECT_EQ(samples.at(R"(grpc_server_handled_total{grpc_code="OK",)" + labels.substr(1)), 0);
}

TEST_F(Measured, RefusalsAreCountedByTheirReason) {
  ASSERT_EQ(ReasonOf(CaptureInto("nowhere")), "NAME_INVALID");
  EXPECT_EQ(Awaited(R"(sales_refusals_total{reason="NAME_INVALID"})", 1), 1);
  EXPECT_EQ(Samples().at(R"(sales_refusals_total{reason="INTERNAL"})"), 0);
}

TEST_F(Measured, MessagesOfStreamsAreCounted) {
  Import(7);
  const std::string labels =
      R"({grpc_method="ImportLeads",grpc_service="sales.v1.LeadService",grpc_type="bidi_stream"})";
  EXPECT_EQ(Awaited("grpc_server_msg_received_total" + labels, 7), 7);
  EXPECT_EQ(Awaited("grpc_server_msg_sent_total" + labels, 7), 7);
  EXPECT_EQ(Awaited("grpc_server_handled_total{grpc_code=\"OK\"," + labels.substr(1), 1), 1);
}

TEST_F(Measured, CommitsAndWritesAreThoseOfTheEngine) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(CaptureLead(std::to_string(i) + "@example.com").ok());
  const Engine::WriteCounts counts = server_->engine().write_counts();
  const auto samples = Samples();
  EXPECT_EQ(samples.at("sales_store_writes_total"), static_cast<double>(counts.writes));
  EXPECT_EQ(samples.at("sales_store_commits_total"), static_cast<double>(counts.commits));
  EXPECT_EQ(samples.at(R"(sales_store_seconds_count{use="write"})"),
            static_cast<double>(counts.commits));
  // Together with the workspace.
  EXPECT_EQ(samples.at("sales_write_queue_seconds_count"), 6);
  EXPECT_EQ(samples.at("sales_write_batch_size_sum"), 6);
  EXPECT_EQ(samples.at("sales_store_log_bytes"),
            static_cast<double>(std::filesystem::file_size(folder_ / "studio.db-wal")));
}

TEST_F(Measured, TheRoomOnTheVolumeAndTheLastBackupAreTold) {
  const double free_bytes = Samples().at("sales_store_free_bytes");
  EXPECT_NEAR(free_bytes, static_cast<double>(std::filesystem::space(folder_).available), 1e9);
  EXPECT_EQ(Samples().at("sales_backup_time_seconds"), 0);
  grpc::ClientContext context;
  const auto stream = v1::StoreService::NewStub(channel_)->BackupStore(&context, {});
  for (v1::BackupStoreResponse piece; stream->Read(&piece);) {
  }
  ASSERT_TRUE(stream->Finish().ok());
  const auto made = server_->engine().GetStoreStatus()->backup_time;
  ASSERT_TRUE(made.has_value());
  const auto seconds = static_cast<double>(absl::ToUnixSeconds(*made));
  EXPECT_EQ(Awaited("sales_backup_time_seconds", seconds), seconds);
}

TEST_F(Measured, AWatchThatIsNotReadIsSeenToBeBehindUntilItIsRead) {
  grpc::ClientContext context;
  Within(context, 240);
  v1::WatchEventsRequest request;
  request.set_parent("workspaces/studio");
  const auto watch = events_->WatchEvents(&context, request);
  v1::WatchEventsResponse message;
  ASSERT_TRUE(watch->Read(&message));
  EXPECT_EQ(Awaited("sales_watches", 1), 1);
  // More than what gRPC keeps for a client that does not read.
  Import(10'000);
  const int64_t last = Revision();
  EXPECT_GT(Samples().at("sales_watch_revisions_behind"), 0);
  while (message.revision() < last) ASSERT_TRUE(watch->Read(&message));
  EXPECT_EQ(Awaited("sales_watch_revisions_behind", 0), 0);
  context.TryCancel();
  EXPECT_EQ(Awaited("sales_watches", 0), 0);
}

TEST_F(Measured, EveryMetricOfTheTableIsThereAndNoOther) {
  Import(1);
  // Histograms of what happens on a beat come with its first.
  EXPECT_EQ(Awaited("sales_ready", 1), 1);
  std::istringstream page(HttpGet(server_->metrics_port(), "/metrics"));
  std::set<std::string> told;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("# TYPE ", 0) == 0) told.insert(line.substr(7, line.rfind(' ') - 7));
  }
  const std::vector<std::string> names = AllMetrics();
  std::set<std::string> all(names.begin(), names.end());
  // Of what this server has not.
  all.erase("sales_certificate_expire_time_seconds");
  EXPECT_EQ(told, all);
}

TEST_F(Measured, NothingThatAClientSentBecomesALabel) {
  const std::string canary = "zq-canary-zq";
  grpc::ClientContext context;
  context.AddMetadata("sales-actor", canary);
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id(canary);
  v1::Workspace workspace;
  ASSERT_TRUE(workspaces_->CreateWorkspace(&context, request, &workspace).ok());
  ASSERT_TRUE(CaptureLead(canary + "@example.com").ok());
  ASSERT_FALSE(CaptureInto(canary).ok());
  EXPECT_EQ(HttpGet(server_->metrics_port(), "/metrics").find(canary), std::string::npos);
}

TEST_F(Measured, TheProcessIsTold) {
  const auto samples = Samples();
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_NEAR(samples.at("process_start_time_seconds"), now, 600);
  EXPECT_GT(samples.at("process_cpu_seconds_total"), 0);
  EXPECT_GT(samples.at("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(samples.at("process_virtual_memory_bytes"),
            samples.at("process_resident_memory_bytes"));
  EXPECT_GT(samples.at("process_threads"), 4);
  EXPECT_GT(samples.at("process_open_fds"), 4);
  EXPECT_GT(samples.at("process_max_fds"), samples.at("process_open_fds"));
}

TEST_F(Measured, ItIsNotReadyWhileItDrains) {
  EXPECT_EQ(Samples().at("sales_ready"), 1);
  server_->SetReady(false);
  EXPECT_EQ(Samples().at("sales_ready"), 0);
}

TEST_F(Measured, OnlyThePathOfMetricsIsServedAndNoFile) {
  const std::filesystem::path file = "of-no-concern.txt";
  std::ofstream(file) << "secret";
  for (const std::string path : {"/", "/of-no-concern.txt", "/../etc/passwd", "/metric"}) {
    EXPECT_NE(HttpGet(server_->metrics_port(), path).find(" 404 "), std::string::npos) << path;
  }
  std::filesystem::remove(file);
  EXPECT_NE(HttpGet(server_->metrics_port(), "/metrics").find("200 OK"), std::string::npos);
}

TEST_F(Measured, APortThatAnotherHasIsNamed) {
  Log quiet(LogLevel::kError);
  ServerOptions options = Options();
  options.engine.store = "sqlite:" + (folder_ / "other.db").string();
  options.metrics_listen = "127.0.0.1:" + std::to_string(server_->metrics_port());
  const auto other = Server::Start(options, quiet);
  EXPECT_EQ(sales::ReasonOf(other.status()), Reason::kPortInUse);
  EXPECT_EQ(DetailOf(other.status()).metadata.at("setting"), "metrics-listen");
  options.metrics_listen = "192.0.2.1:0";
  EXPECT_EQ(sales::ReasonOf(Server::Start(options, quiet).status()), Reason::kSettingInvalid);
}

TEST_F(Measured, NothingIsServedWhereItIsOff) {
  server_.reset();
  metrics_listen_.clear();
  Start();
  EXPECT_EQ(server_->metrics_port(), 0);
  EXPECT_TRUE(CaptureLead("a@example.com").ok());
}

TEST(MetricsTable, IsListedInTheReadmeAsItIs) { ExpectInReadme("metrics", MetricsMarkdown()); }

}  // namespace
}  // namespace sales::service
