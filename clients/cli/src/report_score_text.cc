#include "clients/cli/src/report_score_text.h"

#include "clients/cli/src/plot.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr auto kRight = Table::Align::kRight;

// "+0.69": what adds to the chance of a win and what takes from it.
std::string Signed(double value) { return (value < 0 ? "" : "+") + Decimal(value, 2); }

std::string ValueText(const std::string& value) { return value.empty() ? "(none)" : value; }

std::string WordOf(sales::v1::Advice::Action action) {
  switch (action) {
    case sales::v1::Advice::ACTION_PURSUE:
      return "pursue";
    case sales::v1::Advice::ACTION_STEADY:
      return "steady";
    case sales::v1::Advice::ACTION_NURTURE:
      return "nurture";
    case sales::v1::Advice::ACTION_DECLINE:
      return "decline";
    default:
      return kNothing;
  }
}

std::string BinsText(const sales::v1::ReportScoreResponse& report) {
  Table table({{"PROMISED"},
               {"LEADS", kRight},
               {"MEAN", kRight},
               {"WON", kRight},
               {"", Table::Align::kLeft}});
  for (const sales::v1::CalibrationBin& bin : report.bins()) {
    if (bin.won().denominator() == 0) continue;
    table.Add({Decimal(bin.low() * 100, 0) + "–" + Decimal(bin.high() * 100, 0) + " %",
               FormatCount(bin.won().denominator()),
               Decimal(bin.mean_probability() * 100, 1) + " %", Percent(bin.won()),
               Bar(bin.won().value(), kBarWidth)});
  }
  return table.ToText();
}

std::string FeaturesText(const sales::v1::ReportScoreResponse& report) {
  Table table({{"FEATURE"}, {"VALUE"}, {"WON", kRight}, {"NOT WON", kRight}, {"LOG-ODDS", kRight}});
  for (const sales::v1::FeatureFigures& figures : report.features()) {
    table.Add({figures.feature(), ValueText(figures.value()), FormatCount(figures.won()),
               FormatCount(figures.not_won()), Signed(figures.log_odds())});
  }
  return table.empty() ? "" : "\n" + table.ToText();
}

std::string EndsText(const sales::v1::ReportScoreResponse& report) {
  std::string text;
  Table stances({{"STANCE"}, {"CLOSED", kRight}, {"WON", kRight}, {"REVENUE", kRight}});
  for (const sales::v1::StanceFigures& figures : report.stances()) {
    stances.Add({figures.stance(), FormatCount(figures.closed()), Percent(figures.won()),
                 MoneyCell(figures.revenue())});
  }
  if (!stances.empty()) text += "\n" + stances.ToText();
  Table advice(
      {{"ADVICE"}, {"CLOSED", kRight}, {"WON", kRight}, {"DECLINED", kRight}, {"REVENUE", kRight}});
  for (const sales::v1::AdviceFigures& figures : report.advice()) {
    advice.Add({WordOf(figures.action()), FormatCount(figures.closed()), Percent(figures.won()),
                FormatCount(figures.declined()), MoneyCell(figures.revenue())});
  }
  if (!advice.empty()) text += "\n" + advice.ToText();
  return text;
}

}  // namespace

std::string ScoreText(const sales::v1::ReportScoreResponse& report) {
  std::string text = ReportTitle("Score", report.window(), report.as_of_revision());
  const std::string rest = FeaturesText(report) + EndsText(report);
  if (report.scored() == 0) {
    return text + (rest.empty() ? "nothing in this window\n" : "no lead had a score\n") + rest;
  }
  text +=
      "scored " + FormatCount(report.scored()) + ", won " + PercentWithBase(report.won()) + "\n";
  if (report.has_auc()) text += "AUC                " + Decimal(report.auc(), 4) + "\n";
  if (report.has_calibration_error()) {
    text += "calibration error  " + Decimal(report.calibration_error(), 4) + "\n";
  }
  if (report.has_brier_score()) {
    text += "Brier score        " + Decimal(report.brier_score(), 4) + "\n";
  }
  return text + "\n" + BinsText(report) + rest;
}

std::string AdviceText(const sales::v1::Advice& advice) {
  std::string text = ShortName(advice.lead()) + ": " + WordOf(advice.action()) + "\n";
  for (const sales::v1::AdviceReason& reason : advice.reasons()) {
    text += "  " + reason.description() + " (" + reason.code() + ")\n";
  }
  const sales::v1::LeadScore& score = advice.score();
  if (score.won() + score.not_won() == 0) return text;
  text += "\nchance of a win " + Decimal(score.probability() * 100, 1) + " %, by " +
          FormatCount(score.won()) + " won and " + FormatCount(score.not_won()) + " not won\n";
  Table table({{"FEATURE"}, {"VALUE"}, {"LOG-ODDS", kRight}});
  table.Add({"all leads", "", Signed(score.base_log_odds())});
  for (const sales::v1::ScoreContribution& part : score.contributions()) {
    table.Add({part.feature(), ValueText(part.value()), Signed(part.log_odds())});
  }
  table.Add({"sum", "", Signed(score.log_odds())});
  return text + table.ToText();
}

}  // namespace salesctl
