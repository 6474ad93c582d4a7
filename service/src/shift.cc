#include "service/src/shift.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"

namespace sales::service {
namespace {

// How much before the store gives the shift to another this process takes it for ended: what it
// does last needs time, and clocks do not run alike.
constexpr absl::Duration kMargin = absl::Seconds(2);

}  // namespace

Shift::Shift(const Engine& engine, std::string work, std::string holder)
    : engine_(engine), work_(std::move(work)), holder_(std::move(holder)) {}

bool Shift::IsMine() {
  const absl::Time asked = absl::Now();
  if (asked >= next_ask_) {
    const absl::StatusOr<bool> mine = engine_.Lease(work_, holder_, kLength);
    if (mine.ok()) until_ = *mine ? asked + kLength - kMargin : absl::InfinitePast();
    next_ask_ = absl::Now() + kInterval;
  }
  return absl::Now() < until_;
}

void Shift::End() {
  if (until_ == absl::InfinitePast()) return;
  until_ = absl::InfinitePast();
  // Where the store does not answer, the shift ends by itself.
  engine_.Lease(work_, holder_, absl::ZeroDuration()).IgnoreError();
}

}  // namespace sales::service
