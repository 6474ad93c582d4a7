// Where webhooks may go: to the public internet, and to what is allowed by name of its range.
#ifndef SALES_SERVICE_WEBHOOKS_ADDRESSES_H_
#define SALES_SERVICE_WEBHOOKS_ADDRESSES_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sales::service {

// An address of either kind as one of IPv6; those of IPv4 are ::ffff:a.b.c.d.
using Address = std::array<uint8_t, 16>;

// Ranges of addresses, such as 10.0.0.0/8.
class AddressRanges {
 public:
  // "10.0.0.0/8,fd00::/8"; an address without a length is itself. Nothing if a part is no range.
  static std::optional<AddressRanges> Parse(const std::string& text);
  bool Hold(const Address& address) const;

 private:
  struct Range {
    Address address;
    int bits = 0;
  };
  std::vector<Range> ranges_;
};

// Nothing for what is neither IPv4 nor IPv6.
std::optional<Address> AddressOf(const sockaddr& address);

// Whether it is one of the public internet: not private, loopback, link-local, multicast, reserved,
// of documentation, nor one where clouds answer questions about their machines. Addresses of IPv4
// within those of IPv6 count as what they stand for.
bool IsPublic(const Address& address);

}  // namespace sales::service

#endif  // SALES_SERVICE_WEBHOOKS_ADDRESSES_H_
