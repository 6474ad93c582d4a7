// How a conversion is shared by the touches of its path.
#ifndef SALES_SRC_DECIDE_ATTRIBUTION_H_
#define SALES_SRC_DECIDE_ATTRIBUTION_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace sales {

// Stored: numbers do not change.
enum class TouchModel { kFirst = 0, kLast = 1, kLinear = 2, kPosition = 3, kTimeDecay = 4 };

inline constexpr std::array<TouchModel, 5> kTouchModels = {
    TouchModel::kFirst, TouchModel::kLast, TouchModel::kLinear, TouchModel::kPosition,
    TouchModel::kTimeDecay};

// What each touch weighs, in whole numbers that are the same on every machine; `times` are in
// microseconds and ascend. kPosition gives 40 % to the first, 40 % to the last and 20 % to those
// between: of two touches each has half, and a single one all.
std::vector<uint64_t> TouchWeights(TouchModel model, absl::Span<const int64_t> times);

// Shares the total by weight, in whole numbers that sum to it: what is left after rounding down
// goes to the largest remainders, the first of equal ones before. Neither the total nor all weights
// may be below 0, and some weight must be above 0. The weights' sum must be below 2^64.
std::vector<int64_t> Apportion(int64_t total, absl::Span<const uint64_t> weights);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_ATTRIBUTION_H_
