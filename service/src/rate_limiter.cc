#include "service/src/rate_limiter.h"

#include <algorithm>
#include <functional>

namespace sales::service {
namespace {

constexpr int64_t kNanosASecond = 1'000'000'000;
// How often a part without room is searched for buckets that are full again.
constexpr int64_t kSweepInterval = kNanosASecond / 10;

}  // namespace

RateLimiter::RateLimiter(const RateLimit& limit, size_t callers_max)
    : nanos_a_token_(limit.per_second > 0 ? kNanosASecond / limit.per_second : 0),
      nanos_a_bucket_(nanos_a_token_ * std::max(limit.burst, 1)),
      callers_a_part_max_(std::max<size_t>(callers_max / kParts, 1)) {}

absl::Duration RateLimiter::Take(const std::string& caller, absl::Time now) {
  if (nanos_a_token_ == 0) return absl::ZeroDuration();
  const int64_t nanos = absl::ToUnixNanos(now);
  Part& part = parts_[std::hash<std::string>()(caller) % kParts];
  const std::lock_guard<std::mutex> lock(part.mutex);
  int64_t& full_at = BucketOf(part, caller, nanos);
  // A bucket is never more than empty, also for a clock that was put back.
  full_at = std::clamp(full_at, nanos, nanos + nanos_a_bucket_);
  const int64_t after = full_at + nanos_a_token_;
  if (after - nanos > nanos_a_bucket_) return absl::Nanoseconds(after - nanos - nanos_a_bucket_);
  full_at = after;
  return absl::ZeroDuration();
}

int64_t& RateLimiter::BucketOf(Part& part, const std::string& caller, int64_t now) const {
  const auto found = part.full_at.find(caller);
  if (found != part.full_at.end()) return found->second;
  if (part.full_at.size() >= callers_a_part_max_ && now >= part.next_sweep) {
    part.next_sweep = now + kSweepInterval;
    std::erase_if(part.full_at, [now](const auto& entry) { return entry.second <= now; });
  }
  if (part.full_at.size() >= callers_a_part_max_) return part.others_full_at;
  return part.full_at[caller];
}

size_t RateLimiter::callers() const {
  size_t count = 0;
  for (const Part& part : parts_) {
    const std::lock_guard<std::mutex> lock(part.mutex);
    count += part.full_at.size();
  }
  return count;
}

}  // namespace sales::service
