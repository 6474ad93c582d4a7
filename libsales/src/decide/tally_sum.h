// Tallies summed over a window: what reports are made of.
#ifndef SALES_SRC_DECIDE_TALLY_SUM_H_
#define SALES_SRC_DECIDE_TALLY_SUM_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "sales/report.h"
#include "src/decide/bucket_counts.h"
#include "src/decide/tally.h"

namespace sales {

// The tallies of one place (a key of a dimension), summed over days and, where a report is of
// every funnel, over funnels.
class TallySum {
 public:
  void Add(Metric metric, std::string_view detail, int64_t bucket, int64_t n);
  // Adds the counts times `sign`.
  void Add(Metric metric, std::string_view detail, absl::Span<const BucketCount> counts,
           int64_t sign = 1);

  int64_t Get(Metric metric, std::string_view detail = {}, int64_t bucket = 0) const;
  // Every detail that the metric has a count under, ascending.
  std::vector<std::string> Details(Metric metric) const;
  // The buckets of a metric with their counts, ascending.
  std::vector<std::pair<int64_t, int64_t>> Buckets(Metric metric, std::string_view detail) const;

  // Figures over the durations of `buckets`, whose sum is in `sum`.
  DurationFigures Durations(Metric buckets, Metric sum, std::string_view detail) const;
  // Figures over whole days, which the buckets are.
  DayFigures Days(Metric buckets) const;
  // Of details that are states.
  OutcomeCounts Outcomes(Metric metric) const;

 private:
  using Place = std::pair<Metric, std::string>;
  using PlaceView = std::pair<Metric, std::string_view>;
  struct Less {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return a.first != b.first ? a.first < b.first
                                : std::string_view(a.second) < std::string_view(b.second);
    }
  };

  BucketCounts& CountsAt(Metric metric, std::string_view detail);

  // Where the last count went. Of a sheet many come for one place, one after another. Forgotten by
  // copies, which have places of their own.
  struct LastPlace {
    LastPlace() = default;
    LastPlace(const LastPlace&) {}
    LastPlace& operator=(const LastPlace&) {
      counts = nullptr;
      return *this;
    }

    BucketCounts* counts = nullptr;
    PlaceView place;
  };

  std::map<Place, BucketCounts, Less> counts_;
  LastPlace last_;
};

// Adds to the count of the state, which is none of `counts` for kUnspecified.
void AddOutcome(LeadState state, int64_t n, OutcomeCounts& counts);

// Whether the day lies in the window.
bool InWindow(const Window& window, absl::CivilDay day);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_TALLY_SUM_H_
