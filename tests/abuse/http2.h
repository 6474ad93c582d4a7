// HTTP/2 spoken by hand, for what no client library would send.
#ifndef SALES_TESTS_ABUSE_HTTP2_H_
#define SALES_TESTS_ABUSE_HTTP2_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sales::abuse {

// Types of frames, RFC 9113.
inline constexpr int kData = 0;
inline constexpr int kHeaders = 1;
inline constexpr int kSettings = 4;
inline constexpr int kPing = 6;
inline constexpr int kWindowUpdate = 8;
inline constexpr int kContinuation = 9;
// Their flags.
inline constexpr int kEndStream = 1;
inline constexpr int kEndHeaders = 4;

std::string Frame(int type, int flags, uint32_t stream, const std::string& payload);

// Headers without compression, one literal after the other.
std::string HeaderBlock(const std::vector<std::pair<std::string, std::string>>& headers);

// The headers of a call of `path`, such as "/sales.v1.LeadService/GetLead", and more.
std::string CallHeaders(const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& more = {});

// A gRPC message as it goes into DATA frames; it says that it is `claimed` bytes long.
std::string Message(const std::string& bytes, uint32_t claimed);
inline std::string Message(const std::string& bytes) {
  return Message(bytes, static_cast<uint32_t>(bytes.size()));
}

// A TCP connection to a port of this machine, from an address of it.
class RawConnection {
 public:
  explicit RawConnection(int port, const char* from = "127.0.0.1");
  ~RawConnection();
  RawConnection(RawConnection&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawConnection& operator=(RawConnection&&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  // Sends the preface and empty settings.
  bool Greet();
  // Sends what goes out within a second; false if the peer does not take all of it, or is gone.
  bool Send(const std::string& bytes) const;
  // Whether the peer closes the connection within this time; what it says is thrown away.
  bool IsClosedWithin(std::chrono::milliseconds time) const;
  // What the peer has said up to now, up to a mebibyte of it.
  std::string Heard() const;

 private:
  int descriptor_ = -1;
};

}  // namespace sales::abuse

#endif  // SALES_TESTS_ABUSE_HTTP2_H_
