#include "clients/cli/src/report_pages.h"

#include <algorithm>
#include <cstdint>
#include <utility>

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

// The page of the answer, if it is of this type.
template <typename Report>
bool IsPage(const google::protobuf::Message& answer, ReportPage (*make)(const Report&),
            std::optional<ReportPage>& page) {
  if (answer.GetDescriptor() != Report::descriptor()) return false;
  page = make(static_cast<const Report&>(answer));
  return true;
}

}  // namespace

std::optional<ReportPage> PageOf(const google::protobuf::Message& answer) {
  std::optional<ReportPage> page;
  IsPage(answer, &FunnelPage, page) || IsPage(answer, &ChannelsPage, page) ||
      IsPage(answer, &SpeedPage, page) || IsPage(answer, &DeclinesPage, page) ||
      IsPage(answer, &ReferralsPage, page) || IsPage(answer, &LoadPage, page) ||
      IsPage(answer, &StaffingPage, page) || IsPage(answer, &ScorePage, page);
  return page;
}

ReportPage FunnelPage(const sales::v1::ReportFunnelResponse& report) {
  ReportPage page;
  page.title = "Funnel " + ShortName(report.funnel());
  page.scope = ScopeText(report.window(), report.as_of_revision());
  Block& block = page.blocks.emplace_back();
  if (report.received() == 0) {
    block.note = kNothingInWindow;
    return page;
  }
  block.facts = {
      {"received", FormatCount(report.received()) + ": " + OutcomesText(report.outcomes())},
      {"qualified ◆", PercentWithBase(report.qualified())},
      {"won", PercentWithBase(report.overall_conversion())},
      {"revenue", MoneyCell(report.revenue())}};
  const auto right = Table::Align::kRight;
  Table table({{"STAGE"},
               {"", Table::Align::kBar},
               {"REACHED", right},
               {"SHARE", right},
               {"NEXT", right},
               {"ENTERED", right},
               {"MEDIAN", right},
               {"P90", right},
               {"LAST STAGE OF"}});
  for (const sales::v1::FunnelStage& stage : report.stages()) {
    table.Add({stage.stage() + (stage.qualifying() ? " ◆" : ""),
               BarCell(stage.reached_share().value()), FormatCount(stage.reached()),
               Percent(stage.reached_share()), Percent(stage.step_conversion()),
               FormatCount(stage.entered()),
               DurationCell(stage.time_in_stage(), stage.time_in_stage().median()),
               DurationCell(stage.time_in_stage(), stage.time_in_stage().p90()),
               OutcomesText(stage.left())});
  }
  table.Add({"won", BarCell(report.overall_conversion().value()),
             FormatCount(report.outcomes().won()), Percent(report.overall_conversion())});
  block.table = std::move(table);
  if (report.outcomes().open() > 0) {
    block.note = "still open: " + FormatCount(report.outcomes().open()) +
                 "; what becomes of them is not known yet";
  }
  return page;
}

ReportPage ChannelsPage(const sales::v1::ReportChannelsResponse& report) {
  ReportPage page;
  page.title = "Channels";
  page.scope = ScopeText(report.window(), report.as_of_revision());
  Block& block = page.blocks.emplace_back();
  if (report.rows().empty()) {
    block.note = kNothingInWindow;
    return page;
  }
  const auto right = Table::Align::kRight;
  Table table({{"CHANNEL"},
               {"", Table::Align::kBar},
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
  const auto add = [&](const std::string& name, const std::string& bar,
                       const sales::v1::ChannelFigures& figures) {
    const sales::v1::DayFigures& days = figures.days_to_win();
    table.Add({name, bar, FormatCount(figures.leads()), FormatCount(figures.new_contacts()),
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
  int64_t greatest = 1;
  for (const sales::v1::ChannelFigures& row : report.rows()) {
    greatest = std::max(greatest, row.leads());
  }
  for (const sales::v1::ChannelFigures& row : report.rows()) {
    const std::string name = ShortName(row.name());
    const auto leads = static_cast<double>(row.leads());
    add(name.find('/') == std::string::npos ? name : "  " + name.substr(name.find('/') + 1),
        BarCell(leads / static_cast<double>(greatest)), row);
  }
  add("all", "", report.total());
  table.DropColumnsOf(kNothing);
  block.table = std::move(table);
  return page;
}

}  // namespace salesctl
