// The pages of attribution, forecast and plans.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/report_pages.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr auto kRight = Table::Align::kRight;

double ShareOfMoney(const sales::v1::Money& part, int64_t whole) {
  return whole <= 0 ? 0 : static_cast<double>(part.minor_units()) / static_cast<double>(whole);
}

std::string WhoText(const sales::v1::PlanProgress& row) {
  if (!row.seller().empty()) {
    return ShortName(row.seller()) + (row.team().empty() ? "" : " in " + ShortName(row.team()));
  }
  return row.team().empty() ? "studio" : "team " + ShortName(row.team());
}

// Hundredths of a percent as text.
std::string ShareTarget(const sales::v1::PlanShare& share) {
  return share.has_target() ? FormatQuotient(share.target(), 100, 2) + " %" : kNothing;
}

void AddAmount(const std::string& name, const sales::v1::PlanAmount& amount, Table& table) {
  const int64_t target = amount.target().minor_units();
  table.Add({name, amount.has_target() ? BarCell(ShareOfMoney(amount.fact(), target)) : "",
             MoneyCell(amount.fact()), amount.has_target() ? MoneyCell(amount.target()) : kNothing,
             amount.has_due() ? MoneyCell(amount.due()) : kNothing,
             amount.has_projection() ? MoneyCell(amount.projection()) : kNothing});
}

void AddCount(const std::string& name, const sales::v1::PlanCount& count, Table& table) {
  const auto target = static_cast<double>(count.target());
  table.Add(
      {name,
       count.has_target() && target > 0 ? BarCell(static_cast<double>(count.fact()) / target) : "",
       FormatCount(count.fact()), count.has_target() ? FormatCount(count.target()) : kNothing,
       count.has_due() ? Decimal(count.due(), 1) : kNothing,
       count.has_projection() ? Decimal(count.projection(), 1) : kNothing});
}

void AddShare(const std::string& name, const sales::v1::PlanShare& share, Table& table) {
  table.Add({name, share.fact().denominator() == 0 ? "" : BarCell(share.fact().value()),
             Percent(share.fact()), ShareTarget(share), kNothing, kNothing});
}

Block ProgressBlock(const sales::v1::PlanProgress& row) {
  Block block;
  block.heading = WhoText(row);
  Table table({{""},
               {"", Table::Align::kBar},
               {"FACT", kRight},
               {"TARGET", kRight},
               {"DUE BY NOW", kRight},
               {"PROJECTION", kRight}});
  AddAmount("revenue", row.revenue(), table);
  AddCount("won", row.won(), table);
  AddCount("leads", row.leads(), table);
  AddShare("answered in time", row.response_within_limit(), table);
  AddShare("proposed in time", row.proposal_within_limit(), table);
  AddShare("conversion", row.conversion(), table);
  table.DropColumnsOf(kNothing);
  block.table = std::move(table);
  return block;
}

std::vector<std::string> ForecastCells(const sales::v1::ForecastFigures& figures) {
  return {MoneyCell(figures.weighted()),
          FormatCount(figures.leads()),
          MoneyCell(figures.expected_value()),
          Decimal(figures.expected_wins(), 1),
          figures.has_p10() ? MoneyCell(figures.p10()) : kNothing,
          figures.has_p50() ? MoneyCell(figures.p50()) : kNothing,
          figures.has_p90() ? MoneyCell(figures.p90()) : kNothing};
}

Table ForecastTable(const char* title) {
  return Table({{title},
                {"", Table::Align::kBar},
                {"LIKELY", kRight},
                {"LEADS", kRight},
                {"VALUE", kRight},
                {"WINS", kRight},
                {"P10", kRight},
                {"P50", kRight},
                {"P90", kRight}});
}

void AddForecast(const std::string& name, const sales::v1::ForecastFigures& figures,
                 const sales::v1::ForecastFigures& total, Table& table) {
  std::vector<std::string> cells = {
      name, BarCell(ShareOfMoney(figures.weighted(), total.weighted().minor_units()))};
  for (std::string& cell : ForecastCells(figures)) cells.push_back(std::move(cell));
  table.Add(std::move(cells));
}

}  // namespace

ReportPage AttributionPage(const sales::v1::ReportAttributionResponse& report) {
  ReportPage page{"Attribution", ScopeText(report.window(), report.as_of_revision()), {}};
  Block& block = page.blocks.emplace_back();
  if (report.rows().empty()) {
    block.note = kNothingInWindow;
    return page;
  }
  block.facts = {{"won", FormatCount(report.conversions())},
                 {"revenue", MoneyCell(report.revenue())},
                 {"paths without a win", FormatCount(report.paths_without_conversion())}};
  Table table({{"CHANNEL"},
               {"", Table::Align::kBar},
               {"MARKOV", kRight},
               {"FIRST", kRight},
               {"LAST", kRight},
               {"LINEAR", kRight},
               {"POSITION", kRight},
               {"TIME DECAY", kRight},
               {"REVENUE, MARKOV", kRight}});
  const auto won = static_cast<double>(std::max<int64_t>(1, report.conversions()));
  for (const sales::v1::ChannelAttribution& row : report.rows()) {
    table.Add({ShortName(row.channel()), BarCell(row.markov().conversions() / won),
               Decimal(row.markov().conversions(), 1), Decimal(row.first().conversions(), 1),
               Decimal(row.last().conversions(), 1), Decimal(row.linear().conversions(), 1),
               Decimal(row.position().conversions(), 1), Decimal(row.time_decay().conversions(), 1),
               MoneyCell(row.markov().revenue())});
  }
  block.table = std::move(table);
  return page;
}

ReportPage ForecastPage(const sales::v1::ReportForecastResponse& report) {
  ReportPage page{"Forecast", ScopeText(report.window(), report.as_of_revision()), {}};
  Block& block = page.blocks.emplace_back();
  block.facts = {{"closed", FormatCount(report.won()) + " won for " + MoneyCell(report.revenue()) +
                                ", " + FormatCount(report.declined()) + " declined, " +
                                FormatCount(report.lost()) + " lost, " +
                                FormatCount(report.nurtured()) + " nurtured"}};
  if (report.total().leads() == 0) {
    block.note = "No lead is open in this window.";
    return page;
  }
  Table months = ForecastTable("CLOSES IN");
  for (const sales::v1::ForecastMonth& month : report.months()) {
    AddForecast(month.month().empty() ? "(no date)" : month.month(), month.figures(),
                report.total(), months);
  }
  std::vector<std::string> all = {"all", ""};
  for (std::string& cell : ForecastCells(report.total())) all.push_back(std::move(cell));
  months.Add(std::move(all));
  months.DropColumnsOf(kNothing);
  block.table = std::move(months);
  Block& second = page.blocks.emplace_back();
  second.heading = "By stage";
  Table stages = ForecastTable("STAGE");
  for (const sales::v1::ForecastStage& stage : report.stages()) {
    AddForecast(stage.stage() + ", " + Decimal(stage.probability() * 100, 0) + " %",
                stage.figures(), report.total(), stages);
  }
  stages.DropColumnsOf(kNothing);
  second.table = std::move(stages);
  if (report.total().leads_without_value() > 0) {
    second.note = FormatCount(report.total().leads_without_value()) +
                  " open leads have no expected value and count as 0";
  }
  return page;
}

ReportPage PlanPage(const sales::v1::ReportPlanResponse& report) {
  ReportPage page{
      "Plan " + report.quarter(), "as of revision " + std::to_string(report.as_of_revision()), {}};
  for (const sales::v1::PlanProgress& row : report.rows()) {
    page.blocks.push_back(ProgressBlock(row));
  }
  if (report.rows().empty()) {
    page.blocks.emplace_back().note = kNothingInWindow;
    return page;
  }
  const sales::v1::PlanProgress& first = report.rows(0);
  const int64_t total = first.total().seconds();
  page.blocks.front().facts = {
      {"working time",
       FormatDuration(first.elapsed()) + " of " + FormatDuration(first.total()) +
           (total == 0 ? ""
                       : ", " + FormatQuotient(first.elapsed().seconds() * 100, total, 1) + " %")}};
  return page;
}

}  // namespace salesctl
