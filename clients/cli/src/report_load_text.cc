#include "clients/cli/src/report_load_text.h"

#include <vector>

#include "clients/cli/src/plot.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr const char* kDays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                 "Friday", "Saturday", "Sunday"};
constexpr int kHours = 24;
constexpr int kBarOfSeller = 16;
constexpr auto kRight = Table::Align::kRight;

// Cuts the first `count` characters off the front of a text of UTF-8.
std::string CutCharacters(std::string& text, int count) {
  size_t end = 0;
  while (end < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (begins && count-- == 0) break;
    ++end;
  }
  std::string head = text.substr(0, end);
  text.erase(0, end);
  return head;
}

// A row a day and a column an hour; all rows are drawn to one scale.
std::string WeekText(const std::vector<double>& hours, const std::string& of_day,
                     const std::vector<std::string>& days) {
  std::string line = Sparkline(hours);
  Table table({{""}, {"0    6     12    18     "}, {of_day, kRight}});
  for (size_t day = 0; day < days.size(); ++day) {
    table.Add({kDays[day], CutCharacters(line, kHours), days[day]});
  }
  return table.ToText();
}

std::string HourName(int hour_of_week) {
  const std::string hour = std::to_string(hour_of_week % kHours);
  return std::string(kDays[hour_of_week / kHours % 7]) + " " + (hour.size() == 1 ? "0" : "") +
         hour + ":00";
}

std::string ShareText(double share) { return Decimal(share * 100, 1) + " %"; }

std::string SellersText(const sales::v1::ReportLoadResponse& report) {
  Table table(
      {{"SELLER"}, {"OPEN LEADS", kRight}, {"WORK UNITS", kRight}, {"CAPACITY", kRight}, {""}});
  for (const sales::v1::SellerLoad& load : report.sellers()) {
    const bool known = load.has_capacity() && load.capacity() > 0;
    table.Add({load.seller().empty() ? "(nobody)" : ShortName(load.seller()),
               FormatCount(load.open_leads()), FormatCount(load.open_work_units()),
               known ? FormatCount(load.capacity()) : kNothing,
               known ? Bar(static_cast<double>(load.open_work_units()) /
                               static_cast<double>(load.capacity()),
                           kBarOfSeller)
                     : ""});
  }
  return table.empty() ? "" : "\n" + table.ToText();
}

std::string SimulationOf(const sales::v1::StaffingSimulation& simulation) {
  if (simulation.arrivals() == 0) return "simulated      nobody came in this window\n";
  std::string text = "simulated      " + FormatCount(simulation.arrivals()) + " arrivals, " +
                     FormatCount(simulation.rounds()) +
                     " times: " + ShareText(simulation.service_level()) +
                     " in time (95 %: " + ShareText(simulation.low()) + " to " +
                     ShareText(simulation.high()) + ")\n";
  text += "wait           mean " + FormatDuration(simulation.mean_wait()) + ", p90 " +
          FormatDuration(simulation.p90_wait()) + "\n";
  if (simulation.further_sellers() > 0) {
    text += "for the goal   " + FormatCount(simulation.further_sellers()) + " more in every hour\n";
  }
  return text;
}

}  // namespace

std::string LoadText(const sales::v1::ReportLoadResponse& report) {
  std::string text = ReportTitle("Load", report.window(), report.as_of_revision());
  const sales::v1::ArrivalFigures& total = report.total();
  if (total.arrivals() == 0) {
    text += "nothing in this window\n";
  } else {
    text += "received " + FormatCount(total.arrivals()) + " in " + FormatCount(total.hours()) +
            " hours: " + Decimal(total.mean(), 2) + " an hour, dispersion " +
            Decimal(total.dispersion(), 2) + "\n\n";
    std::vector<double> hours;
    std::vector<std::string> days;
    int64_t of_day = 0;
    for (const sales::v1::HourLoad& hour : report.hours()) {
      hours.push_back(hour.arrivals().mean());
      of_day += hour.arrivals().arrivals();
      if (hour.hour_of_week() % kHours != kHours - 1) continue;
      days.push_back(FormatCount(of_day));
      of_day = 0;
    }
    text += WeekText(hours, "LEADS", days);
    Table busiest({{"BUSIEST HOUR"}, {"LEADS", kRight}});
    for (const sales::v1::BusyHour& busy : report.busiest()) {
      busiest.Add({CellText(busy, busy.GetDescriptor()->FindFieldByName("start_time")),
                   FormatCount(busy.arrivals())});
    }
    text += "\n" + busiest.ToText();
  }
  return text + SellersText(report);
}

std::string StaffingText(const sales::v1::PlanStaffingResponse& plan) {
  std::string text = ReportTitle("Staffing", plan.window(), plan.as_of_revision());
  if (plan.seller_hours() == 0) return text + "nothing in this window\n";
  std::vector<double> hours;
  std::vector<std::string> days;
  int64_t of_day = 0;
  int peak = 0;
  for (const sales::v1::HourStaffing& hour : plan.hours()) {
    hours.push_back(static_cast<double>(hour.sellers()));
    of_day += hour.sellers();
    if (hour.sellers() > plan.hours(peak).sellers()) peak = hour.hour_of_week();
    if (hour.hour_of_week() % kHours != kHours - 1) continue;
    days.push_back(FormatCount(of_day));
    of_day = 0;
  }
  text += "\n" + WeekText(hours, "SELLER HOURS", days);
  text += "\nat peak        " + FormatCount(plan.sellers_at_peak()) + " sellers, " +
          HourName(peak) + " (" + Decimal(plan.hours(peak).arrivals_per_hour(), 2) +
          " arrivals an hour)\n";
  text += "a week         " + FormatCount(plan.seller_hours()) + " seller hours\n";
  if (plan.has_simulation()) text += SimulationOf(plan.simulation());
  return text;
}

}  // namespace salesctl
