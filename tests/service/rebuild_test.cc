// RebuildTallies: tells how far it is, and leaves nothing behind when its client goes.
#include <thread>

#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

class RebuildTallies : public ServerTest {
 protected:
  void SetUp() override {
    Serve();
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(CaptureLead("person" + std::to_string(i) + "@example.com").ok());
    }
  }

  using Reader = std::unique_ptr<grpc::ClientReader<v1::RebuildTalliesResponse>>;

  Reader Begin(grpc::ClientContext& context, const std::string& workspace = "workspaces/studio") {
    Within(context, 60);
    v1::RebuildTalliesRequest request;
    request.set_name(workspace);
    return workspaces_->RebuildTallies(&context, request);
  }

  // The last answer of a rebuilding that nobody cuts off.
  v1::RebuildTalliesResponse Rebuilt() {
    grpc::ClientContext context;
    const Reader reader = Begin(context);
    v1::RebuildTalliesResponse answer;
    while (reader->Read(&answer)) {
      EXPECT_LE(answer.revision(), Revision());
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answer;
  }
};

TEST_F(RebuildTallies, EndsWithTheRevisionThatItCameToAndFindsNothingWrong) {
  const v1::RebuildTalliesResponse last = Rebuilt();
  EXPECT_TRUE(last.done());
  EXPECT_EQ(last.revision(), Revision());
  EXPECT_EQ(last.counts_mended(), 0);
}

TEST_F(RebuildTallies, OfAnUnknownWorkspaceIsRefused) {
  grpc::ClientContext context;
  const Reader reader = Begin(context, "workspaces/nowhere");
  v1::RebuildTalliesResponse answer;
  EXPECT_FALSE(reader->Read(&answer));
  EXPECT_EQ(ReasonOf(reader->Finish()), "WORKSPACE_NOT_FOUND");
}

TEST_F(RebuildTallies, CutOffByItsClientLeavesTheNextOneItsPlace) {
  for (int i = 0; i < 30; ++i) {
    grpc::ClientContext context;
    const Reader reader = Begin(context);
    // At all sorts of moments, also before it begins.
    std::this_thread::sleep_for(std::chrono::microseconds(i * 200));
    context.TryCancel();
    v1::RebuildTalliesResponse answer;
    while (reader->Read(&answer)) {
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::CANCELLED)
        << status.error_message();
  }
  EXPECT_TRUE(CaptureLead("afterwards@example.com").ok());
  EXPECT_TRUE(Rebuilt().done());
}

TEST_F(RebuildTallies, EndsWithItsServer) {
  grpc::ClientContext context;
  const Reader reader = Begin(context);
  std::thread stop(
      [&] { EXPECT_TRUE(server_->Stop(absl::ZeroDuration(), absl::Seconds(5)).ok()); });
  v1::RebuildTalliesResponse answer;
  while (reader->Read(&answer)) {
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
              status.error_code() == grpc::StatusCode::CANCELLED)
      << status.error_message();
  stop.join();
}

}  // namespace
}  // namespace sales::service
