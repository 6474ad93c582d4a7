#include "src/decide/forecast_simulation.h"

#include <algorithm>

#include "absl/numeric/bits.h"
#include "absl/numeric/int128.h"
#include "src/decide/draws.h"

namespace sales {
namespace {

constexpr int64_t kLanes = 64;
constexpr int kTenths = 10;

// Leads of one chance, side by side: each place is the number of its group.
struct Row {
  int percent = 0;
  std::vector<size_t> places;
};

std::vector<Row> RowsOf(const std::vector<ForecastGroup>& groups) {
  std::vector<Row> rows;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (rows.empty() || rows.back().percent != groups[i].percent) {
      rows.push_back({groups[i].percent, {}});
    }
    rows.back().places.insert(rows.back().places.end(), static_cast<size_t>(groups[i].leads), i);
  }
  return rows;
}

// One round under way.
struct Round {
  std::vector<int64_t> stages;
  std::vector<int64_t> months;
  int64_t total = 0;

  void Add(const ForecastGroup& group, int64_t wins) {
    const int64_t value = wins * group.value;
    total += value;
    stages[group.stage] += value;
    months[group.month] += value;
  }
};

void DrawRow(const std::vector<ForecastGroup>& groups, const Row& row, Draws& draws, Round& round) {
  for (size_t first = 0; first < row.places.size(); first += kLanes) {
    const size_t count = std::min<size_t>(kLanes, row.places.size() - first);
    uint64_t won = draws.Bits(row.percent);
    if (count < kLanes) won &= (uint64_t{1} << count) - 1;
    const size_t* const places = row.places.data() + first;
    if (places[0] == places[count - 1]) {
      round.Add(groups[places[0]], absl::popcount(won));
      continue;
    }
    for (; won != 0; won &= won - 1) round.Add(groups[places[absl::countr_zero(won)]], 1);
  }
}

}  // namespace

ForecastDraws DrawForecast(const std::vector<ForecastGroup>& groups, size_t stages, size_t months,
                           int rounds, uint64_t seed) {
  const std::vector<Row> rows = RowsOf(groups);
  ForecastDraws drawn;
  const auto count = static_cast<size_t>(rounds);
  drawn.total.reserve(count);
  drawn.stages.assign(stages, {});
  drawn.months.assign(months, {});
  for (std::vector<int64_t>& sums : drawn.stages) sums.reserve(count);
  for (std::vector<int64_t>& sums : drawn.months) sums.reserve(count);
  Draws draws(seed);
  for (int i = 0; i < rounds; ++i) {
    Round round{std::vector<int64_t>(stages, 0), std::vector<int64_t>(months, 0), 0};
    for (const Row& row : rows) DrawRow(groups, row, draws, round);
    drawn.total.push_back(round.total);
    for (size_t stage = 0; stage < stages; ++stage) {
      drawn.stages[stage].push_back(round.stages[stage]);
    }
    for (size_t month = 0; month < months; ++month) {
      drawn.months[month].push_back(round.months[month]);
    }
  }
  std::sort(drawn.total.begin(), drawn.total.end());
  for (std::vector<int64_t>& sums : drawn.stages) std::sort(sums.begin(), sums.end());
  for (std::vector<int64_t>& sums : drawn.months) std::sort(sums.begin(), sums.end());
  return drawn;
}

int64_t QuantileOf(const std::vector<int64_t>& values, int tenths) {
  const int64_t position = static_cast<int64_t>(values.size() - 1) * tenths;
  const auto rank = static_cast<size_t>(position / kTenths);
  const int64_t low = values[rank];
  const int64_t rest = position % kTenths;
  if (rest == 0) return low;
  const absl::int128 part = (absl::int128(values[rank + 1]) - low) * rest;
  return low + static_cast<int64_t>((part + kTenths / 2) / kTenths);
}

}  // namespace sales
