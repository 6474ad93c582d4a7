#include "tests/abuse/http2.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace sales::abuse {
namespace {

constexpr int kSendMillis = 1000;
constexpr size_t kHeardMax = 1 << 20;

std::string BigEndian(uint32_t number, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(number >> (8 * i)));
  return out;
}

// A number as HPACK writes it behind a prefix of seven bits.
std::string HpackNumber(size_t number) {
  std::string out;
  if (number < 127) return {static_cast<char>(number)};
  out.push_back(127);
  for (number -= 127; number >= 128; number >>= 7) {
    out.push_back(static_cast<char>((number & 127) | 128));
  }
  out.push_back(static_cast<char>(number));
  return out;
}

bool IsReady(int descriptor, int16_t events, int millis) {
  pollfd entry = {descriptor, events, 0};
  return poll(&entry, 1, millis) > 0;
}

}  // namespace

std::string Frame(int type, int flags, uint32_t stream, const std::string& payload) {
  std::string out = BigEndian(static_cast<uint32_t>(payload.size()), 3);
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(flags));
  return out + BigEndian(stream, 4) + payload;
}

std::string HeaderBlock(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    // A literal that is not put into the table, with a new name.
    out.push_back(0);
    out += HpackNumber(name.size()) + name + HpackNumber(value.size()) + value;
  }
  return out;
}

std::string CallHeaders(const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::pair<std::string, std::string>> headers = {{":method", "POST"},
                                                              {":scheme", "http"},
                                                              {":path", path},
                                                              {":authority", "localhost"},
                                                              {"content-type", "application/grpc"},
                                                              {"te", "trailers"}};
  headers.insert(headers.end(), more.begin(), more.end());
  return HeaderBlock(headers);
}

std::string Message(const std::string& bytes, uint32_t claimed) {
  return std::string(1, '\0') + BigEndian(claimed, 4) + bytes;
}

RawConnection::RawConnection(int port, const char* from) {
  const int found = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in source = {};
  source.sin_family = AF_INET;
  inet_pton(AF_INET, from, &source.sin_addr);
  // The port is chosen when the other end is known, so that one port may serve many connections.
  const int on = 1;
  setsockopt(found, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const bool bound = bind(found, reinterpret_cast<sockaddr*>(&source), sizeof source) == 0;
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bound && connect(found, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    descriptor_ = found;
  } else if (found >= 0) {
    close(found);
  }
}

RawConnection::~RawConnection() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool RawConnection::Greet() {
  return Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, ""));
}

bool RawConnection::Send(const std::string& bytes) const {
  size_t sent = 0;
  while (sent < bytes.size()) {
    if (!IsReady(descriptor_, POLLOUT, kSendMillis)) return false;
    const ssize_t taken =
        send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken < 0 && errno != EAGAIN) return false;
    if (taken > 0) sent += static_cast<size_t>(taken);
  }
  return true;
}

bool RawConnection::IsClosedWithin(std::chrono::milliseconds time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  char thrown_away[4096];
  for (auto now = std::chrono::steady_clock::now(); now < end;
       now = std::chrono::steady_clock::now()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now);
    if (!IsReady(descriptor_, POLLIN, static_cast<int>(left.count()) + 1)) return false;
    const ssize_t taken = recv(descriptor_, thrown_away, sizeof thrown_away, MSG_DONTWAIT);
    if (taken == 0 || (taken < 0 && errno != EAGAIN)) return true;
  }
  return false;
}

std::string RawConnection::Heard() const {
  std::string heard;
  char some[4096];
  while (heard.size() < kHeardMax) {
    const ssize_t taken = recv(descriptor_, some, sizeof some, MSG_DONTWAIT);
    if (taken <= 0) return heard;
    heard.append(some, static_cast<size_t>(taken));
  }
  return heard;
}

}  // namespace sales::abuse
