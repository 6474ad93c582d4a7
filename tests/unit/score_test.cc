// The score: its parts by hand, its figures against plain computations, and its quality on leads
// of a real company.
#include "src/decide/score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "src/decide/errors.h"

namespace sales {
namespace {

#ifndef SALES_DATA
#define SALES_DATA "../shared/data"
#endif

using Words = std::vector<std::string>;

TEST(CheckScoreFeatures, RefusesWhatIsNoFeature) {
  EXPECT_TRUE(CheckScoreFeatures({"channel", "interest"}, {}).ok());
  EXPECT_EQ(ReasonOf(CheckScoreFeatures({"channel", "mood"}, {})), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonOf(CheckScoreFeatures({""}, {})), Reason::kFieldInvalid);
}

TEST(CheckScoreFeatures, RefusesOneThatIsThereTwice) {
  EXPECT_EQ(ReasonOf(CheckScoreFeatures({"channel", "channel"}, {})), Reason::kFieldInvalid);
}

TEST(CheckScoreFeatures, RefusesTooMany) {
  EXPECT_EQ(ReasonOf(CheckScoreFeatures(Words(51, "channel"), {})), Reason::kListTooLong);
}

TEST(CheckScoreFeatures, TakesAttributesOfFewValuesOnly) {
  const AttributeSchema schema = {{"region", "", AttributeType::kEnum, {"north", "south"}},
                                  {"vip", "", AttributeType::kBoolean, {}},
                                  {"note", "", AttributeType::kText, {}}};
  EXPECT_TRUE(CheckScoreFeatures({"attribute:region", "attribute:vip"}, schema).ok());
  EXPECT_EQ(ReasonOf(CheckScoreFeatures({"attribute:note"}, schema)), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonOf(CheckScoreFeatures({"attribute:size"}, schema)), Reason::kAttributeUnknown);
  EXPECT_EQ(ReasonOf(CheckScoreFeatures({"attribute:"}, schema)), Reason::kAttributeUnknown);
}

TEST(FeaturesOf, BinsNumbersAndNamesWhatIsMissing) {
  const Words features = {"channel",      "campaign",       "seller",   "referred",
                          "repeat",       "interest",       "expected_value",
                          "budget_known", "decision_maker_known", "expectation"};
  LeadRecord record;
  record.lead.channel = "ads";
  record.lead.interest = 74;
  record.lead.expected_value = Money{"EUR", 29'999};
  record.new_contact = true;
  record.expectation = 5;
  EXPECT_EQ(EncodeFeatures(FeaturesOf(record, features, {})),
            "channel=ads campaign= seller= referred=false repeat=false interest=50-74 "
            "expected_value=10000 budget_known=false decision_maker_known=false expectation=5");
  record.lead.interest = 0;
  record.lead.expected_value.reset();
  record.expectation = 0;
  EXPECT_EQ(EncodeFeatures(FeaturesOf(record, {"interest", "expected_value", "expectation"}, {})),
            "interest=0 expected_value= expectation=");
}

TEST(FeaturesOf, BinsValuesByHalfOrdersOfMagnitude) {
  const std::map<int64_t, std::string> bins = {
      {0, "0"},     {1, "1"},       {2, "1"},       {3, "3"},
      {9, "3"},     {10, "10"},     {29, "10"},     {30, "30"},
      {100, "100"}, {2999, "1000"}, {3000, "3000"}, {9'000'000'000'000, "3000000000000"}};
  for (const auto& [value, bin] : bins) {
    LeadRecord record;
    record.lead.expected_value = Money{"EUR", value};
    EXPECT_EQ(FeaturesOf(record, {"expected_value"}, {})[0].second, bin) << value;
  }
}

TEST(FeaturesOf, TellsNoTextOfBeforeAnAttributeWasDefined) {
  const AttributeSchema schema = {{"region", "", AttributeType::kEnum, {"north", "south"}}};
  LeadRecord record;
  record.lead.attributes["region"] = "call Ivan at home";
  EXPECT_EQ(FeaturesOf(record, {"attribute:region"}, schema)[0].second, "");
  record.lead.attributes["region"] = "south";
  EXPECT_EQ(FeaturesOf(record, {"attribute:region"}, schema)[0].second, "south");
}

TEST(EncodeFeatures, IsReadBackWhateverTheValueHolds) {
  const FeatureValue value = {"attribute:a", "x = \"y\"; 50 % Ünïcode \\"};
  const std::string word = EncodeFeatures({value});
  EXPECT_EQ(word.find_first_of(" ;\"\\"), std::string::npos);
  EXPECT_EQ(DecodeFeature(word), value);
  EXPECT_EQ(DecodeFeature("channel="), (FeatureValue{"channel", ""}));
}

ScoreModel Example() {
  ScoreModel model;
  model.AddOutcome({40, 60});
  model.AddFeature({"channel", "ads"}, {10, 50});
  model.AddFeature({"channel", "referral"}, {30, 10});
  model.AddFeature({"repeat", "true"}, {20, 20});
  model.AddFeature({"repeat", "false"}, {20, 40});
  return model;
}

TEST(ScoreModel, SumsWhatEachFeatureSays) {
  const LeadScore score = Example().Score({{"channel", "referral"}, {"repeat", "false"}});
  EXPECT_NEAR(score.base_log_odds, std::log(41.0 / 61), 1e-12);
  const double p = 41.0 / 102;
  const double odds = std::log(41.0 / 61);
  ASSERT_EQ(score.contributions.size(), 2u);
  EXPECT_NEAR(score.contributions[0].log_odds,
              std::log((30 + 2 * p) / (10 + 2 * (1 - p))) - odds, 1e-12);
  EXPECT_NEAR(score.contributions[1].log_odds,
              std::log((20 + 2 * p) / (40 + 2 * (1 - p))) - odds, 1e-12);
  EXPECT_NEAR(score.log_odds,
              score.base_log_odds + score.contributions[0].log_odds +
                  score.contributions[1].log_odds,
              1e-12);
  EXPECT_NEAR(score.probability, 1 / (1 + std::exp(-score.log_odds)), 1e-12);
  EXPECT_EQ(score.won, 40);
  EXPECT_EQ(score.not_won, 60);
}

TEST(ScoreModel, LearnsNothingFromAValueThatItNeverSaw) {
  EXPECT_EQ(Example().LogOddsOf({"channel", "mail"}), 0);
  EXPECT_EQ(Example().LogOddsOf({"mood", "good"}), 0);
}

TEST(ScoreModel, LearnsLittleFromAValueThatItSawOnce) {
  ScoreModel model = Example();
  model.AddFeature({"channel", "mail"}, {1, 0});
  EXPECT_GT(model.LogOddsOf({"channel", "mail"}), 0);
  EXPECT_LT(model.LogOddsOf({"channel", "mail"}), 1.5);
}

TEST(ScoreModel, IsANumberBeforeTheFirstOutcome) {
  const LeadScore score = ScoreModel().Score({{"channel", "ads"}});
  EXPECT_EQ(score.probability, 0.5);
  EXPECT_FALSE(ScoreModel().ready());
}

TEST(QuantileBounds, PartValuesEvenly) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i);
  EXPECT_EQ(QuantileBounds(values, 4), (std::vector<double>{25, 50, 75}));
  EXPECT_EQ(QuantileBounds({1, 1, 1}, 4), std::vector<double>());
  EXPECT_EQ(QuantileBounds({}, 4), std::vector<double>());
  EXPECT_EQ(BinOf(24.9, {25, 50, 75}), 0);
  EXPECT_EQ(BinOf(25, {25, 50, 75}), 1);
  EXPECT_EQ(BinOf(99, {25, 50, 75}), 3);
}

struct Judged {
  int permille;
  bool won;
};

// Every pair, one by one.
double PlainArea(const std::vector<Judged>& leads) {
  double ordered = 0;
  double pairs = 0;
  for (const Judged& won : leads) {
    for (const Judged& lost : leads) {
      if (!won.won || lost.won) continue;
      pairs += 1;
      ordered += won.permille > lost.permille ? 1 : won.permille == lost.permille ? 0.5 : 0;
    }
  }
  return ordered / pairs;
}

Promises PromisesOf(const std::vector<Judged>& leads) {
  Promises promises;
  for (const Judged& lead : leads) {
    ScoreCounts& counts = promises.leads[lead.permille];
    ++(lead.won ? counts.won : counts.not_won);
  }
  return promises;
}

TEST(AreaUnderCurve, IsTheShareOfPairsInOrder) {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::vector<Judged> leads = {{0, true}, {0, false}};
    for (int i = 0; i < 150; ++i) {
      const int permille = static_cast<int>(random() % 40) * 25;
      leads.push_back({permille, static_cast<int>(random() % 1000) < permille});
    }
    EXPECT_NEAR(*AreaUnderCurve(PromisesOf(leads)), PlainArea(leads), 1e-12);
  }
}

TEST(AreaUnderCurve, IsUnsetWhereOneKindIsMissing) {
  EXPECT_FALSE(AreaUnderCurve({}).has_value());
  EXPECT_FALSE(AreaUnderCurve(PromisesOf({{500, true}})).has_value());
}

TEST(Calibration, IsTheDistanceOfPromiseAndShare) {
  // Two bins: 20 leads promised 0.15 of which 5 were won, 10 promised 1 of which 9 were.
  Promises promises;
  promises.leads[150] = {5, 15};
  promises.leads[1000] = {9, 1};
  const std::vector<CalibrationBin> bins = Calibrate(promises);
  ASSERT_EQ(bins.size(), 10u);
  EXPECT_NEAR(bins[1].mean_probability, 0.15, 1e-12);
  EXPECT_EQ(bins[1].won.numerator, 5);
  EXPECT_EQ(bins[9].won.denominator, 10);
  EXPECT_NEAR(*CalibrationError(bins), (20 * 0.1 + 10 * 0.1) / 30, 1e-12);
  EXPECT_NEAR(*BrierScore(promises),
              (5 * 0.85 * 0.85 + 15 * 0.15 * 0.15 + 1) / 30, 1e-12);
  EXPECT_FALSE(CalibrationError(Calibrate({})).has_value());
  EXPECT_FALSE(BrierScore({}).has_value());
}

// X Education: 9 240 leads of a seller of courses, with a published split.

using Cells = std::map<std::string, std::string>;

Words SplitCsv(const std::string& line) {
  Words cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<Cells> ReadCsv(const std::string& path) {
  std::vector<Cells> rows;
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return rows;
  const Words names = SplitCsv(line);
  while (std::getline(file, line)) {
    const Words cells = SplitCsv(line);
    Cells row;
    for (size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

// "Select" is what the form says where nothing was chosen; "Google" and "google" are one.
std::string Folded(const std::string& text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out == "select" ? "" : out;
}

struct Quality {
  double auc = 0;
  double calibration_error = 0;
};

class XEducation : public ::testing::Test {
 protected:
  static constexpr int kBins = 20;

  void SetUp() override {
    const char* given = std::getenv("SALES_DATA");
    const std::string folder = (given != nullptr ? given : SALES_DATA) + std::string("/x_education");
    std::map<std::string, std::string> split;
    for (Cells& row : ReadCsv(folder + "/gold_scores.csv")) {
      split[row["lead_number"]] = row["split"];
    }
    for (Cells& row : ReadCsv(folder + "/Leads.csv")) {
      const std::string& part = split[row["Lead Number"]];
      if (part == "train") train_.push_back(row);
      if (part == "test") test_.push_back(row);
    }
    if (train_.empty()) GTEST_SKIP() << "the leads are not there: " << folder;
  }

  std::vector<FeatureValue> ValuesOf(Cells& row, const Words& features) {
    std::vector<FeatureValue> values;
    for (const std::string& feature : features) {
      const auto bounds = bounds_.find(feature);
      const std::string& cell = row[feature];
      values.emplace_back(feature,
                          bounds == bounds_.end() || cell.empty()
                              ? Folded(cell)
                              : std::to_string(BinOf(std::stod(cell), bounds->second)));
    }
    return values;
  }

  Quality QualityOf(const Words& features) {
    for (const char* number :
         {"TotalVisits", "Total Time Spent on Website", "Page Views Per Visit"}) {
      std::vector<double> values;
      for (Cells& row : train_) {
        if (!row[number].empty()) values.push_back(std::stod(row[number]));
      }
      bounds_[number] = QuantileBounds(std::move(values), kBins);
    }
    ScoreModel model;
    for (Cells& row : train_) {
      const bool won = row["Converted"] == "1";
      const ScoreCounts one = {won ? 1 : 0, won ? 0 : 1};
      model.AddOutcome(one);
      for (const FeatureValue& value : ValuesOf(row, features)) model.AddFeature(value, one);
    }
    Promises promises;
    for (Cells& row : test_) {
      const LeadScore score = model.Score(ValuesOf(row, features));
      ScoreCounts& counts = promises.leads[PermilleOf(score.probability)];
      ++(row["Converted"] == "1" ? counts.won : counts.not_won);
    }
    return {*AreaUnderCurve(promises), *CalibrationError(Calibrate(promises))};
  }

  void Report(const char* name, const Quality& quality) {
    std::printf("%s: AUC %.4f, calibration error %.4f\n", name, quality.auc,
                quality.calibration_error);
    RecordProperty(std::string(name) + " auc", std::to_string(quality.auc));
    RecordProperty(std::string(name) + " calibration error",
                   std::to_string(quality.calibration_error));
  }

  std::vector<Cells> train_;
  std::vector<Cells> test_;
  std::map<std::string, std::vector<double>> bounds_;
};

TEST_F(XEducation, IsForetoldByWhatALeadDoes) {
  EXPECT_EQ(train_.size(), 6363u);
  EXPECT_EQ(test_.size(), 2727u);
  // Chosen one after another by what each adds on the train part: what leads did and said. Not the
  // tags, which were written after the outcome, and no judgement by the company's people.
  const Quality quality =
      QualityOf({"Total Time Spent on Website", "What is your current occupation", "Last Activity",
                 "Lead Source", "Country", "Do Not Email"});
  Report("by what leads do", quality);
  EXPECT_GE(quality.auc, 0.89);
  EXPECT_LE(quality.calibration_error, 0.05);
}

TEST_F(XEducation, IsForetoldBetterWithTheJudgementOfSellers) {
  const Quality quality =
      QualityOf({"Lead Quality", "Total Time Spent on Website", "Last Activity",
                 "Asymmetrique Activity Score", "Lead Source", "Country"});
  Report("with the sellers' judgement", quality);
  EXPECT_GE(quality.auc, 0.92);
  EXPECT_LE(quality.calibration_error, 0.05);
}

}  // namespace
}  // namespace sales
