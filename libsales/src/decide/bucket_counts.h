// Counts by bucket, for adding up very many: buckets lie close together, so that nearly all are
// places in one array.
#ifndef SALES_SRC_DECIDE_BUCKET_COUNTS_H_
#define SALES_SRC_DECIDE_BUCKET_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/decide/tally.h"

namespace sales {

class BucketCounts {
 public:
  // Wraps as the tallies do.
  void Add(int64_t bucket, int64_t n) {
    const uint64_t place = static_cast<uint64_t>(bucket) - static_cast<uint64_t>(first_);
    int64_t& count = place < near_.size() ? near_[static_cast<size_t>(place)] : PlaceOf(bucket);
    count = WrappedSum(count, n);
  }

  int64_t Get(int64_t bucket) const;
  // Those above 0, ascending.
  std::vector<std::pair<int64_t, int64_t>> Positive() const;

 private:
  // Makes the array reach as far as the bucket, unless that lies too far off.
  int64_t& PlaceOf(int64_t bucket);

  // Of the buckets from `first_` on.
  int64_t first_ = 0;
  std::vector<int64_t> near_;
  // All others; what came before the array reached them stays here.
  absl::flat_hash_map<int64_t, int64_t> far_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_BUCKET_COUNTS_H_
