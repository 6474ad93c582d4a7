// The rate limiter by itself, on a clock of the test's own.
#include "service/src/rate_limiter.h"

#include <gtest/gtest.h>

#include <string>

namespace sales::service {
namespace {

constexpr size_t kManyCallers = 10'000;
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

// How many of `tries` at one moment are let in.
int LetIn(RateLimiter& limiter, const std::string& caller, absl::Time now, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += limiter.Take(caller, now) == absl::ZeroDuration();
  return count;
}

TEST(RateLimiter, LetsABurstInAndThenSoManyASecond) {
  RateLimiter limiter({.per_second = 10, .burst = 25}, kManyCallers);
  EXPECT_EQ(LetIn(limiter, "anna", kStart, 100), 25);
  EXPECT_EQ(LetIn(limiter, "anna", kStart + absl::Milliseconds(99), 100), 0);
  EXPECT_EQ(LetIn(limiter, "anna", kStart + absl::Milliseconds(100), 100), 1);
  EXPECT_EQ(LetIn(limiter, "anna", kStart + absl::Milliseconds(1100), 100), 10);
  EXPECT_EQ(LetIn(limiter, "anna", kStart + absl::Hours(1), 100), 25);
}

TEST(RateLimiter, SaysExactlyHowLongToWait) {
  RateLimiter limiter({.per_second = 4, .burst = 2}, kManyCallers);
  EXPECT_EQ(LetIn(limiter, "anna", kStart, 2), 2);
  EXPECT_EQ(limiter.Take("anna", kStart), absl::Milliseconds(250));
  EXPECT_EQ(limiter.Take("anna", kStart + absl::Milliseconds(100)), absl::Milliseconds(150));
  EXPECT_EQ(limiter.Take("anna", kStart + absl::Milliseconds(250)), absl::ZeroDuration());
}

TEST(RateLimiter, KeepsCallersApart) {
  RateLimiter limiter({.per_second = 1, .burst = 3}, kManyCallers);
  EXPECT_EQ(LetIn(limiter, "anna", kStart, 100), 3);
  EXPECT_EQ(LetIn(limiter, "boris", kStart, 100), 3);
}

TEST(RateLimiter, WithoutALimitLetsEverythingIn) {
  RateLimiter limiter({}, kManyCallers);
  EXPECT_EQ(LetIn(limiter, "anna", kStart, 1000), 1000);
  EXPECT_EQ(limiter.callers(), 0u);
}

TEST(RateLimiter, AClockThatGoesBackLetsNobodyInTwiceAndNobodyWaitForIt) {
  RateLimiter limiter({.per_second = 10, .burst = 5}, kManyCallers);
  EXPECT_EQ(LetIn(limiter, "anna", kStart, 100), 5);
  const absl::Time earlier = kStart - absl::Hours(1);
  EXPECT_EQ(LetIn(limiter, "anna", earlier, 100), 0);
  EXPECT_EQ(LetIn(limiter, "anna", earlier + absl::Milliseconds(100), 100), 1);
}

TEST(RateLimiter, ManyCallersTakeNoMoreRoomThanTheyMayAndGetNoMoreThanAFewBuckets) {
  constexpr size_t kCallers = 1600;
  RateLimiter limiter({.per_second = 1, .burst = 1}, kCallers);
  int let_in = 0;
  for (int i = 0; i < 100'000; ++i) let_in += LetIn(limiter, "c" + std::to_string(i), kStart, 1);
  EXPECT_LE(limiter.callers(), kCallers);
  EXPECT_LE(let_in, static_cast<int>(kCallers) + 16);
  // A moment later the room is for others.
  const absl::Time later = kStart + absl::Seconds(2);
  EXPECT_EQ(LetIn(limiter, "anna", later, 5), 1);
  EXPECT_LE(limiter.callers(), kCallers);
}

}  // namespace
}  // namespace sales::service
