#include "src/decide/tally_sum.h"

#include "src/decide/statistics.h"

namespace sales {
namespace {

constexpr double kMedian = 0.5;
constexpr double kP90 = 0.9;

}  // namespace

BucketCounts& TallySum::CountsAt(Metric metric, std::string_view detail) {
  if (last_.counts == nullptr || last_.place != PlaceView(metric, detail)) {
    auto place = counts_.find(PlaceView(metric, detail));
    if (place == counts_.end()) {
      place = counts_.emplace(Place(metric, detail), BucketCounts()).first;
    }
    last_.counts = &place->second;
    last_.place = PlaceView(place->first.first, place->first.second);
  }
  return *last_.counts;
}

void TallySum::Add(Metric metric, std::string_view detail, int64_t bucket, int64_t n) {
  CountsAt(metric, detail).Add(bucket, n);
}

void TallySum::Add(Metric metric, std::string_view detail, absl::Span<const BucketCount> counts,
                   int64_t sign) {
  BucketCounts& sums = CountsAt(metric, detail);
  for (const BucketCount& count : counts) sums.Add(count.bucket, sign * count.n);
}

int64_t TallySum::Get(Metric metric, std::string_view detail, int64_t bucket) const {
  const auto place = counts_.find(PlaceView(metric, detail));
  return place == counts_.end() ? 0 : place->second.Get(bucket);
}

std::vector<std::string> TallySum::Details(Metric metric) const {
  std::vector<std::string> details;
  for (auto place = counts_.lower_bound(PlaceView(metric, ""));
       place != counts_.end() && place->first.first == metric; ++place) {
    details.push_back(place->first.second);
  }
  return details;
}

std::vector<std::pair<int64_t, int64_t>> TallySum::Buckets(Metric metric,
                                                           std::string_view detail) const {
  const auto place = counts_.find(PlaceView(metric, detail));
  if (place == counts_.end()) return {};
  return place->second.Positive();
}

DurationFigures TallySum::Durations(Metric buckets, Metric sum, std::string_view detail) const {
  DurationFigures figures;
  std::vector<WeightedValue> values;
  for (const auto& [bucket, count] : Buckets(buckets, detail)) {
    values.emplace_back(absl::ToDoubleMicroseconds(BucketDuration(bucket)), count);
    figures.count += count;
  }
  if (figures.count == 0) return figures;
  const absl::Duration total = absl::Seconds(Get(sum, detail, kSumSeconds)) +
                               absl::Microseconds(Get(sum, detail, kSumMicros));
  figures.mean = total / figures.count;
  figures.median = absl::Microseconds(Quantile(values, kMedian));
  figures.p90 = absl::Microseconds(Quantile(values, kP90));
  return figures;
}

DayFigures TallySum::Days(Metric buckets) const {
  DayFigures figures;
  std::vector<WeightedValue> values;
  for (const auto& [days, count] : Buckets(buckets, "")) {
    values.emplace_back(static_cast<double>(days), count);
    figures.count += count;
    figures.sum += days * count;
  }
  if (figures.count == 0) return figures;
  figures.mean = static_cast<double>(figures.sum) / static_cast<double>(figures.count);
  figures.median = Quantile(values, kMedian);
  figures.p90 = Quantile(values, kP90);
  return figures;
}

OutcomeCounts TallySum::Outcomes(Metric metric) const {
  OutcomeCounts outcomes;
  for (const std::string& name : Details(metric)) {
    AddOutcome(ParseLeadState(name).value_or(LeadState::kUnspecified), Get(metric, name), outcomes);
  }
  return outcomes;
}

void AddOutcome(LeadState state, int64_t n, OutcomeCounts& counts) {
  switch (state) {
    case LeadState::kUnspecified:
      return;
    case LeadState::kOpen:
      counts.open += n;
      return;
    case LeadState::kNurtured:
      counts.nurtured += n;
      return;
    case LeadState::kWon:
      counts.won += n;
      return;
    case LeadState::kDeclined:
      counts.declined += n;
      return;
    case LeadState::kLost:
      counts.lost += n;
      return;
    case LeadState::kDisqualified:
      counts.disqualified += n;
      return;
  }
}

bool InWindow(const Window& window, absl::CivilDay day) {
  return (!window.start.has_value() || *window.start <= day) &&
         (!window.end.has_value() || day < *window.end);
}

}  // namespace sales
