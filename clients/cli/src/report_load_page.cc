#include <utility>

#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/report_pages.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr const char* kDays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                 "Friday", "Saturday", "Sunday"};
constexpr int kHours = 24;
constexpr auto kRight = Table::Align::kRight;

// "Monday 09:00".
std::string HourName(int hour_of_week) {
  const std::string hour = std::to_string(hour_of_week % kHours);
  return std::string(kDays[hour_of_week / kHours % 7]) + " " + (hour.size() == 1 ? "0" : "") +
         hour + ":00";
}

std::string ShareText(double share) { return Decimal(share * 100, 1) + " %"; }

Block BusiestBlock(const sales::v1::ReportLoadResponse& report) {
  Block block;
  block.heading = "Busiest hours";
  Table table({{"HOUR"}, {"", Table::Align::kBar}, {"LEADS", kRight}});
  for (const sales::v1::BusyHour& busy : report.busiest()) {
    const double share =
        static_cast<double>(busy.arrivals()) / static_cast<double>(report.busiest(0).arrivals());
    table.Add({CellText(busy, busy.GetDescriptor()->FindFieldByName("start_time")), BarCell(share),
               FormatCount(busy.arrivals())});
  }
  block.table = std::move(table);
  return block;
}

Block SellersBlock(const sales::v1::ReportLoadResponse& report) {
  Block block;
  block.heading = "Open work";
  Table table({{"SELLER"},
               {"", Table::Align::kBar},
               {"LEADS", kRight},
               {"WORK UNITS", kRight},
               {"CAPACITY", kRight}});
  for (const sales::v1::SellerLoad& load : report.sellers()) {
    const bool known = load.capacity() > 0;
    const double share =
        known ? static_cast<double>(load.open_work_units()) / static_cast<double>(load.capacity())
              : 0;
    table.Add({load.seller().empty() ? "(nobody)" : ShortName(load.seller()),
               known ? BarCell(share) : "", FormatCount(load.open_leads()),
               FormatCount(load.open_work_units()), CountOrNothing(load.capacity())});
  }
  block.table = std::move(table);
  return block;
}

Block SimulationBlock(const sales::v1::StaffingSimulation& simulation) {
  Block block;
  block.heading = "The recorded arrivals, simulated";
  if (simulation.arrivals() == 0) {
    block.note = "Nobody came in this window.";
    return block;
  }
  block.facts = {
      {"arrivals",
       FormatCount(simulation.arrivals()) + ", " + FormatCount(simulation.rounds()) + " times"},
      {"in time", ShareText(simulation.service_level()) + " (95 %: " + ShareText(simulation.low()) +
                      " to " + ShareText(simulation.high()) + ")"},
      {"mean wait", FormatDuration(simulation.mean_wait())},
      {"p90 wait", FormatDuration(simulation.p90_wait())}};
  if (simulation.further_sellers() > 0) {
    block.facts.push_back(
        {"for the goal", FormatCount(simulation.further_sellers()) + " more in every hour"});
  }
  return block;
}

}  // namespace

ReportPage LoadPage(const sales::v1::ReportLoadResponse& report) {
  ReportPage page;
  page.title = "Load";
  page.scope = ScopeText(report.window(), report.as_of_revision());
  const sales::v1::ArrivalFigures& total = report.total();
  Block& block = page.blocks.emplace_back();
  if (total.arrivals() == 0) {
    block.note = kNothingInWindow;
  } else {
    block.facts = {{"received",
                    FormatCount(total.arrivals()) + " in " + FormatCount(total.hours()) + " hours"},
                   {"an hour", Decimal(total.mean(), 2)},
                   {"dispersion", Decimal(total.dispersion(), 2)}};
    HeatMap heat;
    heat.unit = "leads an hour";
    for (const sales::v1::HourLoad& hour : report.hours()) {
      heat.values.push_back(hour.arrivals().mean());
    }
    block.heat = std::move(heat);
    page.blocks.push_back(BusiestBlock(report));
  }
  if (report.sellers_size() > 0) page.blocks.push_back(SellersBlock(report));
  return page;
}

ReportPage StaffingPage(const sales::v1::PlanStaffingResponse& plan) {
  ReportPage page;
  page.title = "Staffing";
  page.scope = ScopeText(plan.window(), plan.as_of_revision());
  Block& block = page.blocks.emplace_back();
  if (plan.seller_hours() == 0) {
    block.note = kNothingInWindow;
    return page;
  }
  HeatMap heat;
  heat.unit = "sellers";
  int peak = 0;
  for (const sales::v1::HourStaffing& hour : plan.hours()) {
    heat.values.push_back(static_cast<double>(hour.sellers()));
    if (hour.sellers() > plan.hours(peak).sellers()) peak = hour.hour_of_week();
  }
  block.facts = {
      {"at peak", FormatCount(plan.sellers_at_peak()) + " sellers, " + HourName(peak) + ", for " +
                      Decimal(plan.hours(peak).arrivals_per_hour(), 2) + " leads an hour"},
      {"a week", FormatCount(plan.seller_hours()) + " seller hours"}};
  block.heat = std::move(heat);
  if (plan.has_simulation()) page.blocks.push_back(SimulationBlock(plan.simulation()));
  return page;
}

}  // namespace salesctl
