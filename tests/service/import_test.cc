// ImportLeads: a stream of rows and a stream of results.
#include <atomic>
#include <thread>
#include <vector>

#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

class ImportLeads : public ServerTest {
 protected:
  void SetUp() override { Serve(); }

  static v1::ImportLeadsRequest Row(int number) {
    v1::ImportLeadsRequest row;
    row.set_row(number);
    const std::string id = "row-" + std::to_string(number);
    row.mutable_capture()->mutable_lead()->set_external_id(id);
    auto& identity = *row.mutable_capture()->mutable_contact()->add_identities();
    identity.set_kind(v1::Identity::KIND_EXTERNAL);
    identity.set_source("crm");
    identity.set_value(id);
    row.mutable_capture()->mutable_receive_time()->set_seconds(1'750'000'000 + number);
    if (number == 0) row.set_parent("workspaces/studio");
    return row;
  }

  // Sends rows [0, count) and gives the results in the order of their coming.
  std::vector<v1::ImportLeadsResponse> Import(int count, grpc::Status* status) {
    grpc::ClientContext context;
    Within(context, 120);
    const auto stream = leads_->ImportLeads(&context);
    std::thread sender([&stream, count] {
      for (int i = 0; i < count; ++i) {
        if (!stream->Write(Row(i))) return;
      }
      stream->WritesDone();
    });
    std::vector<v1::ImportLeadsResponse> results;
    for (v1::ImportLeadsResponse result; stream->Read(&result);) results.push_back(result);
    sender.join();
    *status = stream->Finish();
    return results;
  }
};

TEST_F(ImportLeads, GivesAResultForEachRowInTheOrderSent) {
  constexpr int kRows = 3000;
  grpc::Status status;
  const auto results = Import(kRows, &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(results.size(), static_cast<size_t>(kRows));
  for (int i = 0; i < kRows; ++i) {
    EXPECT_EQ(results[i].row(), i);
    EXPECT_EQ(results[i].result(), v1::ImportLeadsResponse::RESULT_IMPORTED);
  }
  EXPECT_EQ(Revision(), 1 + kRows);
}

TEST_F(ImportLeads, SentAgainChangesNothing) {
  grpc::Status status;
  Import(200, &status);
  const int64_t revision = Revision();
  for (const auto& result : Import(200, &status)) {
    EXPECT_EQ(result.result(), v1::ImportLeadsResponse::RESULT_UNCHANGED);
  }
  EXPECT_EQ(Revision(), revision);
}

TEST_F(ImportLeads, WithoutRowsEndsAtOnce) {
  grpc::Status status;
  EXPECT_TRUE(Import(0, &status).empty());
  EXPECT_TRUE(status.ok());
}

TEST_F(ImportLeads, CutOffLeavesWholeRowsAndALivingServer) {
  {
    grpc::ClientContext context;
    const auto stream = leads_->ImportLeads(&context);
    for (int i = 0; i < 1000; ++i) stream->Write(Row(i));
    v1::ImportLeadsResponse result;
    ASSERT_TRUE(stream->Read(&result));
    context.TryCancel();
    while (stream->Read(&result)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::CANCELLED);
  }
  grpc::Status status;
  EXPECT_EQ(Import(1000, &status).size(), 1000u);
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(Revision(), 1001);
}

TEST_F(ImportLeads, OfAClientThatReadsNoResultsIsHeldBack) {
  // Else gRPC widens the client's window, and all results fit into it unread.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  const auto leads = v1::LeadService::NewStub(
      grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  const auto stream = leads->ImportLeads(&context);
  std::atomic<int> sent{0};
  std::thread sender([&stream, &sent] {
    v1::ImportLeadsRequest row = Row(0);
    row.mutable_capture()->mutable_lead()->set_need(std::string(15'000, 'x'));
    for (int i = 0; i < 20'000; ++i) {
      row.mutable_capture()->mutable_lead()->set_external_id("big-" + std::to_string(i));
      if (!stream->Write(row)) return;
      ++sent;
    }
  });
  // The client is stopped when it no longer gets on: 20 000 rows are 300 MB.
  int before = -1;
  while (sent != before) {
    before = sent;
    std::this_thread::sleep_for(std::chrono::seconds(3));
  }
  EXPECT_LT(sent, 20'000);
  context.TryCancel();
  sender.join();
  EXPECT_TRUE(CaptureLead("alive@example.com").ok());
}

TEST_F(ImportLeads, EndsWithShuttingDownWhenTheServerDrains) {
  grpc::ClientContext context;
  Within(context, 60);
  const auto stream = leads_->ImportLeads(&context);
  ASSERT_TRUE(stream->Write(Row(0)));
  v1::ImportLeadsResponse result;
  ASSERT_TRUE(stream->Read(&result));
  EXPECT_TRUE(server_->Stop(absl::ZeroDuration(), absl::Seconds(10)).ok());
  EXPECT_FALSE(stream->Read(&result));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
}

}  // namespace
}  // namespace sales::service
