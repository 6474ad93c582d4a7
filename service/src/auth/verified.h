// Credentials that were found good a moment ago, so that not every call asks the store.
#ifndef SALES_SERVICE_AUTH_VERIFIED_H_
#define SALES_SERVICE_AUTH_VERIFIED_H_

#include <cstdint>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"
#include "service/src/auth/principal.h"

namespace sales::service {

class Verified {
 public:
  // For how long they are taken for good without looking again: as long may another process's
  // revocation go unnoticed.
  static constexpr absl::Duration kAge = absl::Seconds(5);

  // Whose credentials with this hash are; null where it is to be looked up.
  PrincipalPtr Find(const std::string& hash, absl::Time now) const;

  // To be taken before looking up: what is forgotten meanwhile is not remembered after all.
  uint64_t generation() const;
  void Remember(const std::string& hash, PrincipalPtr principal, absl::Time now,
                uint64_t generation);
  // Everything, since something was revoked: with the return of this, it is not good here.
  void Forget();

 private:
  struct Entry {
    std::string hash;
    PrincipalPtr principal;
    absl::Time look_again_time;
  };

  mutable std::shared_mutex mutex_;
  // By the first 64 bits of the hash; the rest is compared in constant time.
  std::unordered_map<uint64_t, Entry> entries_;
  uint64_t generation_ = 0;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_VERIFIED_H_
