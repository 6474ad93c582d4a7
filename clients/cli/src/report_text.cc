#include "clients/cli/src/report_text.h"

#include <vector>

#include "clients/cli/src/plot.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

std::string OutcomesText(const sales::v1::Outcomes& outcomes) {
  std::string text;
  const auto add = [&text](const char* name, int64_t count) {
    if (count == 0) return;
    text += (text.empty() ? "" : " · ") + std::string(name) + " " + FormatCount(count);
  };
  add("won", outcomes.won());
  add("declined", outcomes.declined());
  add("lost", outcomes.lost());
  add("disqualified", outcomes.disqualified());
  add("nurtured", outcomes.nurtured());
  add("open", outcomes.open());
  return text;
}

}  // namespace

std::string FunnelText(const sales::v1::ReportFunnelResponse& report) {
  std::string text =
      ReportTitle("Funnel " + ShortName(report.funnel()), report.window(), report.as_of_revision());
  text += "received " + FormatCount(report.received()) + ": " + OutcomesText(report.outcomes()) +
          "\n\n";
  Table table({{"STAGE"},
               {"", Table::Align::kLeft},
               {"REACHED", Table::Align::kRight},
               {"SHARE", Table::Align::kRight},
               {"NEXT", Table::Align::kRight},
               {"ENTERED", Table::Align::kRight},
               {"MEDIAN", Table::Align::kRight},
               {"P90", Table::Align::kRight},
               {"LAST STAGE OF"}});
  for (const sales::v1::FunnelStage& stage : report.stages()) {
    table.Add({stage.stage() + (stage.qualifying() ? " ◆" : ""),
               Bar(stage.reached_share().value(), kBarWidth), FormatCount(stage.reached()),
               Percent(stage.reached_share()), Percent(stage.step_conversion()),
               FormatCount(stage.entered()),
               DurationCell(stage.time_in_stage(), stage.time_in_stage().median()),
               DurationCell(stage.time_in_stage(), stage.time_in_stage().p90()),
               OutcomesText(stage.left())});
  }
  table.Add({"won", Bar(report.overall_conversion().value(), kBarWidth),
             FormatCount(report.outcomes().won()), Percent(report.overall_conversion())});
  text += table.ToText();
  text += "\nqualified ◆  " + PercentWithBase(report.qualified()) + "\n";
  text += "won          " + PercentWithBase(report.overall_conversion()) + "\n";
  text += "revenue      " + MoneyCell(report.revenue()) + "\n";
  if (report.outcomes().open() > 0) {
    text += "still open   " + FormatCount(report.outcomes().open()) +
            ": what becomes of them is not known yet\n";
  }
  return text;
}

std::string ChannelsText(const sales::v1::ReportChannelsResponse& report) {
  const std::string text = ReportTitle("Channels", report.window(), report.as_of_revision()) + "\n";
  const auto right = Table::Align::kRight;
  Table table({{"CHANNEL"},
               {"LEADS", right},
               {"NEW", right},
               {"QUALIFIED", right},
               {"WON", right},
               {"CONVERSION", right},
               {"DAYS", right},
               {"RESPONSE", right},
               {"DECLINED", right},
               {"RETURNED", right},
               {"REVENUE", right},
               {"SPEND", right},
               {"PER LEAD", right},
               {"PER SALE", right},
               {"RETURN", right}});
  // What nobody spent or did is left out rather than shown as nought.
  const auto add = [&](const std::string& name, const sales::v1::ChannelFigures& figures) {
    const sales::v1::DayFigures& days = figures.days_to_win();
    table.Add({name, FormatCount(figures.leads()), FormatCount(figures.new_contacts()),
               FormatCount(figures.qualified()), FormatCount(figures.won()),
               Percent(figures.conversion()),
               days.count() == 0 ? kNothing : FormatQuotient(days.sum(), days.count(), 1),
               DurationCell(figures.response(), figures.response().median()),
               CountOrNothing(figures.declined()),
               CountOrNothing(figures.decline_yield().returned()), MoneyCell(figures.revenue()),
               MoneyOrNothing(figures.spend()), MoneyOrNothing(figures.cost_per_lead()),
               MoneyOrNothing(figures.cost_per_sale()),
               figures.has_return_on_spend() ? Decimal(figures.return_on_spend() * 100, 0) + " %"
                                             : kNothing});
  };
  for (const sales::v1::ChannelFigures& row : report.rows()) {
    const std::string name = ShortName(row.name());
    add(name.find('/') == std::string::npos ? name : "  " + name.substr(name.find('/') + 1), row);
  }
  add("all", report.total());
  table.DropColumnsOf(kNothing);
  return text + table.ToText();
}

}  // namespace salesctl
