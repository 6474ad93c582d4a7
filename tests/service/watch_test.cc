// WatchEvents: ordered, complete, once, revisions whole, resumable, and cheap when idle.
#include <atomic>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

int ThreadsOfThisProcess() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("Threads:", 0) == 0) return std::stoi(line.substr(8));
  }
  return 0;
}

class WatchEvents : public ServerTest {
 protected:
  void SetUp() override { Serve(); }

  struct Watch {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> reader;
  };

  std::unique_ptr<Watch> Begin(const v1::WatchEventsRequest& request, int seconds = 60) {
    auto watch = std::make_unique<Watch>();
    Within(watch->context, seconds);
    watch->reader = events_->WatchEvents(&watch->context, request);
    return watch;
  }

  static v1::WatchEventsRequest After(int64_t revision) {
    v1::WatchEventsRequest request;
    request.set_parent("workspaces/studio");
    request.set_after_revision(revision);
    return request;
  }
};

TEST_F(WatchEvents, BeginsWithABookmarkWhereNothingIsToBeTold) {
  const auto watch = Begin(After(1));
  v1::WatchEventsResponse message;
  ASSERT_TRUE(watch->reader->Read(&message));
  EXPECT_EQ(message.events_size(), 0);
  EXPECT_EQ(message.revision(), 1);
  watch->context.TryCancel();
}

TEST_F(WatchEvents, TellsWhatIsRecordedLater) {
  const auto watch = Begin(After(1));
  v1::WatchEventsResponse message;
  ASSERT_TRUE(watch->reader->Read(&message));
  ASSERT_TRUE(CaptureLead("a@example.com").ok());
  ASSERT_TRUE(watch->reader->Read(&message));
  EXPECT_EQ(message.revision(), 2);
  ASSERT_GT(message.events_size(), 0);
  for (const auto& event : message.events()) EXPECT_EQ(event.revision(), 2);
  watch->context.TryCancel();
}

TEST_F(WatchEvents, SendsABookmarkWhenIdle) {
  const auto watch = Begin(After(1));
  v1::WatchEventsResponse message;
  ASSERT_TRUE(watch->reader->Read(&message));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(watch->reader->Read(&message));
  EXPECT_EQ(message.events_size(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
  watch->context.TryCancel();
}

TEST_F(WatchEvents, WithAFilterStillMovesItsBookmark) {
  v1::WatchEventsRequest request = After(1);
  request.mutable_filter()->add_types(v1::EVENT_TYPE_LEAD_WON);
  ASSERT_TRUE(CaptureLead("a@example.com").ok());
  const auto watch = Begin(request);
  v1::WatchEventsResponse message;
  ASSERT_TRUE(watch->reader->Read(&message));
  EXPECT_EQ(message.events_size(), 0);
  EXPECT_EQ(message.revision(), 2);
  watch->context.TryCancel();
}

TEST_F(WatchEvents, OfAnUnknownWorkspaceIsNotFound) {
  v1::WatchEventsRequest request;
  request.set_parent("workspaces/nowhere");
  const auto watch = Begin(request);
  v1::WatchEventsResponse message;
  EXPECT_FALSE(watch->reader->Read(&message));
  EXPECT_EQ(ReasonOf(watch->reader->Finish()), "WORKSPACE_NOT_FOUND");
}

TEST_F(WatchEvents, AfterARevisionThatIsNotThereYetIsRefused) {
  const auto watch = Begin(After(99));
  v1::WatchEventsResponse message;
  EXPECT_FALSE(watch->reader->Read(&message));
  EXPECT_EQ(ReasonOf(watch->reader->Finish()), "REVISION_INVALID");
}

// Another server may have told of it already: one that shares the store with this one.
TEST_F(WatchEvents, OfASharedStoreWaitForWhatWasSeenElsewhere) {
  const int64_t revision = Revision();
  const auto watch = Begin(After(revision + 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ASSERT_TRUE(CaptureLead("a@example.com").ok());
  ASSERT_TRUE(CaptureLead("b@example.com").ok());
  v1::WatchEventsResponse message;
  if (!server_->engine().is_shared()) {
    EXPECT_FALSE(watch->reader->Read(&message));
    EXPECT_EQ(ReasonOf(watch->reader->Finish()), "REVISION_INVALID");
    return;
  }
  do {
    ASSERT_TRUE(watch->reader->Read(&message));
  } while (message.events_size() == 0);
  EXPECT_EQ(message.events(0).revision(), revision + 2);
  watch->context.TryCancel();
}

TEST_F(WatchEvents, EndWhenTheServerDrains) {
  const auto watch = Begin(After(1));
  v1::WatchEventsResponse message;
  ASSERT_TRUE(watch->reader->Read(&message));
  std::thread stopper(
      [this] { EXPECT_TRUE(server_->Stop(absl::ZeroDuration(), absl::Seconds(10)).ok()); });
  EXPECT_FALSE(watch->reader->Read(&message));
  const grpc::Status status = watch->reader->Finish();
  stopper.join();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
}

// Every event once, in order, no revision in two messages, for a watcher that is cut off at random
// while sixteen others write.
TEST_F(WatchEvents, IsCompleteAndOrderedUnderWritersAndInterruptions) {
  constexpr int kWriters = 16;
  constexpr int kLeadsEach = 40;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] {
      for (int i = 0; i < kLeadsEach; ++i) {
        const std::string email = std::to_string(writer) + "-" + std::to_string(i) + "@example.com";
        EXPECT_TRUE(CaptureLead(email).ok());
      }
    });
  }
  std::mt19937 random(1);
  int64_t seen = 0;
  int64_t next_revision = 1;
  const int64_t last = 1 + kWriters * kLeadsEach;
  while (seen < last) {
    const auto watch = Begin(After(seen));
    int messages = 1 + static_cast<int>(random() % 20);
    v1::WatchEventsResponse message;
    while (messages-- > 0 && seen < last && watch->reader->Read(&message)) {
      int next_ordinal = 0;
      for (const auto& event : message.events()) {
        if (event.revision() == next_revision) {
          next_ordinal = 0;
          ++next_revision;
        }
        EXPECT_EQ(event.revision(), next_revision - 1);
        EXPECT_EQ(event.ordinal(), next_ordinal++);
      }
      EXPECT_EQ(message.revision(), next_revision - 1);
      seen = message.revision();
    }
    watch->context.TryCancel();
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(seen, last);
}

class ManyWatches : public WatchEvents {
 protected:
  ManyWatches() { streams_.per_caller = kWatches; }
  static constexpr int kWatches = 1000;
  // Fewer than a connection may have calls at once.
  static constexpr int kOfOneConnection = 100;
};

TEST_F(ManyWatches, CostNoThreadEachWhenIdle) {
  v1::WatchEventsResponse message;
  const int before = ThreadsOfThisProcess();
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < kWatches; ++i) {
    if (i % kOfOneConnection == 0) {
      events_ = v1::EventService::NewStub(ChannelTo(server_->port()));
    }
    watches.push_back(Begin(After(1), 300));
  }
  for (const auto& watch : watches) ASSERT_TRUE(watch->reader->Read(&message));
  // Client and server are one process here.
  EXPECT_LT(ThreadsOfThisProcess() - before, 50);
  ASSERT_TRUE(CaptureLead("a@example.com").ok());
  for (const auto& watch : watches) {
    do {
      ASSERT_TRUE(watch->reader->Read(&message));
    } while (message.events_size() == 0);
    EXPECT_EQ(message.revision(), 2);
  }
  for (const auto& watch : watches) watch->context.TryCancel();
}

}  // namespace
}  // namespace sales::service
