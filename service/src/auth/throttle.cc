#include "service/src/auth/throttle.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "absl/strings/str_replace.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

constexpr size_t kNetworkBytes = 8;

}  // namespace

absl::Duration Throttle::WaitOf(const std::string& address, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = full_times_.find(address);
  if (found == full_times_.end()) return absl::ZeroDuration();
  // With one attempt left it is that many refills from full.
  return std::max(absl::ZeroDuration(), found->second - now - (kAttempts - 1) * kRefill);
}

void Throttle::NoteFailure(const std::string& address, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failures_;
  if (full_times_.size() >= limits::throttled_addresses_max) MakeRoom(now);
  absl::Time& full_time = full_times_[address];
  full_time = std::max(full_time, now) + kRefill;
}

// Forgets those who have all their attempts again, now and then; if there are none, any one: it
// then has a few more attempts than it should.
void Throttle::MakeRoom(absl::Time now) {
  if (now >= next_sweep_) {
    next_sweep_ = now + kRefill;
    for (auto entry = full_times_.begin(); entry != full_times_.end();) {
      entry = entry->second <= now ? full_times_.erase(entry) : std::next(entry);
    }
  }
  if (full_times_.size() >= limits::throttled_addresses_max) full_times_.erase(full_times_.begin());
}

int64_t Throttle::failures() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failures_;
}

size_t Throttle::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return full_times_.size();
}

std::string AddressOf(const std::string& peer) {
  const size_t scheme = peer.find(':');
  const size_t port = peer.rfind(':');
  if (scheme == std::string::npos || port <= scheme) return peer;
  std::string host = peer.substr(scheme + 1, port - scheme - 1);
  if (peer.compare(0, scheme, "ipv6") != 0) return host;
  // gRPC writes the brackets as a URI has them.
  host = absl::StrReplaceAll(host, {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  in6_addr address = {};
  if (inet_pton(AF_INET6, host.c_str(), &address) != 1) return host;
  if (IN6_IS_ADDR_V4MAPPED(&address)) return host;
  std::memset(address.s6_addr + kNetworkBytes, 0, sizeof(address.s6_addr) - kNetworkBytes);
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(AF_INET6, &address, text, sizeof text);
  return text;
}

}  // namespace sales::service
