#include "src/decide/draws.h"

#include "absl/numeric/bits.h"
#include "absl/numeric/int128.h"

namespace sales {
namespace {

constexpr int kWhole = 100;

// percent / 100 as a binary fraction of 64 digits.
uint64_t FractionOf(int percent) {
  return static_cast<uint64_t>(absl::MakeUint128(static_cast<uint64_t>(percent), 0) / kWhole);
}

}  // namespace

uint64_t SplitMix64(uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

Draws::Draws(uint64_t seed) : state_() {
  for (uint64_t& word : state_) word = SplitMix64(seed);
}

uint64_t Draws::Next() {
  const uint64_t result = absl::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = absl::rotl(state_[3], 45);
  return result;
}

uint64_t Draws::Bits(int percent) {
  if (percent <= 0) return 0;
  if (percent >= kWhole) return ~uint64_t{0};
  // Each of the 64 compares a number of its own with the fraction, digit by digit, until all of
  // them are told apart.
  uint64_t below = 0;
  uint64_t equal = ~uint64_t{0};
  for (uint64_t rest = FractionOf(percent); rest != 0 && equal != 0; rest <<= 1) {
    const uint64_t digits = Next();
    if (rest >> 63 != 0) {
      below |= equal & ~digits;
      equal &= digits;
    } else {
      equal &= ~digits;
    }
  }
  return below;
}

}  // namespace sales
