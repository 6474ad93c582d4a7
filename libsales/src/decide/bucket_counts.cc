#include "src/decide/bucket_counts.h"

#include <algorithm>

namespace sales {
namespace {

// So many buckets are all that durations and amounts have, and more than the days of ten years.
constexpr uint64_t kNearMax = 4'096;

// How far apart two are, which may be more than a signed number holds.
uint64_t Distance(int64_t a, int64_t b) {
  return static_cast<uint64_t>(std::max(a, b)) - static_cast<uint64_t>(std::min(a, b));
}

}  // namespace

int64_t& BucketCounts::PlaceOf(int64_t bucket) {
  if (near_.empty()) first_ = bucket;
  const uint64_t distance = Distance(bucket, first_);
  if (distance >= kNearMax && near_.size() == 1) {
    // What came first is the one that lies apart, such as a day that is none.
    int64_t& apart = far_[first_];
    apart = WrappedSum(apart, near_[0]);
    first_ = bucket;
    return near_[0] = 0;
  }
  const size_t reach = bucket < first_ ? near_.size() + distance : distance + 1;
  if (distance >= kNearMax || reach > kNearMax) return far_[bucket];
  if (bucket < first_) {
    near_.insert(near_.begin(), static_cast<size_t>(distance), 0);
    first_ = bucket;
    return near_.front();
  }
  if (reach > near_.size()) near_.resize(reach);
  return near_[static_cast<size_t>(distance)];
}

int64_t BucketCounts::Get(int64_t bucket) const {
  const uint64_t place = static_cast<uint64_t>(bucket) - static_cast<uint64_t>(first_);
  const int64_t count = place < near_.size() ? near_[static_cast<size_t>(place)] : 0;
  const auto found = far_.find(bucket);
  return found == far_.end() ? count : WrappedSum(count, found->second);
}

std::vector<std::pair<int64_t, int64_t>> BucketCounts::Positive() const {
  std::vector<std::pair<int64_t, int64_t>> counts;
  const auto add = [&](int64_t bucket) {
    if (const int64_t n = Get(bucket); n > 0) counts.emplace_back(bucket, n);
  };
  for (size_t i = 0; i < near_.size(); ++i) {
    if (near_[i] != 0) add(first_ + static_cast<int64_t>(i));
  }
  if (far_.empty()) return counts;
  for (const auto& [bucket, n] : far_) add(bucket);
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

}  // namespace sales
