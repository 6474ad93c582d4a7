// Attribution: each model by hand on short paths, and all of them on paths of a real shop against
// what others worked out of the same paths.
#include "src/decide/attribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/decide/contact_paths.h"
#include "src/decide/report_attribution.h"

namespace sales {
namespace {

#ifndef SALES_DATA
#define SALES_DATA "../shared/data"
#endif

using Times = std::vector<int64_t>;
using Weights = std::vector<uint64_t>;
using Shares = std::vector<int64_t>;

constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000;
// SPEC 8.3.
constexpr int64_t kHalfLife = 7 * kDay;

// How 100 are shared by the touches.
Shares Percents(TouchModel model, const Times& times) {
  return Apportion(100, TouchWeights(model, times));
}

TEST(TouchWeights, OfNoTouchesAreNone) {
  for (const TouchModel model : kTouchModels) EXPECT_EQ(TouchWeights(model, {}), Weights());
}

TEST(TouchWeights, GiveASingleTouchAll) {
  for (const TouchModel model : kTouchModels) EXPECT_EQ(Percents(model, {kDay}), Shares({100}));
}

TEST(TouchWeights, GiveTheFirstTouchAll) {
  EXPECT_EQ(Percents(TouchModel::kFirst, {0, 1}), Shares({100, 0}));
  EXPECT_EQ(Percents(TouchModel::kFirst, {0, 1, 2, 3}), Shares({100, 0, 0, 0}));
}

TEST(TouchWeights, GiveTheLastTouchAll) {
  EXPECT_EQ(Percents(TouchModel::kLast, {0, 1}), Shares({0, 100}));
  EXPECT_EQ(Percents(TouchModel::kLast, {0, 1, 2, 3}), Shares({0, 0, 0, 100}));
}

TEST(TouchWeights, GiveEveryTouchTheSame) {
  EXPECT_EQ(Percents(TouchModel::kLinear, {0, 1}), Shares({50, 50}));
  EXPECT_EQ(Percents(TouchModel::kLinear, {0, 1, 2, 900}), Shares({25, 25, 25, 25}));
}

TEST(TouchWeights, ShareThePlaceOfTheMissingMiddleByBothEnds) {
  // 40 : 40, with nothing between.
  EXPECT_EQ(Percents(TouchModel::kPosition, {0, 1}), Shares({50, 50}));
}

TEST(TouchWeights, GiveBothEndsFortyPercentAndTheRestToThoseBetween) {
  EXPECT_EQ(Percents(TouchModel::kPosition, {0, 1, 2}), Shares({40, 20, 40}));
  EXPECT_EQ(Percents(TouchModel::kPosition, {0, 1, 2, 3}), Shares({40, 10, 10, 40}));
  EXPECT_EQ(Percents(TouchModel::kPosition, {0, 1, 2, 3, 4, 5}), Shares({40, 5, 5, 5, 5, 40}));
}

TEST(TouchWeights, KeepThePercentsOfPositionOnLongPaths) {
  for (size_t count = 3; count <= 500; ++count) {
    const Weights weights = TouchWeights(TouchModel::kPosition, Times(count, 0));
    const uint64_t sum = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
    EXPECT_EQ(weights.front() * 5, sum * 2) << count;
    EXPECT_EQ(weights.back() * 5, sum * 2) << count;
  }
}

TEST(TouchWeights, HalveWithEveryHalfLife) {
  // 1/4 : 1/2 : 1 of 700.
  EXPECT_EQ(Apportion(700, TouchWeights(TouchModel::kTimeDecay, {0, kHalfLife, 2 * kHalfLife})),
            Shares({100, 200, 400}));
}

TEST(TouchWeights, OfTimeDecayAreThoseOfThePowerOfTwo) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 1000; ++round) {
    const auto age = static_cast<int64_t>(random() % static_cast<uint64_t>(20 * kHalfLife));
    const Weights weights = TouchWeights(TouchModel::kTimeDecay, {0, age});
    const double expected = std::exp2(-static_cast<double>(age) / static_cast<double>(kHalfLife));
    // The age is cut to 2^-32 half-lives, the weight to whole numbers.
    EXPECT_NEAR(static_cast<double>(weights[0]) / static_cast<double>(weights[1]), expected,
                expected * 1e-9)
        << age;
  }
}

TEST(TouchWeights, OfTimeDecayDependOnAgesOnly) {
  const Times times = {0, kDay, 3 * kDay, 3 * kDay};
  Times later = times;
  for (int64_t& time : later) time += 1'000 * kDay + 1;
  EXPECT_EQ(TouchWeights(TouchModel::kTimeDecay, times),
            TouchWeights(TouchModel::kTimeDecay, later));
}

TEST(TouchWeights, OfTimeDecayAreTheSameForTouchesAtOneInstant) {
  EXPECT_EQ(Percents(TouchModel::kTimeDecay, {5, 5, 5, 5}), Shares({25, 25, 25, 25}));
}

TEST(TouchWeights, OfTimeDecayNeverGrowWithAge) {
  Times times;
  for (int64_t i = 0; i < 600; ++i) times.push_back(i * kDay);
  const Weights weights = TouchWeights(TouchModel::kTimeDecay, times);
  EXPECT_TRUE(std::is_sorted(weights.begin(), weights.end()));
}

TEST(TouchWeights, OfTimeDecayLeaveNothingToATouchOfAnotherAge) {
  // From the first day that counts to the last: 1970 to 2199.
  EXPECT_EQ(TouchWeights(TouchModel::kTimeDecay, {0, 230 * 365 * kDay})[0], 0u);
}

TEST(Apportion, GivesWhatIsLeftToTheLargestRemainders) {
  // 10/7 each: 1.43, 2.86 and 5.71, so that the last two are rounded up.
  EXPECT_EQ(Apportion(10, Weights{1, 2, 4}), Shares({1, 3, 6}));
}

TEST(Apportion, GivesWhatIsLeftToTheFirstOfEqualRemainders) {
  EXPECT_EQ(Apportion(100, Weights{1, 1, 1}), Shares({34, 33, 33}));
  EXPECT_EQ(Apportion(2, Weights{1, 1, 1}), Shares({1, 1, 0}));
}

TEST(Apportion, GivesNothingToWhatWeighsNothing) {
  EXPECT_EQ(Apportion(7, Weights{0, 1, 0, 1}), Shares({0, 4, 0, 3}));
  EXPECT_EQ(Apportion(0, Weights{3, 4}), Shares({0, 0}));
}

TEST(Apportion, SumsToTheWholeAndRoundsNoShareByMoreThanOne) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 2000; ++round) {
    Weights weights(1 + random() % 40);
    for (uint64_t& weight : weights) weight = random() >> (8 + random() % 50);
    weights[0] |= 1;
    const auto total = static_cast<int64_t>(random() >> (1 + random() % 60));
    const Shares shares = Apportion(total, weights);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), total);
    const auto sum =
        static_cast<long double>(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
    for (size_t i = 0; i < weights.size(); ++i) {
      const long double exact = static_cast<long double>(total) * weights[i] / sum;
      EXPECT_LT(std::fabs(static_cast<long double>(shares[i]) - exact), 1.01L);
    }
  }
}

TEST(Apportion, SharesTheGreatestTotalWithoutOverflow) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr uint64_t kHalf = uint64_t{1} << 62;
  EXPECT_EQ(Apportion(kMost, Weights{kHalf, kHalf}), Shares({kMost / 2 + 1, kMost / 2}));
}

// Paths of a contact with recorded touches through `channels`, a half-life apart; the last is the
// capture of a lead that is won at once, where one is won.
ContactTouches ContactOf(const std::vector<std::string>& channels, bool won, int64_t won_value) {
  ContactTouches contact;
  const absl::Time start = absl::FromUnixSeconds(0);
  for (size_t i = 0; i < channels.size(); ++i) {
    const absl::Time time = start + absl::Microseconds(kHalfLife) * static_cast<int64_t>(i);
    if (won && i + 1 == channels.size()) {
      contact.leads.push_back({"lead", channels[i], "funnel", time, time, true, time, won_value});
    } else {
      contact.touches.push_back({channels[i], "", time, static_cast<int64_t>(i + 1)});
    }
  }
  return contact;
}

// Adds the paths of `count` contacts that are alike.
void AddContacts(const ContactTouches& contact, int64_t count, TallySum& sums) {
  TallyTable table;
  AddPathDifference({}, contact, absl::UTCTimeZone(), table);
  for (const auto& [cell, n] : table) sums.Add(cell.metric, cell.detail, cell.bucket, n * count);
}

using CreditPlace = AttributionCredit ChannelAttribution::*;
const std::map<std::string, CreditPlace> kCredits = {
    {"first", &ChannelAttribution::first},      {"last", &ChannelAttribution::last},
    {"linear", &ChannelAttribution::linear},    {"position", &ChannelAttribution::position},
    {"decay", &ChannelAttribution::time_decay}, {"markov", &ChannelAttribution::markov}};

std::map<std::string, double> ConversionsOf(const AttributionReport& report, CreditPlace place) {
  std::map<std::string, double> conversions;
  for (const ChannelAttribution& row : report.rows) {
    conversions[row.channel] = (row.*place).conversions;
  }
  return conversions;
}

TEST(AttributionReport, AddsUpWhatTouchesOfOneChannelAreCreditedWith) {
  TallySum sums;
  // One win, of a value of 1 000, after the touches a, b, a and the capture through c.
  AddContacts(ContactOf({"a", "b", "a", "c"}, true, 1'000), 1, sums);
  const AttributionReport report = MakeAttributionReport({}, "EUR", 1, sums);
  using Row = std::map<std::string, double>;
  EXPECT_EQ(ConversionsOf(report, &ChannelAttribution::first), (Row{{"a", 1}, {"b", 0}, {"c", 0}}));
  EXPECT_EQ(ConversionsOf(report, &ChannelAttribution::last), (Row{{"a", 0}, {"b", 0}, {"c", 1}}));
  EXPECT_EQ(ConversionsOf(report, &ChannelAttribution::linear),
            (Row{{"a", .5}, {"b", .25}, {"c", .25}}));
  EXPECT_EQ(ConversionsOf(report, &ChannelAttribution::position),
            (Row{{"a", .5}, {"b", .1}, {"c", .4}}));
  // 1 : 2 : 4 : 8 of 15, to a billionth.
  EXPECT_NEAR(report.rows[0].time_decay.conversions, 5. / 15, 1e-9);
  // 333.3, 133.3 and 533.3: of equal remainders the first is rounded up.
  EXPECT_EQ(report.rows[0].time_decay.revenue.minor_units, 334);
  EXPECT_EQ(report.rows[1].time_decay.revenue.minor_units, 133);
  EXPECT_EQ(report.rows[2].time_decay.revenue.minor_units, 533);
  // a leads to b and to c alike. Without b half of the paths are left; without a or c none.
  EXPECT_NEAR(report.rows[0].removal_effect, 1, 1e-12);
  EXPECT_NEAR(report.rows[1].removal_effect, .5, 1e-12);
  EXPECT_NEAR(report.rows[2].removal_effect, 1, 1e-12);
  EXPECT_NEAR(report.rows[1].markov.conversions, .2, 1e-12);
}

TEST(AttributionReport, CreditsNobodyWhereNothingWasWon) {
  TallySum sums;
  AddContacts(ContactOf({"a", "b"}, false, 0), 3, sums);
  AddContacts(ContactOf({"a"}, false, 0), 2, sums);
  const AttributionReport report = MakeAttributionReport({}, "EUR", 1, sums);
  EXPECT_EQ(report.conversions, 0);
  EXPECT_EQ(report.paths_without_conversion, 5);
  ASSERT_EQ(report.rows.size(), 2u);
  for (const ChannelAttribution& row : report.rows) {
    for (const auto& [name, place] : kCredits) {
      EXPECT_EQ((row.*place).conversions, 0) << name;
      EXPECT_EQ((row.*place).revenue.minor_units, 0) << name;
    }
  }
}

TEST(AttributionReport, HasNoRowsWithoutPaths) {
  EXPECT_TRUE(MakeAttributionReport({}, "EUR", 1, {}).rows.empty());
}

// The paths of a shop, 12 channels; README.md beside them tells their figures.

struct DataPath {
  std::vector<std::string> channels;
  int64_t won = 0;
  double value = 0;
  int64_t lost = 0;
};

std::vector<std::string> Split(const std::string& line, const std::string& mark) {
  std::vector<std::string> cells;
  size_t start = 0;
  for (size_t end; (end = line.find(mark, start)) != std::string::npos; start = end + mark.size()) {
    cells.push_back(line.substr(start, end - start));
  }
  cells.push_back(line.substr(start));
  return cells;
}

// The cells of each line; quoted ones do not occur.
std::vector<std::vector<std::string>> ReadLines(const std::string& path) {
  std::vector<std::vector<std::string>> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(Split(line, ","));
  }
  return lines;
}

// The chance to win from the start of the chain of all paths, in which whoever comes to `removed`
// is lost: the chances x of all states solve x = Q x + r. By elimination downwards, a solve for
// each channel, of steps that are counted here.
class PlainChain {
 public:
  explicit PlainChain(const std::vector<DataPath>& paths) {
    std::map<std::string, std::map<std::string, long double>> counts;
    for (const DataPath& path : paths) {
      std::string from = "(start)";
      const auto all = static_cast<long double>(path.won + path.lost);
      for (const std::string& channel : path.channels) {
        if (channel == from) continue;
        counts[from][channel] += all;
        from = channel;
      }
      counts[from]["(won)"] += static_cast<long double>(path.won);
      counts[from]["(lost)"] += static_cast<long double>(path.lost);
    }
    for (auto& [from, steps] : counts) {
      long double sum = 0;
      for (const auto& [to, n] : steps) sum += n;
      for (auto& [to, n] : steps) n /= sum;
      names_.push_back(from);
    }
    chances_ = counts;
  }

  long double WinWithout(const std::string& removed) const {
    std::vector<std::string> names;
    for (const std::string& name : names_) {
      if (name != removed) names.push_back(name);
    }
    const size_t size = names.size();
    std::vector<std::vector<long double>> rows(size, std::vector<long double>(size + 1, 0));
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < size; ++j) {
        rows[i][j] = (i == j ? 1 : 0) - ChanceOf(names[i], names[j]);
      }
      rows[i][size] = ChanceOf(names[i], "(won)");
    }
    // The start is the first name and is left for the end: columns are removed from the last on.
    for (size_t pivot = size; pivot-- > 0;) {
      for (size_t row = 0; row < pivot; ++row) {
        const long double factor = rows[row][pivot] / rows[pivot][pivot];
        for (size_t column = 0; column <= size; ++column) {
          rows[row][column] -= factor * rows[pivot][column];
        }
      }
    }
    return names.front() == "(start)" ? rows[0][size] / rows[0][0] : -1;
  }

 private:
  long double ChanceOf(const std::string& from, const std::string& to) const {
    const auto& steps = chances_.at(from);
    const auto found = steps.find(to);
    return found == steps.end() ? 0 : found->second;
  }

  std::vector<std::string> names_;
  std::map<std::string, std::map<std::string, long double>> chances_;
};

class ChannelPaths : public ::testing::Test {
 protected:
  // Revenue in millionths: rounding each path's shares stays far below what is compared.
  static constexpr double kValueScale = 1e6;

  void SetUp() override {
    const char* given = std::getenv("SALES_DATA");
    const std::string folder =
        (given != nullptr ? given : SALES_DATA) + std::string("/channel_attribution");
    auto lines = ReadLines(folder + "/PathData.csv");
    if (lines.empty()) GTEST_SKIP() << "the paths are not there: " << folder;
    for (size_t i = 1; i < lines.size(); ++i) {
      paths_.push_back({Split(lines[i].at(0), " > "), std::stoll(lines[i].at(1)),
                        std::stod(lines[i].at(2)), std::stoll(lines[i].at(3))});
    }
    lines = ReadLines(folder + "/gold_attribution.csv");
    for (size_t i = 1; i < lines.size(); ++i) {
      for (size_t j = 1; j < lines[i].size(); ++j) {
        gold_[lines[0].at(j)][lines[i].at(0)] = std::stod(lines[i][j]);
      }
    }
    const auto start = std::chrono::steady_clock::now();
    TallySum sums;
    for (const DataPath& path : paths_) {
      // A path's value is that of all its conversions: one has it, the others none.
      if (path.won > 0) {
        AddContacts(ContactOf(path.channels, true, std::llround(path.value * kValueScale)), 1,
                    sums);
      }
      if (path.won > 1) AddContacts(ContactOf(path.channels, true, 0), path.won - 1, sums);
      if (path.lost > 0) AddContacts(ContactOf(path.channels, false, 0), path.lost, sums);
    }
    report_ = MakeAttributionReport({}, "EUR", 1, sums);
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  // The columns of the gold that are of the same definition. Its time decay has halves from touch
  // to touch, which are a half-life apart here.
  static const std::map<std::string, std::string>& Columns() {
    static const std::map<std::string, std::string> columns = {{"first", "first"},
                                                               {"last", "last"},
                                                               {"linear", "linear"},
                                                               {"position", "u40_20_40"},
                                                               {"decay", "time_decay_halving"},
                                                               {"markov", "markov1"}};
    return columns;
  }

  static double Deviation(double value, double expected) {
    return std::fabs(value - expected) / std::fabs(expected);
  }

  std::vector<DataPath> paths_;
  // By column and channel.
  std::map<std::string, std::map<std::string, double>> gold_;
  AttributionReport report_;
  double seconds_ = 0;
};

TEST_F(ChannelPaths, AreCountedAsPublished) {
  // README.md of the data.
  EXPECT_EQ(report_.conversions, 19'785);
  EXPECT_EQ(report_.paths_without_conversion, 68'602);
  EXPECT_EQ(report_.rows.size(), 12u);
  // To half a unit for each path.
  EXPECT_NEAR(static_cast<double>(report_.revenue.minor_units) / kValueScale, 74'802.972, 0.005);
  std::printf("%zu paths: %.3f s\n", paths_.size(), seconds_);
  RecordProperty("seconds", std::to_string(seconds_));
}

TEST_F(ChannelPaths, AreCreditedAsInTheGold) {
  for (const auto& [model, column] : Columns()) {
    const auto& expected = gold_[column + "_conv"];
    ASSERT_EQ(expected.size(), report_.rows.size()) << column;
    double most = 0;
    for (const ChannelAttribution& row : report_.rows) {
      const double found = (row.*kCredits.at(model)).conversions;
      ASSERT_EQ(expected.count(row.channel), 1u) << row.channel;
      const double gold = expected.at(row.channel);
      // A channel may have no credit at all.
      if (gold == 0) {
        EXPECT_EQ(found, 0) << row.channel << ' ' << model;
        continue;
      }
      most = std::max(most, Deviation(found, gold));
    }
    EXPECT_LE(most, 1e-6) << model;
    std::printf("%s: conversions deviate by at most %.2e\n", model.c_str(), most);
    RecordProperty(model + " deviation in 1e-12", std::to_string(most * 1e12));
  }
}

TEST_F(ChannelPaths, ShareRevenueAsInTheGold) {
  for (const auto& [model, column] : Columns()) {
    const auto& expected = gold_[column + "_value"];
    ASSERT_EQ(expected.size(), report_.rows.size()) << column;
    double most = 0;
    for (const ChannelAttribution& row : report_.rows) {
      const double found = static_cast<double>((row.*kCredits.at(model)).revenue.minor_units);
      const double gold = expected.at(row.channel);
      ASSERT_GT(gold, 0) << row.channel << ' ' << model;
      most = std::max(most, Deviation(found / kValueScale, gold));
    }
    EXPECT_LE(most, 1e-6) << model;
    std::printf("%s: revenue deviates by at most %.2e\n", model.c_str(), most);
  }
}

TEST_F(ChannelPaths, AreCreditedInFullByEveryModel) {
  for (const auto& [model, place] : kCredits) {
    double conversions = 0;
    int64_t revenue = 0;
    // Whole numbers of billionths, but for Markov's.
    int64_t billionths = 0;
    for (const ChannelAttribution& row : report_.rows) {
      conversions += (row.*place).conversions;
      billionths += std::llround((row.*place).conversions * 1e9);
      revenue += (row.*place).revenue.minor_units;
    }
    EXPECT_NEAR(conversions, 19'785, 1e-8) << model;
    EXPECT_EQ(revenue, report_.revenue.minor_units) << model;
    if (model == "markov") continue;
    EXPECT_EQ(billionths, int64_t{19'785} * 1'000'000'000) << model;
  }
}

TEST_F(ChannelPaths, HaveTheRemovalEffectsOfAChainThatIsSolvedAnewForEachChannel) {
  const PlainChain chain(paths_);
  const long double whole = chain.WinWithout("");
  std::map<std::string, long double> effects;
  long double sum = 0;
  for (const ChannelAttribution& row : report_.rows) {
    sum += effects[row.channel] = 1 - chain.WinWithout(row.channel) / whole;
  }
  double most = 0;
  for (const ChannelAttribution& row : report_.rows) {
    const auto effect = static_cast<double>(effects[row.channel]);
    EXPECT_NEAR(row.removal_effect, effect, 1e-9) << row.channel;
    EXPECT_NEAR(row.removal_effect, gold_["markov1_removal"].at(row.channel), 1e-9) << row.channel;
    most = std::max(most, std::fabs(row.removal_effect - effect));
    const auto credit = static_cast<double>(19'785 * effects[row.channel] / sum);
    EXPECT_LE(Deviation(row.markov.conversions, credit), 1e-9) << row.channel;
  }
  std::printf("removal effects deviate by at most %.2e\n", most);
}

}  // namespace
}  // namespace sales
