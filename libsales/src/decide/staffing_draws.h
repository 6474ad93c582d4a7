// Random draws that are the same on every machine: those of the standard library's distributions
// are its own business.
#ifndef SALES_SRC_DECIDE_STAFFING_DRAWS_H_
#define SALES_SRC_DECIDE_STAFFING_DRAWS_H_

#include <cstdint>

#include "src/decide/draws.h"

namespace sales {

// SplitMix64. Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014.
class StaffingDraws {
 public:
  explicit StaffingDraws(uint64_t seed) : state_(seed) {}

  uint64_t Next() { return SplitMix64(state_); }

  // From 0 up to 1, evenly.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

  // Exponential with mean 1, by comparing draws only: a logarithm may differ in its last digit from
  // library to library. Source: J. von Neumann, "Various techniques used in connection with random
  // digits" (1951).
  double Exponential() {
    double whole = 0;
    while (true) {
      const uint64_t first = Next() >> 11;
      uint64_t last = first;
      int length = 1;
      // How long the draws descend: an odd run keeps the first as the fraction.
      for (uint64_t draw = Next() >> 11; draw < last; draw = Next() >> 11) {
        last = draw;
        ++length;
      }
      if (length % 2 == 1) return whole + static_cast<double>(first) * 0x1p-53;
      whole += 1;
    }
  }

 private:
  uint64_t state_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_STAFFING_DRAWS_H_
