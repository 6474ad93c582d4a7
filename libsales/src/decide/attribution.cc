#include "src/decide/attribution.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "absl/numeric/int128.h"

namespace sales {
namespace {

// After so long a touch has half its weight.
constexpr int64_t kHalfLifeMicros = int64_t{7} * 24 * 3600 * 1'000'000;
// The weight of the youngest touch: many may be added up without overflow.
constexpr int kWeightBits = 52;
constexpr int kFractionBits = 32;

// The square root of value * 2^64, rounded down.
uint64_t ScaledRoot(uint64_t value) {
  const absl::uint128 square = absl::MakeUint128(value, 0);
  uint64_t root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const uint64_t next = root | (uint64_t{1} << bit);
    if (absl::uint128(next) * next <= square) root = next;
  }
  return root;
}

// 2^-(1/2), 2^-(1/4), 2^-(1/8) …, each times 2^64.
const std::array<uint64_t, kFractionBits>& HalvingRoots() {
  static const std::array<uint64_t, kFractionBits> roots = [] {
    std::array<uint64_t, kFractionBits> made = {};
    uint64_t root = uint64_t{1} << 63;
    for (uint64_t& entry : made) entry = root = ScaledRoot(root);
    return made;
  }();
  return roots;
}

// 2^(kWeightBits - age / half-life). Worked out in whole numbers: what is stored must not depend on
// a machine's library of functions.
uint64_t DecayedWeight(int64_t age_micros) {
  const int64_t halvings = age_micros / kHalfLifeMicros;
  if (halvings > kWeightBits) return 0;
  const auto rest = static_cast<uint64_t>(age_micros % kHalfLifeMicros);
  const auto fraction = static_cast<uint64_t>((absl::uint128(rest) << kFractionBits) /
                                              static_cast<uint64_t>(kHalfLifeMicros));
  uint64_t weight = uint64_t{1} << kWeightBits;
  for (int bit = 0; bit < kFractionBits; ++bit) {
    if ((fraction >> (kFractionBits - 1 - bit) & 1) == 0) continue;
    weight = absl::Uint128High64(absl::uint128(weight) * HalvingRoots()[bit]);
  }
  return weight >> halvings;
}

std::vector<uint64_t> PositionWeights(size_t count) {
  if (count < 3) return std::vector<uint64_t>(count, 1);
  std::vector<uint64_t> weights(count, 1);
  // Twice as much as all between together: 40 % beside 20 %.
  weights.front() = weights.back() = 2 * (count - 2);
  return weights;
}

}  // namespace

std::vector<uint64_t> TouchWeights(TouchModel model, absl::Span<const int64_t> times) {
  std::vector<uint64_t> weights(times.size(), 0);
  if (weights.empty()) return weights;
  switch (model) {
    case TouchModel::kFirst:
      weights.front() = 1;
      break;
    case TouchModel::kLast:
      weights.back() = 1;
      break;
    case TouchModel::kLinear:
      std::fill(weights.begin(), weights.end(), 1);
      break;
    case TouchModel::kPosition:
      return PositionWeights(times.size());
    case TouchModel::kTimeDecay:
      std::transform(times.begin(), times.end(), weights.begin(),
                     [&](int64_t time) { return DecayedWeight(times.back() - time); });
      break;
  }
  return weights;
}

std::vector<int64_t> Apportion(int64_t total, absl::Span<const uint64_t> weights) {
  const absl::uint128 sum = std::accumulate(weights.begin(), weights.end(), absl::uint128(0));
  std::vector<int64_t> shares(weights.size(), 0);
  std::vector<absl::uint128> rests(weights.size(), 0);
  int64_t left = total;
  for (size_t i = 0; i < weights.size(); ++i) {
    const absl::uint128 product = absl::uint128(weights[i]) * static_cast<uint64_t>(total);
    shares[i] = static_cast<int64_t>(product / sum);
    rests[i] = product % sum;
    left -= shares[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return rests[a] > rests[b]; });
  for (size_t i = 0; left > 0; ++i, --left) ++shares[order[i]];
  return shares;
}

}  // namespace sales
