#include "src/decide/bucket_counts.h"

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace sales {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

TEST(BucketCounts, EqualAMapWhateverTheBucketsAre) {
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const int64_t bases[] = {0, -3, 20'000, 1'000'000, kLeast, kMost - 5'000};
    BucketCounts counts;
    std::map<int64_t, int64_t> expected;
    for (int i = 0; i < 300; ++i) {
      const int64_t base = bases[random() % (1 + seed % 6)];
      const int64_t bucket = base + static_cast<int64_t>(random() % (seed % 2 == 0 ? 300 : 5'000));
      const int64_t n = static_cast<int64_t>(random() % 9) - 3;
      counts.Add(bucket, n);
      expected[bucket] += n;
    }
    std::vector<std::pair<int64_t, int64_t>> positive;
    for (const auto& [bucket, n] : expected) {
      EXPECT_EQ(counts.Get(bucket), n) << "seed " << seed << " bucket " << bucket;
      if (n > 0) positive.emplace_back(bucket, n);
    }
    EXPECT_EQ(counts.Positive(), positive) << "seed " << seed;
  }
}

TEST(BucketCounts, WrapAndTakeBack) {
  BucketCounts counts;
  counts.Add(7, kMost);
  counts.Add(7, 5);
  counts.Add(7, -5);
  EXPECT_EQ(counts.Get(7), kMost);
  EXPECT_EQ(counts.Get(8), 0);
  EXPECT_EQ(counts.Get(kLeast), 0);
}

}  // namespace
}  // namespace sales
