// Many who come and say or take nothing.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "sales/v1/event.pb.h"
#include "tests/abuse/http2.h"
#include "tests/abuse/siege.h"

namespace sales::abuse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kConnections = 10'000;

std::vector<RawConnection> OpenMany(int port, int count) {
  std::vector<RawConnection> connections;
  connections.reserve(count);
  for (int i = 0; i < count; ++i) connections.emplace_back(port);
  return connections;
}

TEST_F(Siege, OfConnectionsThatSayNothingEndsByItself) {
  Begin();
  std::vector<RawConnection> silent;
  Endure("10 000 silent connections", 3, [&] { silent = OpenMany(salesd_.port(), kConnections); });
  EXPECT_TRUE(salesd_.LogSays("as many connections as may be"));
  // Those who were let in are cut off for saying nothing, and there is room again.
  ExpectUnharmed(30);
}

TEST_F(Siege, OfConnectionsThatGreetAndSayNothingLeavesOthersServed) {
  Begin();
  std::vector<RawConnection> silent;
  Endure("10 000 greeting connections", 3, [&] {
    silent.reserve(kConnections);
    for (int i = 0; i < kConnections; ++i) {
      silent.emplace_back(salesd_.port(), "127.0.0.2");
      if (silent.back().is_open()) silent.back().Greet();
    }
  });
  // Those from one address have taken all that they may; from another there is room.
  EXPECT_TRUE(salesd_.LogSays("as many connections as may be"));
  ExpectUnharmed();
}

// One stream that watches all events from the first, over a connection whose every window is shut.
std::string WatchFrames(uint32_t stream) {
  v1::WatchEventsRequest request;
  request.set_parent("workspaces/studio");
  return Frame(kHeaders, kEndHeaders, stream, CallHeaders("/sales.v1.EventService/WatchEvents")) +
         Frame(kData, kEndStream, stream, Message(request.SerializeAsString()));
}

// SETTINGS_INITIAL_WINDOW_SIZE of nothing.
const std::string kShutWindows = Frame(kSettings, 0, 0, std::string("\0\4\0\0\0\0", 6));

TEST_F(Siege, OfWatchersThatDoNotReadIsCutOffAfterTheStatedTime) {
  constexpr int kWatchers = 1000;
  constexpr int kOfOneConnection = 100;
  Begin({"--stall-seconds=3", "--streams-per-caller=1000"});
  CaptureLeads(5000);
  std::vector<RawConnection> watchers;
  Endure("1 000 watchers that do not read", 5, [&] {
    for (int i = 0; i < kWatchers / kOfOneConnection; ++i) {
      watchers.emplace_back(salesd_.port());
      ASSERT_TRUE(watchers.back().Greet());
      std::string frames = kShutWindows;
      for (int k = 0; k < kOfOneConnection; ++k) frames += WatchFrames(2 * k + 1);
      ASSERT_TRUE(watchers.back().Send(frames));
    }
  });
  std::this_thread::sleep_for(seconds(4));
  EXPECT_TRUE(salesd_.LogSays("STREAM_STALLED"));
  ExpectUnharmed();
}

TEST_F(Siege, OfWatchersOfOneCallerIsRefusedBeyondTheLimit) {
  Begin({"--streams-per-caller=10"});
  RawConnection watcher(salesd_.port());
  ASSERT_TRUE(watcher.Greet());
  for (int k = 0; k < 50; ++k) ASSERT_TRUE(watcher.Send(WatchFrames(2 * k + 1)));
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_TRUE(salesd_.LogSays("STREAMS_FULL"));
  ExpectUnharmed();
}

}  // namespace
}  // namespace sales::abuse
