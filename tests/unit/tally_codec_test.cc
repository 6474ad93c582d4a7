#include "src/store/tally_codec.h"

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/decide/errors.h"

namespace sales::store {
namespace {

using Place = std::tuple<Metric, std::string, int64_t>;

std::map<Place, int64_t> Read(const std::string& sheet) {
  std::map<Place, int64_t> counts;
  SheetReader reader(sheet);
  SheetCount count;
  while (reader.Next(count)) {
    counts[{count.metric, std::string(count.detail), count.bucket}] += count.n;
  }
  EXPECT_TRUE(reader.ok()) << sheet;
  return counts;
}

std::string Added(const std::string& sheet, const std::vector<SheetCount>& deltas) {
  std::string sum;
  EXPECT_TRUE(AddToSheet(sheet, deltas, sum).ok());
  return sum;
}

TEST(TallySheet, HoldsEachCountOnceInOrder) {
  const std::string sheet = Added("", {{Metric::kReceived, "", 0, 2},
                                       {Metric::kStageTime, "contacted", -3, 1},
                                       {Metric::kStageTime, "contacted", 512, 7},
                                       {Metric::kStageTime, "new", 512, 1}});
  EXPECT_EQ(sheet, "1: 0=2;12:contacted -3=1 512=7;12:new 512=1;");
}

TEST(TallySheet, DropsWhatBecomesZero) {
  const std::string sheet =
      Added("", {{Metric::kReceived, "", 0, 2}, {Metric::kState, "OPEN", 0, 2}});
  EXPECT_EQ(Added(sheet, {{Metric::kState, "OPEN", 0, -2}}), "1: 0=2;");
  EXPECT_EQ(Added("1: 0=2;", {{Metric::kReceived, "", 0, -2}}), "");
}

TEST(TallySheet, WrapsAndTakesBack) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const std::string most = Added("", {{Metric::kRevenue, "", 0, kMost}});
  const std::string over = Added(most, {{Metric::kRevenue, "", 0, 5}});
  EXPECT_EQ(Added(over, {{Metric::kRevenue, "", 0, -5}}), most);
}

TEST(TallySheet, IsReadByGroupsAsByCounts) {
  const std::string sheet =
      "1: 0=2;12:contacted -3=1 512=-7 9223372036854775807=-9223372036854775808;12:new "
      "1000000000000000000=999999999999999999;13:new 1=1;";
  std::map<Place, int64_t> counts;
  const auto wants = [](Metric metric) { return metric != Metric::kStageTimeSum; };
  SheetReader reader(sheet, wants);
  SheetGroup group;
  size_t groups = 0;
  while (reader.NextGroup(group)) {
    ++groups;
    for (const auto& [bucket, n] : group.counts) {
      counts[{group.metric, std::string(group.detail), bucket}] += n;
    }
  }
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(groups, 3u);
  std::map<Place, int64_t> expected = Read(sheet);
  expected.erase({Metric::kStageTimeSum, "new", 1});
  EXPECT_EQ(counts, expected);
  EXPECT_EQ(counts.size(), 5u);
}

TEST(TallySheet, EqualsAMapAfterRandomChanges) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    const std::vector<std::string> details = {"", "OPEN", "new", "new/LOST", "start_of_work"};
    std::map<Place, int64_t> expected;
    std::string sheet;
    for (int round = 0; round < 200; ++round) {
      std::map<Place, int64_t> changes;
      for (uint32_t i = random() % 8; i > 0; --i) {
        changes[{static_cast<Metric>(1 + random() % 13), details[random() % details.size()],
                 static_cast<int64_t>(random() % 5) - 1}] = static_cast<int64_t>(random() % 7) - 3;
      }
      std::vector<SheetCount> deltas;
      for (const auto& [place, n] : changes) {
        deltas.push_back({std::get<0>(place), std::get<1>(place), std::get<2>(place), n});
        expected[place] += n;
        if (expected[place] == 0) expected.erase(place);
      }
      sheet = Added(sheet, deltas);
      ASSERT_EQ(Read(sheet), expected) << "seed " << seed << " round " << round;
    }
  }
}

TEST(TallySheet, ThatCannotBeReadIsCorrupt) {
  for (const char* sheet : {"1", "1:", "1:;", "x: 0=1;", "1: 0;", "1: 0=;", "1: 0=1", "1: =1;",
                            "1: 0=1 ;", "1: 0=99999999999999999999;"}) {
    std::string sum = "as before";
    const absl::Status status = AddToSheet(sheet, {}, sum);
    EXPECT_EQ(ReasonOf(status), Reason::kStoreCorrupt) << sheet;
    EXPECT_EQ(sum, "as before");
  }
}

}  // namespace
}  // namespace sales::store
