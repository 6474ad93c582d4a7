// Runs: what clients waited for, and declines with what came of them. Facts of a lead that reports
// count, worked out when it is written and told by its events.
#ifndef SALES_SRC_DECIDE_RUNS_H_
#define SALES_SRC_DECIDE_RUNS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace sales {

enum class RunKind { kResponse, kProposal };

// From asking to the answer, or to the proposal.
struct Run {
  RunKind kind = RunKind::kResponse;
  absl::Time start;
  // By the calendar and the policy that were in force when it began; unset: no limit.
  std::optional<absl::Time> due;
  std::optional<absl::Time> stop;
  // It stopped because the lead was closed or put to nurture.
  bool dropped = false;
  // In working time; of runs that were done.
  absl::Duration elapsed;

  bool open() const { return !stop.has_value(); }
  friend bool operator==(const Run& a, const Run& b) {
    return a.kind == b.kind && a.start == b.start && a.due == b.due && a.stop == b.stop &&
           a.dropped == b.dropped && a.elapsed == b.elapsed;
  }
};

// "R:start:due:stop:elapsed" or "P:…": microseconds, due and stop after the start, empty where
// unset; "x" for the elapsed time of a dropped one.
std::string EncodeRun(const Run& run);
std::optional<Run> DecodeRun(std::string_view text);

struct Decline {
  absl::Time time;
  std::string reason;
  std::string stage;
  // Who decided.
  std::string actor;
  // What it was argued by.
  bool better = false;
  bool price = false;
  bool differ = false;
  // When the contact first came again, with a later lead or by reopening this one.
  std::optional<absl::Time> return_time;
  // Leads of people whom the contact sent.
  int64_t referrals = 0;
  // Of leads that came back or were sent.
  int64_t won = 0;
  int64_t revenue = 0;

  friend bool operator==(const Decline& a, const Decline& b) {
    return a.time == b.time && a.reason == b.reason && a.stage == b.stage && a.actor == b.actor &&
           a.better == b.better && a.price == b.price && a.differ == b.differ &&
           a.return_time == b.return_time && a.referrals == b.referrals && a.won == b.won &&
           a.revenue == b.revenue;
  }
};

// "time:reason:stage:arguments:return_time:referrals:won:revenue:actor", arguments of the letters
// b, p and d.
std::string EncodeDecline(const Decline& decline);
std::optional<Decline> DecodeDecline(std::string_view text);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_RUNS_H_
