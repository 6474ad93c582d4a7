#include "src/engine/id_maker.h"

#include <algorithm>

namespace sales::internal {
namespace {

constexpr uint32_t kCounterMax = 0xfff;

void AppendHex(uint64_t value, int digits, std::string& out) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(value >> shift) & 0xf];
  }
}

}  // namespace

std::string IdMaker::Make(absl::Time now) {
  int64_t millis = 0;
  uint32_t counter = 0;
  uint64_t random = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const int64_t clock = absl::ToUnixMillis(now);
    if (clock > millis_) {
      millis_ = clock;
      // Half of the range is left free to count up in.
      counter_ = absl::Uniform<uint32_t>(random_, 0, kCounterMax / 2);
    } else if (++counter_ > kCounterMax) {
      // More ids in a millisecond than the counter holds, or a clock set back: borrow the next.
      ++millis_;
      counter_ = 0;
    }
    millis = millis_;
    counter = counter_;
    random = absl::Uniform<uint64_t>(random_);
  }
  std::string id;
  id.reserve(36);
  AppendHex(static_cast<uint64_t>(millis) >> 16, 8, id);
  id += '-';
  AppendHex(static_cast<uint64_t>(millis) & 0xffff, 4, id);
  id += "-7";
  AppendHex(counter, 3, id);
  id += '-';
  AppendHex(0x8000 | (random >> 50), 4, id);
  id += '-';
  AppendHex(random & 0xffffffffffff, 12, id);
  return id;
}

}  // namespace sales::internal
