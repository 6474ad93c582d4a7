// The speed report, made of summed tallies.
#ifndef SALES_SRC_DECIDE_REPORT_SPEED_H_
#define SALES_SRC_DECIDE_REPORT_SPEED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "sales/report.h"
#include "sales/speed.h"
#include "src/decide/fold.h"
#include "src/decide/report_filter.h"
#include "src/decide/runs.h"
#include "src/decide/tally.h"
#include "src/decide/tally_sum.h"

namespace sales {

// Whether the metric is one of those that speed is figured from: they are in the sheets kCounts and
// kSpeed.
bool IsOfSpeed(Metric metric);

// Figures of the responses or the proposals that are counted in `sums`. `not_due`: how many of the
// open ones have a limit that they have not passed. Every other open one that has a limit is
// overdue, so that these few are all that is looked up by the clock.
SpeedFigures SpeedFiguresOf(const TallySum& sums, RunKind kind, int64_t not_due);

// How many runs are open and not due yet.
struct WaitingCounts {
  int64_t responses = 0;
  int64_t proposals = 0;

  int64_t& Of(RunKind kind) { return kind == RunKind::kResponse ? responses : proposals; }
};

// Tallies of one place, and what waits there.
struct SpeedSums {
  TallySum sums;
  WaitingCounts waiting;
};

// What a speed report is made of. The seller whose id is empty is nobody.
struct SpeedParts {
  SpeedSums total;
  std::map<std::string, SpeedSums, std::less<>> sellers;
  std::map<std::string, SpeedSums, std::less<>> channels;
  std::map<int, SpeedSums> hours;

  // Adds counts of any dimension.
  void AddCells(Dimension dimension, std::string_view key, Metric metric, std::string_view detail,
                absl::Span<const BucketCount> counts);
  // Adds a run that is open and not due, so far as it counts.
  void AddWaiting(const Run& run, const std::string& seller, const std::string& channel,
                  const Window& window, absl::TimeZone zone);
};

// The parts of a fold's selected leads.
SpeedParts SpeedPartsOf(const Fold& fold, const Selection& selection, const Window& window,
                        absl::Time now, absl::TimeZone zone);

SpeedReport MakeSpeedReport(const ReportQuery& query, int64_t as_of_revision,
                            const SpeedParts& parts);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_SPEED_H_
