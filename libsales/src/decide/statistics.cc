#include "src/decide/statistics.h"

#include <algorithm>
#include <cmath>

namespace sales {
namespace {

// The 97.5 % quantile of the standard normal distribution.
constexpr double kZ95 = 1.959963984540054;

// The value at `rank`, counted from 0, if each value stood as often as it weighs.
double ValueAt(const std::vector<WeightedValue>& values, int64_t rank) {
  int64_t passed = 0;
  for (const auto& [value, weight] : values) {
    passed += weight;
    if (rank < passed) return value;
  }
  return values.back().first;
}

}  // namespace

Rate MakeRate(int64_t numerator, int64_t denominator) {
  Rate rate;
  rate.numerator = numerator;
  rate.denominator = denominator;
  if (denominator <= 0) return rate;
  const double n = static_cast<double>(denominator);
  rate.value = static_cast<double>(numerator) / n;
  const double share = std::clamp(rate.value, 0.0, 1.0);
  const double z2 = kZ95 * kZ95;
  const double middle = share + z2 / (2 * n);
  const double reach = kZ95 * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  // At the ends one bound is the share itself, whatever the rounding.
  rate.low = share == 0 ? 0 : std::max(0.0, (middle - reach) / scale);
  rate.high = share == 1 ? 1 : std::min(1.0, (middle + reach) / scale);
  return rate;
}

double Quantile(const std::vector<WeightedValue>& values, double probability) {
  if (values.empty()) return 0;
  int64_t count = 0;
  for (const auto& [value, weight] : values) count += weight;
  const double position = static_cast<double>(count - 1) * probability;
  const auto rank = static_cast<int64_t>(std::floor(position));
  const double low = ValueAt(values, rank);
  const double part = position - static_cast<double>(rank);
  if (part == 0) return low;
  return low + part * (ValueAt(values, rank + 1) - low);
}

int64_t DivideRounded(int64_t dividend, int64_t divisor) {
  const int64_t quotient = dividend / divisor;
  const int64_t rest = dividend % divisor;
  const int64_t magnitude = rest < 0 ? -rest : rest;
  // Compared so that doubling the rest cannot overflow.
  if (magnitude < divisor - magnitude) return quotient;
  return quotient + (dividend < 0 ? -1 : 1);
}

}  // namespace sales
