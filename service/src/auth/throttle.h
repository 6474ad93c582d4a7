// Bounds how often an address may come with wrong credentials. 256 random bits are not guessed;
// what is bounded is the work that guesses make.
#ifndef SALES_SERVICE_AUTH_THROTTLE_H_
#define SALES_SERVICE_AUTH_THROTTLE_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"

namespace sales::service {

class Throttle {
 public:
  // How many wrong ones an address has at first, and how soon it gets one back.
  static constexpr int kAttempts = 20;
  static constexpr absl::Duration kRefill = absl::Seconds(3);

  // How long an address must wait before it may try: nothing while it has attempts left.
  absl::Duration WaitOf(const std::string& address, absl::Time now);
  void NoteFailure(const std::string& address, absl::Time now);

  // How many failures there were.
  int64_t failures() const;
  // How many addresses are remembered.
  size_t size() const;

 private:
  void MakeRoom(absl::Time now);

  mutable std::mutex mutex_;
  // Of each address, when it will have all its attempts again.
  std::unordered_map<std::string, absl::Time> full_times_;
  absl::Time next_sweep_ = absl::InfinitePast();
  int64_t failures_ = 0;
};

// The address that a peer of gRPC's counts for: "ipv4:10.0.0.7:4242" is "10.0.0.7". Of an IPv6 one
// the network alone, for a machine has as many addresses in it as it likes.
std::string AddressOf(const std::string& peer);

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_THROTTLE_H_
