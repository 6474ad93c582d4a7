#include <utility>

#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/report_pages.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr auto kRight = Table::Align::kRight;

// "+0.69": what adds to the chance of a win, and "-0.69": what takes from it.
std::string Signed(double value) { return (value < 0 ? "" : "+") + Decimal(value, 2); }

std::string ValueText(const std::string& value) { return value.empty() ? "(none)" : value; }

std::string ShareText(double share) { return Decimal(share * 100, 1) + " %"; }

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

std::string StanceText(const std::string& stance) {
  if (stance == "PURSUE") return "pursue";
  if (stance == "STEADY") return "steady";
  return stance == "LET_GO" ? "let go" : stance;
}

Table BinsTable(const sales::v1::ReportScoreResponse& report) {
  Table table({{"PROMISED"},
               {"", Table::Align::kBar},
               {"WON", kRight},
               {"MEAN PROMISE", kRight},
               {"LEADS", kRight}});
  for (const sales::v1::CalibrationBin& bin : report.bins()) {
    if (bin.won().denominator() == 0) continue;
    table.Add({Decimal(bin.low() * 100, 0) + "–" + Decimal(bin.high() * 100, 0) + " %",
               BarCell(bin.won().value()), Percent(bin.won()), ShareText(bin.mean_probability()),
               FormatCount(bin.won().denominator())});
  }
  return table;
}

void AddFeatures(const sales::v1::ReportScoreResponse& report, ReportPage& page) {
  if (report.features_size() == 0) return;
  Table table({{"FEATURE"}, {"VALUE"}, {"WON", kRight}, {"NOT WON", kRight}, {"LOG-ODDS", kRight}});
  for (const sales::v1::FeatureFigures& figures : report.features()) {
    table.Add({figures.feature(), ValueText(figures.value()), FormatCount(figures.won()),
               FormatCount(figures.not_won()), Signed(figures.log_odds())});
  }
  Block& block = page.blocks.emplace_back();
  block.heading = "Features";
  block.table = std::move(table);
}

void AddStances(const sales::v1::ReportScoreResponse& report, ReportPage& page) {
  if (report.stances_size() == 0) return;
  Table table({{"STANCE"},
               {"", Table::Align::kBar},
               {"WON", kRight},
               {"CLOSED", kRight},
               {"REVENUE", kRight}});
  for (const sales::v1::StanceFigures& figures : report.stances()) {
    table.Add({StanceText(figures.stance()), BarCell(figures.won().value()), Percent(figures.won()),
               FormatCount(figures.closed()), MoneyCell(figures.revenue())});
  }
  Block& block = page.blocks.emplace_back();
  block.heading = "Stances";
  block.table = std::move(table);
}

void AddAdvice(const sales::v1::ReportScoreResponse& report, ReportPage& page) {
  if (report.advice_size() == 0) return;
  Table table({{"ADVICE"},
               {"", Table::Align::kBar},
               {"WON", kRight},
               {"CLOSED", kRight},
               {"DECLINED", kRight},
               {"REVENUE", kRight}});
  for (const sales::v1::AdviceFigures& figures : report.advice()) {
    table.Add({WordOf(figures.action()), BarCell(figures.won().value()), Percent(figures.won()),
               FormatCount(figures.closed()), FormatCount(figures.declined()),
               MoneyCell(figures.revenue())});
  }
  Block& block = page.blocks.emplace_back();
  block.heading = "Advice";
  block.table = std::move(table);
}

}  // namespace

ReportPage ScorePage(const sales::v1::ReportScoreResponse& report) {
  ReportPage page;
  page.title = "Score";
  page.scope = ScopeText(report.window(), report.as_of_revision());
  Block block;
  if (report.scored() > 0) {
    block.heading = "What was promised, and what was won";
    block.facts = {{"scored", FormatCount(report.scored())},
                   {"won", PercentWithBase(report.won())}};
    if (report.has_auc()) block.facts.push_back({"AUC", Decimal(report.auc(), 4)});
    if (report.has_calibration_error()) {
      block.facts.push_back({"calibration error", Decimal(report.calibration_error(), 4)});
    }
    if (report.has_brier_score()) {
      block.facts.push_back({"Brier score", Decimal(report.brier_score(), 4)});
    }
    block.table = BinsTable(report);
  } else {
    block.note = report.features_size() + report.stances_size() + report.advice_size() == 0
                     ? kNothingInWindow
                     : "No lead that was closed had a score.";
  }
  page.blocks.push_back(std::move(block));
  AddFeatures(report, page);
  AddStances(report, page);
  AddAdvice(report, page);
  return page;
}

ReportPage AdvicePage(const sales::v1::Advice& advice) {
  ReportPage page;
  page.title = ShortName(advice.lead());
  page.scope = WordOf(advice.action());
  Block& reasons = page.blocks.emplace_back();
  for (const sales::v1::AdviceReason& reason : advice.reasons()) {
    reasons.facts.push_back({reason.code(), reason.description()});
  }
  const sales::v1::LeadScore& score = advice.score();
  if (score.won() + score.not_won() == 0) return page;
  Block& block = page.blocks.emplace_back();
  block.facts = {
      {"chance of a win", ShareText(score.probability())},
      {"by", FormatCount(score.won()) + " won and " + FormatCount(score.not_won()) + " not won"}};
  Table table({{"FEATURE"}, {"VALUE"}, {"LOG-ODDS", kRight}});
  table.Add({"all leads", "", Signed(score.base_log_odds())});
  for (const sales::v1::ScoreContribution& part : score.contributions()) {
    table.Add({part.feature(), ValueText(part.value()), Signed(part.log_odds())});
  }
  table.Add({"sum", "", Signed(score.log_odds())});
  block.table = std::move(table);
  return page;
}

}  // namespace salesctl
