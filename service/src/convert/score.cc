#include "service/src/convert/score.h"

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"
#include "service/src/convert/report_parts.h"

namespace sales::service {
namespace {

// A stance is told by its word alone.
std::string StanceWord(Stance stance) {
  switch (stance) {
    case Stance::kUnspecified:
      break;
    case Stance::kPursue:
      return "PURSUE";
    case Stance::kSteady:
      return "STEADY";
    case Stance::kLetGo:
      return "LET_GO";
  }
  return "";
}

void Set(const LeadScore& score, v1::LeadScore* out) {
  out->set_probability(score.probability);
  out->set_log_odds(score.log_odds);
  out->set_base_log_odds(score.base_log_odds);
  for (const ScoreContribution& contribution : score.contributions) {
    v1::ScoreContribution& added = *out->add_contributions();
    added.set_feature(contribution.feature);
    added.set_value(contribution.value);
    added.set_log_odds(contribution.log_odds);
  }
  out->set_won(score.won);
  out->set_not_won(score.not_won);
}

void Set(const CalibrationBin& bin, v1::CalibrationBin* out) {
  out->set_low(bin.low);
  out->set_high(bin.high);
  out->set_mean_probability(bin.mean_probability);
  service::SetRate(bin.won, out->mutable_won());
}

void Set(const FeatureFigures& figures, v1::FeatureFigures* out) {
  out->set_feature(figures.feature);
  out->set_value(figures.value);
  out->set_won(figures.won);
  out->set_not_won(figures.not_won);
  out->set_log_odds(figures.log_odds);
}

void Set(const StanceFigures& figures, v1::StanceFigures* out) {
  out->set_stance(StanceWord(figures.stance));
  out->set_closed(figures.closed);
  service::SetRate(figures.won, out->mutable_won());
  SetMoney(figures.revenue, out->mutable_revenue());
}

void Set(const AdviceFigures& figures, v1::AdviceFigures* out) {
  out->set_action(static_cast<v1::Advice::Action>(figures.action));
  out->set_closed(figures.closed);
  service::SetRate(figures.won, out->mutable_won());
  out->set_declined(figures.declined);
  SetMoney(figures.revenue, out->mutable_revenue());
}

}  // namespace

absl::StatusOr<ScoreQuery> FromProto(const v1::ReportScoreRequest& request) {
  ScoreQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  query.as_of_revision = request.as_of_revision();
  return query;
}

v1::ReportScoreResponse ToProto(const ScoreReport& report) {
  v1::ReportScoreResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  out.set_scored(report.scored);
  service::SetRate(report.won, out.mutable_won());
  if (report.auc.has_value()) out.set_auc(*report.auc);
  if (report.calibration_error.has_value()) {
    out.set_calibration_error(*report.calibration_error);
  }
  if (report.brier_score.has_value()) out.set_brier_score(*report.brier_score);
  for (const CalibrationBin& bin : report.bins) Set(bin, out.add_bins());
  for (const FeatureFigures& feature : report.features) Set(feature, out.add_features());
  for (const StanceFigures& stance : report.stances) Set(stance, out.add_stances());
  for (const AdviceFigures& advice : report.advice) Set(advice, out.add_advice());
  return out;
}

v1::Advice ToProto(const Advice& advice, const std::string& workspace) {
  v1::Advice out;
  out.set_lead(LeadNameOf(workspace, advice.lead));
  out.set_action(static_cast<v1::Advice::Action>(advice.action));
  Set(advice.score, out.mutable_score());
  for (const AdviceReason& reason : advice.reasons) {
    v1::AdviceReason& added = *out.add_reasons();
    added.set_code(reason.code);
    added.set_description(reason.description);
  }
  return out;
}

}  // namespace sales::service
