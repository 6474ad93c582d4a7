// How many requests each caller may make: so many a second, and so many at once after a pause.
#ifndef SALES_SERVICE_RATE_LIMITER_H_
#define SALES_SERVICE_RATE_LIMITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"

namespace sales::service {

struct RateLimit {
  // Requests a second in the long run; 0: as many as anybody likes.
  int per_second = 0;
  // Requests at once.
  int burst = 1;
};

// A token bucket for each caller, told by one number: the time at which the bucket will be full
// again. A bucket that is full need not be kept, so only callers of the last moments are. Safe to
// use from any thread.
class RateLimiter {
 public:
  // Of at most `callers_max` callers a bucket is kept; others share a few.
  RateLimiter(const RateLimit& limit, size_t callers_max);

  // Whether there is one at all.
  bool has_limit() const { return nanos_a_token_ > 0; }
  // Lets a request in: zero. Otherwise how long the caller is to wait before the next.
  absl::Duration Take(const std::string& caller, absl::Time now);

  // Of how many callers there is a bucket.
  size_t callers() const;

 private:
  // Parts of the table, so that threads seldom wait for each other.
  static constexpr size_t kParts = 16;
  struct Part {
    mutable std::mutex mutex;
    // When each bucket will be full, in nanoseconds of the epoch.
    std::unordered_map<std::string, int64_t> full_at;
    // The bucket of those whom there is no room for.
    int64_t others_full_at = 0;
    int64_t next_sweep = 0;
  };

  int64_t& BucketOf(Part& part, const std::string& caller, int64_t now) const;

  // How long a bucket takes to get one token, and all of them.
  const int64_t nanos_a_token_;
  const int64_t nanos_a_bucket_;
  const size_t callers_a_part_max_;
  std::array<Part, kParts> parts_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_RATE_LIMITER_H_
