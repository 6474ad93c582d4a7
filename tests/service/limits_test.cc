// What one caller may take of a server, and what becomes of streams that stand still.
#include "service/src/limits.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "sales/v1/store.grpc.pb.h"
#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

absl::Duration RetryDelayOf(const grpc::Status& status) {
  google::rpc::Status rpc;
  rpc.ParseFromString(status.error_details());
  for (const auto& detail : rpc.details()) {
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&retry)) {
      return absl::Seconds(retry.retry_delay().seconds()) +
             absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return absl::ZeroDuration();
}

class RateOfCalls : public ServerTest {};

TEST_F(RateOfCalls, BeyondTheLimitIsRefusedAndToldHowLongToWait) {
  rate_ = {.per_second = 2, .burst = 5};
  Serve();
  // Making the workspace was the first.
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(CaptureLead("a@example.com").ok());
  const grpc::Status refused = CaptureLead("a@example.com");
  EXPECT_EQ(refused.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(refused), "RATE_EXCEEDED");
  const absl::Duration wait = RetryDelayOf(refused);
  EXPECT_GT(wait, absl::ZeroDuration());
  EXPECT_LE(wait, absl::Milliseconds(501));
  std::this_thread::sleep_for(absl::ToChronoMilliseconds(wait));
  EXPECT_TRUE(CaptureLead("a@example.com").ok());
}

TEST_F(RateOfCalls, IsOfACallerOverAllHisConnectionsAndStreamsCountToo) {
  rate_ = {.per_second = 1, .burst = 3};
  Serve();
  EXPECT_TRUE(CaptureLead("a@example.com").ok());
  const auto other = v1::EventService::NewStub(ChannelTo(server_->port()));
  std::vector<grpc::Status> ends;
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    Within(context, 2);
    v1::WatchEventsRequest request;
    request.set_parent("workspaces/studio");
    const auto reader = other->WatchEvents(&context, request);
    v1::WatchEventsResponse message;
    if (reader->Read(&message)) context.TryCancel();
    ends.push_back(reader->Finish());
  }
  EXPECT_EQ(ends[0].error_code(), grpc::CANCELLED);
  EXPECT_EQ(ReasonOf(ends[1]), "RATE_EXCEEDED");
}

class StreamsOfACaller : public ServerTest {
 protected:
  struct Watch {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> reader;
    v1::WatchEventsResponse message;
  };

  // Has read the first message if it was let in.
  std::unique_ptr<Watch> Begin() {
    auto watch = std::make_unique<Watch>();
    Within(watch->context, 60);
    v1::WatchEventsRequest request;
    request.set_parent("workspaces/studio");
    watch->reader = events_->WatchEvents(&watch->context, request);
    watch->reader->Read(&watch->message);
    return watch;
  }
};

TEST_F(StreamsOfACaller, BeyondTheLimitAreRefusedUntilOneEnds) {
  streams_.per_caller = 2;
  Serve();
  const auto first = Begin();
  const auto second = Begin();
  const grpc::Status refused = Begin()->reader->Finish();
  EXPECT_EQ(refused.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(refused), "STREAMS_FULL");
  EXPECT_GT(RetryDelayOf(refused), absl::ZeroDuration());
  first->context.TryCancel();
  first->reader->Finish();
  bool let_in = false;
  for (int i = 0; i < 100 && !let_in; ++i) {
    const auto third = Begin();
    let_in = third->message.revision() > 0;
    third->context.TryCancel();
    third->reader->Finish();
    if (!let_in) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(let_in);
  second->context.TryCancel();
  second->reader->Finish();
}

class StreamsThatStandStill : public StreamsOfACaller {
 protected:
  StreamsThatStandStill() { streams_.stall = absl::Seconds(1); }

  // Of a client that takes in no more than 64 KiB that nobody reads.
  std::shared_ptr<grpc::Channel> NarrowChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                     grpc::InsecureChannelCredentials(), arguments);
  }
};

TEST_F(StreamsThatStandStill, BecauseNobodyReadsAreCutOff) {
  Serve();
  events_ = v1::EventService::NewStub(NarrowChannel());
  const auto watch = Begin();
  v1::BatchCaptureLeadsRequest batch;
  batch.set_parent("workspaces/studio");
  for (int i = 0; i < 1000; ++i) {
    *batch.add_requests() = Capture("lead" + std::to_string(i) + "@example.com");
  }
  grpc::ClientContext context;
  Within(context, 30);
  v1::BatchCaptureLeadsResponse response;
  ASSERT_TRUE(leads_->BatchCaptureLeads(&context, batch, &response).ok());
  std::this_thread::sleep_for(std::chrono::seconds(5));
  // What had come before can still be read.
  int messages = 0;
  while (watch->reader->Read(&watch->message)) ++messages;
  EXPECT_EQ(watch->reader->Finish().error_code(), grpc::CANCELLED);
  EXPECT_LT(messages, 500);
}

TEST_F(StreamsThatStandStill, BecauseNobodyReadsABackupAreCutOff) {
  Serve();
  grpc::ClientContext context;
  const auto backup = v1::StoreService::NewStub(NarrowChannel())->BackupStore(&context, {});
  std::this_thread::sleep_for(std::chrono::seconds(5));
  v1::BackupStoreResponse piece;
  while (backup->Read(&piece)) {
  }
  EXPECT_EQ(piece.sha256(), "");
  EXPECT_EQ(backup->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(StreamsThatStandStill, BecauseNoRowsComeAreEndedWithTheReason) {
  Serve();
  grpc::ClientContext context;
  Within(context, 30);
  const auto import = leads_->ImportLeads(&context);
  v1::ImportLeadsRequest row;
  row.set_parent("workspaces/studio");
  row.mutable_capture()->mutable_lead()->set_external_id("1");
  ASSERT_TRUE(import->Write(row));
  v1::ImportLeadsResponse result;
  ASSERT_TRUE(import->Read(&result));
  EXPECT_FALSE(import->Read(&result));
  const grpc::Status status = import->Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "STREAM_STALLED");
}

TEST_F(StreamsThatStandStill, ButOnlyHaveNothingToTellGoOn) {
  Serve();
  const auto watch = Begin();
  std::this_thread::sleep_for(std::chrono::seconds(4));
  ASSERT_TRUE(CaptureLead("late@example.com").ok());
  while (watch->message.events_size() == 0 && watch->reader->Read(&watch->message)) {
  }
  EXPECT_GT(watch->message.events_size(), 0);
  watch->context.TryCancel();
  watch->reader->Finish();
}

class SizesOfCalls : public ServerTest {};

TEST_F(SizesOfCalls, MetadataBeyondTheLimitIsRefused) {
  Serve();
  grpc::ClientContext context;
  Within(context, 10);
  context.AddMetadata("x-much", std::string(limits::metadata_bytes_max, 'x'));
  v1::CaptureLeadResponse response;
  const grpc::Status status = leads_->CaptureLead(&context, Capture("a@example.com"), &response);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED) << status.error_message();
}

TEST_F(SizesOfCalls, AMessageOfTooManyFieldsIsRefusedBeforeItIsRead) {
  Serve();
  grpc::ClientContext context;
  Within(context, 30);
  v1::BatchCaptureLeadsRequest batch;
  batch.set_parent("workspaces/studio");
  for (int i = 0; i <= limits::message_fields_max; ++i) batch.add_requests();
  v1::BatchCaptureLeadsResponse response;
  const grpc::Status status = leads_->BatchCaptureLeads(&context, batch, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "LIST_TOO_LONG");
}

TEST_F(SizesOfCalls, ARowOfAnImportBeyondTheLimitEndsTheImport) {
  Serve();
  grpc::ClientContext context;
  Within(context, 30);
  const auto import = leads_->ImportLeads(&context);
  v1::ImportLeadsRequest row;
  row.set_parent("workspaces/studio");
  row.mutable_capture()->mutable_lead()->set_need(std::string(limits::import_row_bytes_max, 'x'));
  import->Write(row);
  v1::ImportLeadsResponse result;
  while (import->Read(&result)) {
  }
  EXPECT_EQ(ReasonOf(import->Finish()), "TEXT_TOO_LONG");
}

}  // namespace
}  // namespace sales::service
