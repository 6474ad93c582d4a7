#include "clients/cli/src/report_text.h"

#include <cstdio>
#include <vector>

#include "clients/cli/src/print.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr int kBarWidth = 24;

std::string Decimal(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

// "10.53 %", or a dash where there is no base.
std::string Percent(const sales::v1::Rate& rate) {
  if (rate.denominator() == 0) return "–";
  return FormatQuotient(rate.numerator() * 100, rate.denominator(), 2) + " %";
}

std::string PercentWithBase(const sales::v1::Rate& rate) {
  if (rate.denominator() == 0) return "–";
  return Percent(rate) + " (" + FormatCount(rate.numerator()) + "/" +
         FormatCount(rate.denominator()) + ", 95 %: " + Decimal(rate.low() * 100, 2) + "–" +
         Decimal(rate.high() * 100, 2) + " %)";
}

std::string Money(const sales::v1::Money& money) {
  return FormatMoney(money.minor_units(), money.currency_code());
}

// A bar of eighths of a character.
std::string Bar(double share) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = static_cast<int>(share * kBarWidth * 8 + 0.5);
  std::string bar;
  for (int i = 0; i < eighths / 8; ++i) bar += "█";
  bar += kEighths[eighths % 8];
  if (bar.empty() && share > 0) bar = kEighths[1];
  return bar;
}

std::string WindowText(const sales::v1::Window& window) {
  if (window.start_date().empty() && window.end_date().empty()) return "whole record";
  return (window.start_date().empty() ? "…" : window.start_date()) + " up to " +
         (window.end_date().empty() ? "…" : window.end_date());
}

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

std::string DurationCell(const sales::v1::DurationFigures& figures,
                         const google::protobuf::Duration& duration) {
  return figures.count() == 0 ? "–" : FormatDuration(duration);
}

}  // namespace

std::string FunnelText(const sales::v1::ReportFunnelResponse& report) {
  std::string text = "Funnel " + ShortName(report.funnel()) + ", " + WindowText(report.window()) +
                     ", as of revision " + std::to_string(report.as_of_revision()) + "\n";
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
    table.Add({stage.stage() + (stage.qualifying() ? " ◆" : ""), Bar(stage.reached_share().value()),
               FormatCount(stage.reached()), Percent(stage.reached_share()),
               Percent(stage.step_conversion()), FormatCount(stage.entered()),
               DurationCell(stage.time_in_stage(), stage.time_in_stage().median()),
               DurationCell(stage.time_in_stage(), stage.time_in_stage().p90()),
               OutcomesText(stage.left())});
  }
  table.Add({"won", Bar(report.overall_conversion().value()), FormatCount(report.outcomes().won()),
             Percent(report.overall_conversion())});
  text += table.ToText();
  text += "\nqualified ◆  " + PercentWithBase(report.qualified()) + "\n";
  text += "won          " + PercentWithBase(report.overall_conversion()) + "\n";
  text += "revenue      " + Money(report.revenue()) + "\n";
  if (report.outcomes().open() > 0) {
    text += "still open   " + FormatCount(report.outcomes().open()) +
            ": what becomes of them is not known yet\n";
  }
  return text;
}

std::string ChannelsText(const sales::v1::ReportChannelsResponse& report) {
  std::string text = "Channels, " + WindowText(report.window()) + ", as of revision " +
                     std::to_string(report.as_of_revision()) + "\n\n";
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
  const auto count = [](int64_t number) { return number == 0 ? "–" : FormatCount(number); };
  const auto cost = [](const sales::v1::Money& money) {
    return money.minor_units() == 0 ? "–" : Money(money);
  };
  const auto add = [&](const std::string& name, const sales::v1::ChannelFigures& figures) {
    const sales::v1::DayFigures& days = figures.days_to_win();
    table.Add(
        {name, FormatCount(figures.leads()), FormatCount(figures.new_contacts()),
         FormatCount(figures.qualified()), FormatCount(figures.won()),
         Percent(figures.conversion()),
         days.count() == 0 ? "–" : FormatQuotient(days.sum(), days.count(), 1),
         DurationCell(figures.response(), figures.response().median()), count(figures.declined()),
         count(figures.decline_yield().returned()), Money(figures.revenue()), cost(figures.spend()),
         cost(figures.cost_per_lead()), cost(figures.cost_per_sale()),
         figures.has_return_on_spend() ? Decimal(figures.return_on_spend() * 100, 0) + " %" : "–"});
  };
  for (const sales::v1::ChannelFigures& row : report.rows()) {
    const std::string name = ShortName(row.name());
    add(name.find('/') == std::string::npos ? name : "  " + name.substr(name.find('/') + 1), row);
  }
  add("all", report.total());
  table.DropColumnsOf("–");
  return text + table.ToText();
}

}  // namespace salesctl
