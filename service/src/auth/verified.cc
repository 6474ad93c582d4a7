#include "service/src/auth/verified.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <utility>

#include "service/src/auth/secret.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

uint64_t KeyOf(const std::string& hash) {
  uint64_t key = 0;
  std::from_chars(hash.data(), hash.data() + std::min<size_t>(16, hash.size()), key, 16);
  return key;
}

}  // namespace

PrincipalPtr Verified::Find(const std::string& hash, absl::Time now) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  const auto found = entries_.find(KeyOf(hash));
  if (found == entries_.end() || now >= found->second.look_again_time) return nullptr;
  return EqualInConstantTime(found->second.hash, hash) ? found->second.principal : nullptr;
}

uint64_t Verified::generation() const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  return generation_;
}

void Verified::Remember(const std::string& hash, PrincipalPtr principal, absl::Time now,
                        uint64_t generation) {
  const std::unique_lock<std::shared_mutex> lock(mutex_);
  if (generation != generation_) return;
  // Those who still come are looked up once more; that is cheaper than knowing who came last.
  if (entries_.size() >= limits::credentials_cached_max) entries_.clear();
  const absl::Time look_again_time = std::min(now + kAge, principal->expire_time);
  entries_[KeyOf(hash)] = {hash, std::move(principal), look_again_time};
}

void Verified::Forget() {
  const std::unique_lock<std::shared_mutex> lock(mutex_);
  entries_.clear();
  ++generation_;
}

}  // namespace sales::service
