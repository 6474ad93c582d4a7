#include "service/src/webhooks/addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace sales::service {
namespace {

constexpr Address kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
constexpr size_t kMappedBytes = 12;

std::optional<Address> ParseAddress(const std::string& text) {
  Address address = kMapped;
  if (inet_pton(AF_INET, text.c_str(), address.data() + kMappedBytes) == 1) return address;
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

// The special-purpose registries of IANA for IPv4; and 168.63.129.16, where Azure answers its
// machines.
const AddressRanges& SpecialV4() {
  static const AddressRanges* const ranges = new AddressRanges(*AddressRanges::Parse(
      "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,"
      "192.0.2.0/24,192.88.99.0/24,192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,"
      "224.0.0.0/4,240.0.0.0/4,168.63.129.16"));
  return *ranges;
}

// Of IPv6 only 2000::/3 is given out for the public internet, without these parts of it: protocol
// assignments (Teredo among them), documentation, and 6to4.
const AddressRanges& GlobalV6() {
  static const AddressRanges* const ranges = new AddressRanges(*AddressRanges::Parse("2000::/3"));
  return *ranges;
}
const AddressRanges& SpecialV6() {
  static const AddressRanges* const ranges =
      new AddressRanges(*AddressRanges::Parse("2001::/23,2001:db8::/32,2002::/16,3fff::/20"));
  return *ranges;
}

// Addresses of IPv4 as a translator (NAT64) shows them.
const AddressRanges& Translated() {
  static const AddressRanges* const ranges =
      new AddressRanges(*AddressRanges::Parse("64:ff9b::/96"));
  return *ranges;
}

bool IsMapped(const Address& address) {
  return std::memcmp(address.data(), kMapped.data(), kMappedBytes) == 0;
}

}  // namespace

std::optional<AddressRanges> AddressRanges::Parse(const std::string& text) {
  AddressRanges ranges;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(',', start), text.size());
    const std::string part = text.substr(start, end - start);
    start = end + 1;
    const size_t slash = part.find('/');
    const std::optional<Address> address = ParseAddress(part.substr(0, slash));
    if (!address.has_value()) return std::nullopt;
    const int most = IsMapped(*address) ? 32 : 128;
    int bits = most;
    if (slash != std::string::npos) {
      const std::string length = part.substr(slash + 1);
      if (length.empty() || length.size() > 3 ||
          length.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
      }
      bits = std::stoi(length);
      if (bits > most) return std::nullopt;
    }
    ranges.ranges_.push_back({*address, bits + (128 - most)});
  }
  return ranges;
}

bool AddressRanges::Hold(const Address& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&address](const Range& range) {
    const size_t whole = range.bits / 8;
    if (std::memcmp(address.data(), range.address.data(), whole) != 0) return false;
    if (range.bits % 8 == 0) return true;
    const int unused = 8 - range.bits % 8;
    return address[whole] >> unused == range.address[whole] >> unused;
  });
}

std::optional<Address> AddressOf(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    Address out = kMapped;
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    std::memcpy(out.data() + kMappedBytes, &v4.sin_addr, 4);
    return out;
  }
  if (address.sa_family == AF_INET6) {
    Address out;
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    std::memcpy(out.data(), &v6.sin6_addr, out.size());
    return out;
  }
  return std::nullopt;
}

bool IsPublic(const Address& address) {
  if (IsMapped(address)) return !SpecialV4().Hold(address);
  if (Translated().Hold(address)) {
    Address inner = kMapped;
    std::copy(address.begin() + kMappedBytes, address.end(), inner.begin() + kMappedBytes);
    return !SpecialV4().Hold(inner);
  }
  return GlobalV6().Hold(address) && !SpecialV6().Hold(address);
}

}  // namespace sales::service
