// Shares with their intervals, quantiles of weighted values, and divisions of money.
#ifndef SALES_SRC_DECIDE_STATISTICS_H_
#define SALES_SRC_DECIDE_STATISTICS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "sales/report.h"

namespace sales {

// The share with its 95 % Wilson score interval. A numerator above the denominator, which a count
// against an estimate may be, has the interval of the whole.
Rate MakeRate(int64_t numerator, int64_t denominator);

// A value and how often it occurs.
using WeightedValue = std::pair<double, int64_t>;

// The quantile of type 7 of Hyndman and Fan (1996), linear between order statistics: R's default.
// The values must ascend and their weights be positive; 0 without values.
double Quantile(const std::vector<WeightedValue>& values, double probability);

// dividend / divisor, rounded half away from zero. The divisor must be positive.
int64_t DivideRounded(int64_t dividend, int64_t divisor);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_STATISTICS_H_
