// Tallies of any window are the sum of its days, whichever periods they are read from.
#include "src/store/tally_rows.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "src/store/migrations/migrations.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

using Sums = std::map<std::pair<std::string, int64_t>, int64_t>;

constexpr absl::CivilDay kFirst(2023, 11, 1);
constexpr int kDays = 1'200;

class TallyRows : public ::testing::Test {
 protected:
  void SetUp() override {
    driver_ = *OpenDriver(scratch_.Options(), store::AllMigrations(), absl::Now());
    db_ = *driver_->Connect(Connection::Mode::kWrite);
    ASSERT_TRUE(db_->Begin(Connection::Mode::kWrite).ok());
  }

  int Below(int end) { return static_cast<int>(random_() % static_cast<uint32_t>(end)); }

  // Counts of a metric on many days, in several writes, some of which take away.
  void Count(Metric metric, TallyTable& all) {
    for (int write = 0; write < 4; ++write) {
      TallyTable some;
      for (int i = 0; i < 400; ++i) {
        Cell cell;
        cell.metric = metric;
        cell.key = "";
        cell.detail = i % 2 == 0 ? "" : "new";
        cell.day = kFirst + Below(kDays);
        cell.bucket = Below(40);
        AddToCell(cell, 1 + Below(3) - (write == 3 ? 2 : 0), some);
      }
      ASSERT_TRUE(store::AddToTallies(*db_, "studio", some).ok());
      for (const auto& [cell, n] : some) AddToCell(cell, n, all);
    }
  }

  Window AnyWindow() {
    Window window;
    const absl::CivilDay start = kFirst + Below(kDays);
    const int days[] = {1, 20, 70, 366, 800};
    if (Below(6) != 0) window.start = Below(4) == 0 ? absl::CivilDay(start.year(), 1, 1) : start;
    if (Below(6) != 0) window.end = start + 1 + Below(days[Below(5)]);
    if (Below(8) == 0) window.end = absl::CivilDay(start.year() + 1, 1, 1);
    return window;
  }

  Sums Read(Sheet sheet, const Window& window) {
    Sums sums;
    const Sheet sheets[] = {sheet};
    store::TallyRange range;
    range.window = window;
    range.sheets = sheets;
    const absl::Status read =
        store::ReadTallies(*db_, "studio", range, [&](const store::TallyGroup& group) {
          for (const auto& [bucket, n] : group.counts) {
            sums[{std::string(group.detail), bucket}] += n;
          }
        });
    EXPECT_TRUE(read.ok()) << read;
    return WithoutZeros(sums);
  }

  static Sums Expected(const TallyTable& all, const Window& window) {
    Sums sums;
    for (const auto& [cell, n] : all) {
      if (InWindow(window, cell.day)) sums[{cell.detail, cell.bucket}] += n;
    }
    return WithoutZeros(sums);
  }

  static Sums WithoutZeros(const Sums& sums) {
    Sums some;
    for (const auto& [place, n] : sums) {
      if (n != 0) some[place] = n;
    }
    return some;
  }

  static bool InWindow(const Window& window, absl::CivilDay day) {
    return (!window.start.has_value() || *window.start <= day) &&
           (!window.end.has_value() || day < *window.end);
  }

  const Scratch scratch_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> db_;
  std::mt19937 random_{20'261'129};
};

TEST_F(TallyRows, OfAnyWindowAreThoseOfItsDays) {
  // Kept by days, months and years; by days and months; by days alone.
  for (const Metric metric : {Metric::kResponseTime, Metric::kClosed, Metric::kPipelineValues}) {
    TallyTable all;
    Count(metric, all);
    for (int i = 0; i < 400; ++i) {
      const Window window = AnyWindow();
      EXPECT_EQ(Read(SheetOf(metric), window), Expected(all, window))
          << "metric " << static_cast<int>(metric) << " round " << i;
    }
  }
}

TEST_F(TallyRows, OfSeveralRangesAreThoseOfEach) {
  TallyTable all;
  Count(Metric::kClosed, all);
  const Sheet sheets[] = {SheetOf(Metric::kClosed)};
  const std::set<std::string, std::less<>> nobody;
  const std::set<std::string, std::less<>> others = {"somebody"};
  std::vector<store::TallyRange> ranges(5);
  for (store::TallyRange& range : ranges) {
    range.window = AnyWindow();
    range.sheets = sheets;
  }
  ranges[1].keys = &nobody;
  ranges[3].keys = &others;
  std::vector<Sums> sums(ranges.size());
  ASSERT_TRUE(
      store::ReadTallies(*db_, "studio", ranges,
                         [&](const store::TallyRange& range, const store::TallyGroup& group) {
                           Sums& of_range = sums[&range - ranges.data()];
                           for (const auto& [bucket, n] : group.counts) {
                             of_range[{std::string(group.detail), bucket}] += n;
                           }
                         })
          .ok());
  for (const size_t i : {0, 2, 4}) {
    EXPECT_EQ(WithoutZeros(sums[i]), Expected(all, ranges[i].window));
  }
  EXPECT_TRUE(sums[1].empty());
  EXPECT_TRUE(sums[3].empty());
}

TEST_F(TallyRows, ThatDifferInAYearAloneAreFaults) {
  TallyTable all;
  Count(Metric::kResponseTime, all);
  EXPECT_EQ(*store::CountTallyFaults(*db_, "studio", all), 0);
  ASSERT_TRUE(
      db_->Apply("UPDATE tallies SET counts = '' WHERE grain = 2 AND period = 2024", {}).ok());
  EXPECT_GT(*store::CountTallyFaults(*db_, "studio", all), 0);
}

}  // namespace
}  // namespace sales::sql
