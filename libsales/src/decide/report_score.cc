#include "src/decide/report_score.h"

#include <set>
#include <utility>

#include "src/decide/advice.h"
#include "src/decide/policy_words.h"
#include "src/decide/score.h"
#include "src/decide/statistics.h"

namespace sales {
namespace {

Promises PromisesOf(const TallySum& sums) {
  Promises promises;
  for (const auto& [permille, n] : sums.Buckets(Metric::kPromisedWon, "")) {
    promises.leads[static_cast<int>(permille)].won += n;
  }
  for (const auto& [permille, n] : sums.Buckets(Metric::kPromisedNotWon, "")) {
    promises.leads[static_cast<int>(permille)].not_won += n;
  }
  return promises;
}

std::vector<FeatureFigures> FeaturesIn(const TallySum& sums) {
  std::set<std::string> words;
  for (const Metric metric : {Metric::kFeatureWon, Metric::kFeatureNotWon}) {
    for (std::string& word : sums.Details(metric)) words.insert(std::move(word));
  }
  words.erase("");
  ScoreModel model;
  for (const std::string& word : words) {
    model.AddFeature(DecodeFeature(word),
                     {sums.Get(Metric::kFeatureWon, word), sums.Get(Metric::kFeatureNotWon, word)});
  }
  std::vector<FeatureFigures> figures;
  for (const auto& [value, counts] : model.values()) {
    if (counts.won == 0 && counts.not_won == 0) continue;
    figures.push_back(
        {value.first, value.second, counts.won, counts.not_won, model.LogOddsOf(value)});
  }
  return figures;
}

// How leads with a label, a stance or an advice, ended.
struct Ends {
  int64_t won = 0;
  int64_t declined = 0;
  int64_t lost = 0;

  int64_t closed() const { return won + declined + lost; }
};

Ends EndsOf(const TallySum& sums, Metric metric, const std::string& label) {
  const auto count = [&](LeadState state) {
    return sums.Get(metric, label + '/' + LeadStateName(state));
  };
  return {count(LeadState::kWon), count(LeadState::kDeclined), count(LeadState::kLost)};
}

}  // namespace

ScoreReport MakeScoreReport(const ScoreQuery& query, const std::string& currency_code,
                            int64_t as_of_revision, const TallySum& sums) {
  ScoreReport report;
  report.window = query.window;
  report.as_of_revision = as_of_revision;
  const Promises promises = PromisesOf(sums);
  int64_t won = 0;
  for (const auto& [permille, counts] : promises.leads) {
    won += counts.won;
    report.scored += counts.won + counts.not_won;
  }
  report.won = MakeRate(won, report.scored);
  report.auc = AreaUnderCurve(promises);
  report.bins = Calibrate(promises);
  report.calibration_error = CalibrationError(report.bins);
  report.brier_score = BrierScore(promises);
  report.features = FeaturesIn(sums);
  for (const Stance stance : {Stance::kPursue, Stance::kSteady, Stance::kLetGo}) {
    const Ends ends = EndsOf(sums, Metric::kStanceClosed, StanceName(stance));
    if (ends.closed() == 0) continue;
    report.stances.push_back(
        {stance,
         ends.closed(),
         MakeRate(ends.won, ends.closed()),
         {currency_code, sums.Get(Metric::kStanceRevenue, StanceName(stance))}});
  }
  for (const AdviceAction action : {AdviceAction::kPursue, AdviceAction::kSteady,
                                    AdviceAction::kNurture, AdviceAction::kDecline}) {
    const Ends ends = EndsOf(sums, Metric::kAdviceClosed, AdviceName(action));
    if (ends.closed() == 0) continue;
    report.advice.push_back(
        {action,
         ends.closed(),
         MakeRate(ends.won, ends.closed()),
         ends.declined,
         {currency_code, sums.Get(Metric::kAdviceRevenue, AdviceName(action))}});
  }
  return report;
}

}  // namespace sales
