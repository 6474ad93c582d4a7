#include "service/src/acceptor.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "sales/error.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

using std::chrono::steady_clock;

// How long the process waits for descriptors to become free where it has none left.
constexpr std::chrono::milliseconds kPause(50);
// How often those who are gone are looked for while there is no room, and how often it is told.
constexpr std::chrono::milliseconds kCountInterval(50);
constexpr std::chrono::seconds kComplaintInterval(10);
// After how long without an answer to what was sent a connection counts as dead.
constexpr unsigned kUnansweredMillis = 20'000;

absl::Status ListenError(const std::string& setting, const std::string& address, int error) {
  ErrorDetail detail;
  detail.reason = error == EADDRINUSE ? Reason::kPortInUse : Reason::kSettingInvalid;
  detail.metadata["setting"] = setting;
  detail.metadata["address"] = address;
  const std::string what = detail.reason == Reason::kPortInUse
                               ? ": another process listens on "
                               : ": it is not possible to listen on ";
  return MakeError(std::move(detail), setting + what + address);
}

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

int PortOf(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void SetPort(sockaddr_storage& address, int port) {
  auto& field = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                              : reinterpret_cast<sockaddr_in&>(address).sin_port;
  field = htons(static_cast<uint16_t>(port));
}

// Its bytes, without the port.
std::string AddressOf(const sockaddr_storage& peer) {
  if (peer.ss_family == AF_INET6) {
    const in6_addr& bytes = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
    return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
  }
  const in_addr& bytes = reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}

// A socket that listens there, or -1 and errno. Port 0 becomes the one that was given.
int ListenOn(const addrinfo& where, int* port) {
  sockaddr_storage address = {};
  std::copy_n(reinterpret_cast<const char*>(where.ai_addr), where.ai_addrlen,
              reinterpret_cast<char*>(&address));
  if (*port != 0) SetPort(address, *port);
  const int kind = where.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const int found = socket(where.ai_family, kind, where.ai_protocol);
  if (found < 0) return -1;
  SetOption(found, SOL_SOCKET, SO_REUSEADDR, 1);
  // Connections have what their listener has.
  SetOption(found, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(found, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnansweredMillis);
  // "[::]" is every address, those of IPv4 too.
  if (where.ai_family == AF_INET6) SetOption(found, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  socklen_t length = sizeof address;
  if (bind(found, reinterpret_cast<sockaddr*>(&address), where.ai_addrlen) != 0 ||
      listen(found, SOMAXCONN) != 0 ||
      getsockname(found, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    const int error = errno;
    close(found);
    errno = error;
    return -1;
  }
  *port = PortOf(address);
  return found;
}

struct AddressesFree {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesFree>;

Addresses Resolve(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return nullptr;
  std::string host = address.substr(0, colon);
  if (host.size() > 1 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) return nullptr;
  return Addresses(found);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Listen(const std::string& setting,
                                                           const std::string& address,
                                                           size_t connections_max, Log& log) {
  const Addresses addresses = Resolve(address);
  std::vector<int> sockets;
  int port = 0;
  int error = 0;
  for (const addrinfo* entry = addresses.get(); entry != nullptr; entry = entry->ai_next) {
    const int found = ListenOn(*entry, &port);
    if (found >= 0) sockets.push_back(found);
    // A name may stand for an address of a kind that the machine does not have.
    if (found < 0 && error != EADDRINUSE) error = errno;
  }
  if (sockets.empty() || error == EADDRINUSE) {
    for (const int found : sockets) close(found);
    return ListenError(setting, address, error);
  }
  const int stop_event = eventfd(0, EFD_CLOEXEC);
  return std::unique_ptr<Acceptor>(
      new Acceptor(std::move(sockets), stop_event, port, connections_max, log));
}

Acceptor::Acceptor(std::vector<int> sockets, int stop_event, int port, size_t connections_max,
                   Log& log)
    : sockets_(std::move(sockets)),
      stop_event_(stop_event),
      port_(port),
      connections_max_(connections_max),
      log_(log) {}

Acceptor::~Acceptor() {
  Stop();
  for (const int socket : sockets_) close(socket);
  close(stop_event_);
}

void Acceptor::Start(Handler handler) {
  handler_ = std::move(handler);
  thread_ = std::thread([this] { Accept(); });
}

void Acceptor::Stop() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_event_, &one, sizeof one);
  thread_.join();
  // From now on clients are refused at once.
  for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
}

void Acceptor::HangUp() {
  ForgetClosed();
  for (const auto& [descriptor, connection] : held_) shutdown(descriptor, SHUT_WR);
}

void Acceptor::Accept() {
  std::vector<pollfd> polled;
  for (const int socket : sockets_) polled.push_back({socket, POLLIN, 0});
  polled.push_back({stop_event_, POLLIN, 0});
  for (;;) {
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled.back().revents != 0) return;
    for (const pollfd& entry : polled) {
      if (entry.revents != 0) AcceptFrom(entry.fd);
    }
  }
}

void Acceptor::AcceptFrom(int socket) {
  sockaddr_storage peer = {};
  socklen_t length = sizeof peer;
  const int connection =
      accept4(socket, reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) {
    // Clients that are gone again are none of our business; others wait.
    const bool short_of_something =
        errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    if (short_of_something) std::this_thread::sleep_for(kPause);
    return;
  }
  const std::string address = AddressOf(peer);
  struct stat found = {};
  if (!HasRoom(address) || fstat(connection, &found) != 0) return Refuse(connection);
  held_[connection] = {found.st_ino, address};
  ++counts_of_addresses_[address];
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.listener_fd = socket;
  parameters.fd = connection;
  handler_->HandleNewConnection(&parameters);
}

bool Acceptor::HasRoom(const std::string& address) {
  const auto has_room = [this, &address] {
    const auto found = counts_of_addresses_.find(address);
    const size_t of_address = found == counts_of_addresses_.end() ? 0 : found->second;
    return held_.size() < connections_max_ && of_address < connections_max_ / 2;
  };
  if (has_room()) return true;
  if (steady_clock::now() < next_count_) return false;
  next_count_ = steady_clock::now() + kCountInterval;
  ForgetClosed();
  return has_room();
}

void Acceptor::ForgetClosed() {
  std::erase_if(held_, [](const auto& entry) {
    struct stat found = {};
    return fstat(entry.first, &found) != 0 || found.st_ino != entry.second.socket;
  });
  counts_of_addresses_.clear();
  for (const auto& [descriptor, connection] : held_) ++counts_of_addresses_[connection.address];
}

void Acceptor::Refuse(int connection) {
  close(connection);
  ++refused_;
  if (steady_clock::now() < next_complaint_) return;
  next_complaint_ = steady_clock::now() + kComplaintInterval;
  log_.Write(LogLine(LogLevel::kWarning, "as many connections as may be; others are refused")
                 .Add("port", port_)
                 .Add("limit", static_cast<int64_t>(connections_max_))
                 .Add("refused", std::exchange(refused_, 0)));
}

size_t RaiseConnectionsLimit() {
  rlimit allowed = {};
  if (getrlimit(RLIMIT_NOFILE, &allowed) != 0) return limits::connections_max;
  allowed.rlim_cur = allowed.rlim_max;
  setrlimit(RLIMIT_NOFILE, &allowed);
  const size_t kept = limits::descriptors_kept_max + limits::admin_connections_max;
  const size_t free = allowed.rlim_cur > 2 * kept ? allowed.rlim_cur - kept : kept;
  return std::min<size_t>(free, limits::connections_max);
}

}  // namespace sales::service
