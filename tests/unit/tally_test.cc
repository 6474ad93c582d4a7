#include "src/decide/tally.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/unit/random_history.h"

namespace sales {
namespace {

constexpr int kSteps = 4'000;

absl::TimeZone Amsterdam() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  return zone;
}

// A cell of all leads of the funnel "five".
Cell CellOf(absl::CivilDay day, Metric metric, std::string detail = "", int64_t bucket = 0) {
  Cell cell;
  cell.funnel = "five";
  cell.day = day;
  cell.metric = metric;
  cell.detail = std::move(detail);
  cell.bucket = bucket;
  return cell;
}

int64_t CountIn(const TallyTable& table, Cell cell) {
  const auto found = table.find(cell);
  return found == table.end() ? 0 : found->second;
}

Track OpenLead(absl::Time receive_time) {
  Track track;
  track.funnel = "five";
  track.channel = "ads";
  track.state = LeadState::kOpen;
  track.stage = "asked";
  track.furthest = "asked";
  track.receive_time = receive_time;
  track.visits = {{"asked", receive_time, std::nullopt}};
  return track;
}

TEST(AddDifference, StepByStepIsTheSameAsAtOnce) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    testing::RandomHistory history(seed);
    TallyTable steps;
    history.on_track = [&](const Track& before, const Track& after) {
      AddDifference(before, after, Amsterdam(), steps);
    };
    for (int i = 0; i < kSteps; ++i) history.Step();
    TallyTable at_once;
    for (const auto& [lead, track] : history.tracks()) {
      AddDifference(Track{}, track, Amsterdam(), at_once);
    }
    EXPECT_EQ(steps, at_once) << "seed " << seed;
  }
}

TEST(AddDifference, TakenBackLeavesNothing) {
  testing::RandomHistory history(7);
  for (int i = 0; i < kSteps; ++i) history.Step();
  TallyTable table;
  for (const auto& [lead, track] : history.tracks()) {
    AddDifference(Track{}, track, Amsterdam(), table);
  }
  for (const auto& [lead, track] : history.tracks()) {
    AddDifference(track, Track{}, Amsterdam(), table);
  }
  EXPECT_TRUE(table.empty());
}

TEST(AddDifference, OfBatchesMergesExactly) {
  testing::RandomHistory history(8);
  TallyTable whole;
  TallyTable merged;
  TallyTable batch;
  int steps = 0;
  auto merge = [&] {
    for (const auto& [cell, n] : batch) merged[cell] += n;
    batch.clear();
  };
  history.on_track = [&](const Track& before, const Track& after) {
    AddDifference(before, after, Amsterdam(), whole);
    AddDifference(before, after, Amsterdam(), batch);
    if (++steps % 37 == 0) merge();
  };
  for (int i = 0; i < kSteps; ++i) history.Step();
  merge();
  for (const auto& [cell, n] : merged) EXPECT_EQ(n, CountIn(whole, cell));
  for (const auto& [cell, n] : whole) EXPECT_EQ(n, CountIn(merged, cell));
}

TEST(AddDifference, OfChannelsSumsToAll) {
  testing::RandomHistory history(9);
  for (int i = 0; i < kSteps; ++i) history.Step();
  TallyTable table;
  for (const auto& [lead, track] : history.tracks()) {
    AddDifference(Track{}, track, Amsterdam(), table);
  }
  using Place = std::tuple<std::string, absl::CivilDay, Metric, std::string, int64_t>;
  std::map<Place, int64_t> all;
  std::map<Place, int64_t> channels;
  for (const auto& [cell, n] : table) {
    // Kept for everything only.
    if (cell.metric == Metric::kResponseAskedHour || cell.metric == Metric::kResponseDroppedHour) {
      continue;
    }
    const Place place(cell.funnel, cell.day, cell.metric, cell.detail, cell.bucket);
    if (cell.dimension == Dimension::kAll) all[place] += n;
    if (cell.dimension == Dimension::kChannel) channels[place] += n;
  }
  EXPECT_EQ(channels, all);
}

TEST(AddDifference, OfStatesLeftAndFurthestEachSumToReceived) {
  testing::RandomHistory history(10);
  for (int i = 0; i < kSteps; ++i) history.Step();
  TallyTable table;
  for (const auto& [lead, track] : history.tracks()) {
    AddDifference(Track{}, track, Amsterdam(), table);
  }
  std::map<Metric, int64_t> sums;
  for (const auto& [cell, n] : table) {
    if (cell.dimension == Dimension::kAll) sums[cell.metric] += n;
  }
  EXPECT_EQ(sums[Metric::kReceived], static_cast<int64_t>(history.tracks().size()));
  EXPECT_EQ(sums[Metric::kState], sums[Metric::kReceived]);
  EXPECT_EQ(sums[Metric::kLeft], sums[Metric::kReceived]);
  EXPECT_EQ(sums[Metric::kFurthest] + sums[Metric::kWon], sums[Metric::kReceived]);
}

TEST(AddDifference, CountsDaysInTheWorkspacesZone) {
  // 23:30 UTC on New Year's Eve is the next year in Amsterdam.
  const absl::Time time =
      absl::FromCivil(absl::CivilMinute(2025, 12, 31, 23, 30), absl::UTCTimeZone());
  TallyTable table;
  AddDifference(Track{}, OpenLead(time), Amsterdam(), table);
  EXPECT_EQ(CountIn(table, CellOf(absl::CivilDay(2026, 1, 1), Metric::kReceived)), 1);
}

TEST(AddDifference, CountsAWinBeforeReceivingAsNegativeDays) {
  const absl::Time time = absl::FromUnixSeconds(1'700'000'000);
  Track won = OpenLead(time);
  won.state = LeadState::kWon;
  won.close_time = time - absl::Hours(48);
  TallyTable table;
  AddDifference(Track{}, won, absl::UTCTimeZone(), table);
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  EXPECT_EQ(CountIn(table, CellOf(day, Metric::kDaysToWin, "", -2)), 1);
}

TEST(AddDifference, SumsMoreMicrosecondsThanFitIntoAWord) {
  // Thirty years each.
  constexpr int64_t kLeads = 100'000;
  constexpr int64_t kHours = 30 * 365 * 24;
  const absl::Time time = absl::FromUnixSeconds(1'700'000'000);
  Track lost = OpenLead(time);
  lost.state = LeadState::kLost;
  lost.visits[0].leave_time = time + absl::Hours(kHours) + absl::Microseconds(7);
  TallyTable table;
  for (int64_t i = 0; i < kLeads; ++i) AddDifference(Track{}, lost, absl::UTCTimeZone(), table);
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  EXPECT_EQ(CountIn(table, CellOf(day, Metric::kStageTimeSum, "asked", kSumSeconds)),
            kLeads * kHours * 3600);
  EXPECT_EQ(CountIn(table, CellOf(day, Metric::kStageTimeSum, "asked", kSumMicros)), kLeads * 7);
}

TEST(AddSpend, OfACampaignIsTheChannelsToo) {
  TallyTable table;
  const absl::CivilDay day(2026, 1, 31);
  AddSpend("ads", "spring", day, 100, table);
  AddSpend("ads", "", day, 20, table);
  Cell cell = CellOf(day, Metric::kSpend);
  cell.funnel.clear();
  EXPECT_EQ(CountIn(table, cell), 120);
  cell.dimension = Dimension::kChannel;
  cell.key = "ads";
  EXPECT_EQ(CountIn(table, cell), 120);
  cell.dimension = Dimension::kCampaign;
  cell.key = "ads/spring";
  EXPECT_EQ(CountIn(table, cell), 100);
}

TEST(DurationBucket, IsWithinOnePercentFromAMicrosecondToFiftyYears) {
  const double end = 50.0 * 365.25 * 86400 * 1e6;
  double worst = 0;
  for (double micros = 1; micros < end; micros = std::ceil(micros * 1.0007 + 0.1)) {
    const absl::Duration duration = absl::Microseconds(static_cast<int64_t>(micros));
    const absl::Duration kept = BucketDuration(DurationBucket(duration));
    worst = std::max(worst, std::abs(absl::FDivDuration(kept - duration, duration)));
  }
  EXPECT_LE(worst, 0.01 + 1e-9);
  RecordProperty("worst_relative_error", std::to_string(worst));
}

TEST(DurationBucket, GrowsWithTheDuration) {
  int64_t last = DurationBucket(absl::ZeroDuration());
  EXPECT_EQ(last, 0);
  for (int64_t micros = 1; micros < int64_t{1} << 50; micros *= 2) {
    const int64_t bucket = DurationBucket(absl::Microseconds(micros));
    EXPECT_GT(bucket, last);
    last = bucket;
  }
}

TEST(DurationBucket, OfNoTimeStandsForNoTime) {
  EXPECT_EQ(DurationBucket(-absl::Hours(1)), 0);
  EXPECT_EQ(BucketDuration(0), absl::ZeroDuration());
}

}  // namespace
}  // namespace sales
