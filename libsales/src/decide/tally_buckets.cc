// The buckets of amounts and durations.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sales/limits.h"
#include "src/decide/tally.h"

namespace sales {
namespace {

// Neighbouring buckets of durations: no duration is further than 1 % from the middle of its own.
constexpr double kGamma = 1.01 / 0.99;

// Where the buckets of amounts begin, ascending, and after the last of them.
const std::vector<int64_t>& AmountBounds() {
  static const std::vector<int64_t>* const bounds = [] {
    auto* made = new std::vector<int64_t>;
    int64_t bound = 1;
    while (bound <= limits::money_minor_units_max) {
      made->push_back(bound);
      // The middle of [bound, 101/99 bound) is no further than 1 % from either end.
      bound += std::max<int64_t>(1, bound * 2 / 99);
    }
    made->push_back(bound);
    return made;
  }();
  return *bounds;
}

}  // namespace

int64_t AmountBucket(int64_t amount) {
  const std::vector<int64_t>& bounds = AmountBounds();
  const int64_t known = std::min(amount, limits::money_minor_units_max);
  return std::upper_bound(bounds.begin(), bounds.end(), known) - bounds.begin();
}

int64_t BucketAmount(int64_t bucket) {
  const std::vector<int64_t>& bounds = AmountBounds();
  if (bucket < 1 || bucket >= static_cast<int64_t>(bounds.size())) return 0;
  const auto index = static_cast<size_t>(bucket);
  return (bounds[index - 1] + bounds[index] - 1) / 2;
}

int64_t DurationBucket(absl::Duration duration) {
  static const double log_gamma = std::log(kGamma);
  const int64_t micros = absl::ToInt64Microseconds(duration);
  if (micros <= 0) return 0;
  return 1 + static_cast<int64_t>(std::ceil(std::log(static_cast<double>(micros)) / log_gamma));
}

absl::Duration BucketDuration(int64_t bucket) {
  if (bucket <= 0) return absl::ZeroDuration();
  return absl::Microseconds(2 * std::pow(kGamma, static_cast<double>(bucket - 1)) / (kGamma + 1));
}

}  // namespace sales
