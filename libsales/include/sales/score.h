#ifndef SALES_SCORE_H_
#define SALES_SCORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sales/lead.h"
#include "sales/money.h"
#include "sales/report.h"

namespace sales {

// What a feature of the lead adds to its log-odds.
struct ScoreContribution {
  std::string feature;
  // Empty: the lead has none.
  std::string value;
  double log_odds = 0;
};

// Naive Bayes: how likely a lead is to be won by what the workspace's closed leads had in common.
struct LeadScore {
  double probability = 0;
  // base_log_odds and the contributions sum to this.
  double log_odds = 0;
  // Of all closed leads.
  double base_log_odds = 0;
  // In the order of Workspace::score_features.
  std::vector<ScoreContribution> contributions;
  // The outcomes that the score rests on.
  int64_t won = 0;
  int64_t not_won = 0;
};

enum class AdviceAction {
  kUnspecified = 0,
  kPursue = 1,  // fight for it
  kSteady = 2,
  kNurture = 3,  // not now: keep in touch
  kDecline = 4,  // with arguments, while the client thinks well of us
};

struct AdviceReason {
  // A word such as "score-high" or "load-high".
  std::string code;
  // In a sentence.
  std::string description;
};

struct Advice {
  std::string lead;
  AdviceAction action = AdviceAction::kUnspecified;
  LeadScore score;
  // The weightiest first.
  std::vector<AdviceReason> reasons;
};

struct ScoreQuery {
  // Of the days on which leads were closed.
  Window window;
  int64_t as_of_revision = 0;
};

struct CalibrationBin {
  // Of the probabilities promised: from `low` up to `high`.
  double low = 0;
  double high = 0;
  double mean_probability = 0;
  Rate won;
};

struct FeatureFigures {
  std::string feature;
  std::string value;
  int64_t won = 0;
  int64_t not_won = 0;
  // What it adds to the log-odds of a lead, by these counts.
  double log_odds = 0;
};

struct StanceFigures {
  Stance stance = Stance::kUnspecified;
  int64_t closed = 0;
  Rate won;
  Money revenue;
};

struct AdviceFigures {
  AdviceAction action = AdviceAction::kUnspecified;
  int64_t closed = 0;
  Rate won;
  int64_t declined = 0;
  Money revenue;
};

// How well scores, stances and advice foretold the outcomes.
struct ScoreReport {
  Window window;
  int64_t as_of_revision = 0;
  // Leads closed in the window that had been scored by the outcomes before theirs.
  int64_t scored = 0;
  Rate won;
  // The chance that a lead that was won had a better score than one that was not; unset where one
  // kind is missing. Source: J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a
  // receiver operating characteristic (ROC) curve", Radiology 143 (1982).
  std::optional<double> auc;
  // The mean distance between promised probability and share won, weighted by the leads of each
  // bin; and the mean squared error.
  std::optional<double> calibration_error;
  std::optional<double> brier_score;
  std::vector<CalibrationBin> bins;
  // What the features said, over the outcomes in the window.
  std::vector<FeatureFigures> features;
  // How leads ended for which a stance was taken, or advice given last.
  std::vector<StanceFigures> stances;
  std::vector<AdviceFigures> advice;
};

}  // namespace sales

#endif  // SALES_SCORE_H_
