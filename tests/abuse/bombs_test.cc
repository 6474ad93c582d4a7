// Headers, messages and frames that are too big, too many, or never end.
#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/abuse/calls.h"
#include "tests/abuse/http2.h"
#include "tests/abuse/siege.h"

namespace sales::abuse {
namespace {

constexpr char kCapture[] = "/sales.v1.LeadService/CaptureLead";
constexpr char kBatch[] = "/sales.v1.LeadService/BatchCaptureLeads";
constexpr int kFrameBytes = 16 << 10;
constexpr int kMessageBytes = 16 << 20;

// The whole header block of a call in one HEADERS frame and as many others as it takes.
std::string HeaderFrames(uint32_t stream, const std::string& block, bool with_end = true) {
  std::string out;
  for (size_t at = 0; at < block.size(); at += kFrameBytes) {
    const bool last = at + kFrameBytes >= block.size();
    out += Frame(at == 0 ? kHeaders : kContinuation, last && with_end ? kEndHeaders : 0, stream,
                 block.substr(at, kFrameBytes));
  }
  return out;
}

// Sends frames over `count` connections, one after the other, and keeps none.
void SendToMany(int port, int count, const std::string& frames) {
  for (int i = 0; i < count; ++i) {
    RawConnection connection(port);
    if (connection.is_open() && connection.Greet()) connection.Send(frames);
    connection.Heard();
  }
}

TEST_F(Siege, ByHeadersThatAreTooBigIsEndured) {
  Begin();
  const std::string mebibyte(1 << 20, 'x');
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 20'000; ++i) many.emplace_back("x-" + std::to_string(i), "y");
  const std::string one_big = HeaderFrames(1, CallHeaders(kCapture, {{"x-big", mebibyte}}));
  const std::string many_small = HeaderFrames(1, CallHeaders(kCapture, many));
  std::string endless = CallHeaders(kCapture);
  for (int i = 0; i < 16; ++i) endless += HeaderBlock({{"x-more", mebibyte}});
  const std::string never_ending = HeaderFrames(1, endless, /*with_end=*/false);
  const int port = salesd_.port();
  Endure("header bombs", 3, [&] {
    SendToMany(port, 50, one_big);
    SendToMany(port, 50, many_small);
    SendToMany(port, 20, never_ending);
  });
  ExpectUnharmed();
}

// A header is put into the table once and then named by one byte, again and again.
TEST_F(Siege, ByHeadersThatGrowWhenUnpackedIsEndured) {
  Begin();
  const std::string value(3000, 'x');
  std::string block = CallHeaders(kCapture);
  // A literal with indexing; the first place of the dynamic table is 62.
  block += std::string("\x40\x05", 2) + "x-big" + std::string("\x7f\xb9\x16", 3) + value;
  block += std::string(200'000, static_cast<char>(0x80 | 62));
  Endure("header bombs, packed", 3,
         [&] { SendToMany(salesd_.port(), 50, HeaderFrames(1, block)); });
  ExpectUnharmed();
}

TEST_F(Siege, ByFramesWithoutNumberIsEndured) {
  Begin();
  std::string pings;
  std::string settings;
  std::string resets;
  for (int i = 0; i < 2000; ++i) {
    pings += Frame(kPing, 0, 0, std::string(8, 'p'));
    settings += Frame(kSettings, 0, 0, std::string("\0\4\0\0\xff\xff", 6));
    const uint32_t stream = 2 * i + 1;
    resets += Frame(kHeaders, kEndHeaders, stream, CallHeaders(kCapture));
    resets += Frame(3, 0, stream, std::string("\0\0\0\x8", 4));
  }
  const int port = salesd_.port();
  Endure("flood of pings", 3, [&] { SendToMany(port, 20, pings); });
  Endure("flood of settings", 3, [&] { SendToMany(port, 20, settings); });
  Endure("flood of resets", 3, [&] { SendToMany(port, 20, resets); });
  ExpectUnharmed();
}

// What protobuf makes of two bytes may be a hundred: each of these is an entry of the batch.
TEST_F(Siege, ByMessagesThatGrowWhenReadIsEndured) {
  Begin();
  std::string entries;
  for (int i = 0; i < kMessageBytes / 2 - 32; ++i) entries += std::string("\x12\0", 2);
  std::string medium = entries.substr(0, 180'000);
  Endure("message bombs", 5, [&] {
    std::vector<std::thread> senders;
    for (int i = 0; i < 8; ++i) {
      senders.emplace_back([&, i] {
        const auto channel = salesd_.Channel();
        for (int k = 0; k < 8; ++k) {
          const grpc::Status status = CallWithBytes(channel, kBatch, i % 2 == 0 ? entries : medium);
          EXPECT_TRUE(status.error_code() == grpc::INVALID_ARGUMENT ||
                      status.error_code() == grpc::RESOURCE_EXHAUSTED)
              << status.error_code() << status.error_message();
        }
      });
    }
    for (std::thread& sender : senders) sender.join();
  });
  ExpectUnharmed();
}

TEST_F(Siege, ByMessagesThatSayTheyAreLongerThanMayBeIsEndured) {
  Begin();
  const std::string head = Frame(kHeaders, kEndHeaders, 1, CallHeaders(kCapture));
  Endure("claims of length", 3, [&] {
    for (const uint32_t claimed : {uint32_t{kMessageBytes} + 1, 0x7fffffffu, 0xffffffffu}) {
      SendToMany(salesd_.port(), 50, head + Frame(kData, 0, 1, Message("x", claimed)));
    }
  });
  ExpectUnharmed();
}

// Sends as much of many messages as the server allows, and never the end of any.
class Withholder {
 public:
  Withholder(int port, int streams) : connection_(port) {
    if (!connection_.is_open() || !connection_.Greet()) return;
    for (int i = 0; i < streams; ++i) {
      const uint32_t stream = 2 * i + 1;
      if (!connection_.Send(Frame(kHeaders, kEndHeaders, stream, CallHeaders(kCapture)))) return;
      windows_[stream] = 65'535;
    }
  }

  // One round; how many bytes went out.
  int64_t Push() {
    Listen();
    int64_t sent = 0;
    for (auto& [stream, window] : windows_) {
      int64_t& done = sent_[stream];
      const int64_t room =
          std::min({window, connection_window_, int64_t{kFrameBytes}, kMessageBytes - 1 - done});
      if (room < 64) continue;
      std::string bytes(static_cast<size_t>(room), 'x');
      if (done == 0) bytes = Message(bytes.substr(5), kMessageBytes);
      if (!connection_.Send(Frame(kData, 0, stream, bytes))) return sent;
      window -= room;
      connection_window_ -= room;
      done += room;
      sent += room;
    }
    return sent;
  }

 private:
  static uint32_t Number(const std::string& bytes, size_t at, int count) {
    uint32_t number = 0;
    for (int i = 0; i < count; ++i) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
    return number;
  }

  void Listen() {
    heard_ += connection_.Heard();
    size_t at = 0;
    while (at + 9 <= heard_.size() && at + 9 + Number(heard_, at, 3) <= heard_.size()) {
      const uint32_t length = Number(heard_, at, 3);
      const int type = heard_[at + 3];
      const int flags = heard_[at + 4];
      const uint32_t stream = Number(heard_, at + 5, 4);
      if (type == kWindowUpdate) {
        (stream == 0 ? connection_window_ : windows_[stream]) += Number(heard_, at + 9, 4);
      } else if (type == kPing && flags == 0) {
        connection_.Send(Frame(kPing, 1, 0, heard_.substr(at + 9, length)));
      } else if (type == kSettings && flags == 0) {
        for (uint32_t i = 0; i + 6 <= length; i += 6) {
          if (Number(heard_, at + 9 + i, 2) != 4) continue;
          const int64_t initial = Number(heard_, at + 11 + i, 4);
          for (auto& [number, window] : windows_) window += initial - initial_window_;
          initial_window_ = initial;
        }
        connection_.Send(Frame(kSettings, 1, 0, ""));
      }
      at += 9 + length;
    }
    heard_.erase(0, at);
  }

  RawConnection connection_;
  std::map<uint32_t, int64_t> windows_;
  std::map<uint32_t, int64_t> sent_;
  int64_t connection_window_ = 65'535;
  int64_t initial_window_ = 65'535;
  std::string heard_;
};

TEST_F(Siege, ByMessagesWhoseEndNeverComesIsEndured) {
  Begin();
  std::vector<std::unique_ptr<Withholder>> withholders;
  int64_t sent = 0;
  const auto withhold = [&] {
    for (int i = 0; i < 20; ++i) {
      withholders.push_back(std::make_unique<Withholder>(salesd_.port(), 50));
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (std::chrono::steady_clock::now() < end) {
      int64_t round = 0;
      for (const auto& withholder : withholders) round += withholder->Push();
      sent += round;
      if (round == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  };
  // gRPC, short of memory, cancels calls without knowing whose fault it is.
  Endure("messages without an end", 5, withhold, Refusals::kOfMemory);
  std::printf("%-32s %lld MiB were taken\n", "", static_cast<long long>(sent >> 20));
  ExpectUnharmed();
}

}  // namespace
}  // namespace sales::abuse
