// Random numbers for simulations: from one seed the same ones on every machine.
#ifndef SALES_SRC_DECIDE_DRAWS_H_
#define SALES_SRC_DECIDE_DRAWS_H_

#include <array>
#include <cstdint>

namespace sales {

// xoshiro256** 1.0, its state filled by SplitMix64 from the seed: both by D. Blackman and S. Vigna,
// "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021), and given to the public.
// The standard library's distributions differ between its makers, so that none is used.
class Draws {
 public:
  using State = std::array<uint64_t, 4>;

  explicit Draws(uint64_t seed);
  explicit Draws(const State& state) : state_(state) {}

  // 64 fair bits.
  uint64_t Next();

  // 64 bits, each 1 with a chance of percent / 100, to within 2^-64.
  uint64_t Bits(int percent);

 private:
  State state_;
};

// The next number of SplitMix64. Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014.
uint64_t SplitMix64(uint64_t& state);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_DRAWS_H_
