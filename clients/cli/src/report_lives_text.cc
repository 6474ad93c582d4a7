#include "clients/cli/src/report_lives_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "clients/cli/src/plot.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/report_cells.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr auto kRight = Table::Align::kRight;
constexpr char kNobody[] = "(nobody)";
constexpr char kNothingInWindow[] = "nothing in this window\n";
constexpr std::array<const char*, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

void AddSpeed(const std::string& name, const sales::v1::SpeedFigures& figures, Table& table) {
  const sales::v1::DurationFigures& time = figures.time();
  table.Add({name, FormatCount(figures.asked()), CountOrNothing(figures.done()),
             CountOrNothing(figures.open()), CountOrNothing(figures.overdue()),
             CountOrNothing(figures.dropped()), DurationCell(time, time.median()),
             DurationCell(time, time.p90()), DurationCell(time, time.mean()),
             Percent(figures.within_limit()),
             figures.within_limit().denominator() == 0
                 ? std::string()
                 : Bar(figures.within_limit().value(), kBarWidth)});
}

Table SpeedTable(const char* title) {
  return Table({{title},
                {"ASKED", kRight},
                {"DONE", kRight},
                {"OPEN", kRight},
                {"OVERDUE", kRight},
                {"DROPPED", kRight},
                {"MEDIAN", kRight},
                {"P90", kRight},
                {"MEAN", kRight},
                {"WITHIN LIMIT", kRight},
                {""}});
}

// "within 5m 870 · within 15m 1 469 · …".
std::string WithinText(const sales::v1::SpeedFigures& figures) {
  std::string text;
  for (const sales::v1::SpeedWithin& within : figures.within()) {
    text += (text.empty() ? "" : " · ") + std::string("within ") + FormatDuration(within.within()) +
            " " + FormatCount(within.done());
  }
  return text;
}

// A line for each day of the week, an hour a column.
std::string HoursText(const sales::v1::ReportSpeedResponse& report) {
  std::array<std::array<double, 24>, 7> asked = {};
  double most = 0;
  for (const sales::v1::SpeedHour& hour : report.hours()) {
    if (hour.hour_of_week() < 0 || hour.hour_of_week() >= 168) continue;
    double& cell = asked[static_cast<size_t>(hour.hour_of_week() / 24)]
                        [static_cast<size_t>(hour.hour_of_week() % 24)];
    cell = static_cast<double>(hour.response().asked());
    most = std::max(most, cell);
  }
  if (most == 0) return "";
  std::string text = "\nResponses asked for by hour, 0 to 24\n";
  for (size_t day = 0; day < asked.size(); ++day) {
    // Days are drawn to one scale: the last column, cut off again, is the greatest of the week.
    std::vector<double> values(asked[day].begin(), asked[day].end());
    values.push_back(most);
    std::string line = Sparkline(values);
    constexpr size_t kColumnBytes = 3;
    if (line.size() >= kColumnBytes) line.resize(line.size() - kColumnBytes);
    text += std::string("  ") + kDays[day] + " " + line + "\n";
  }
  return text;
}

std::string RowsText(const char* title,
                     const google::protobuf::RepeatedPtrField<sales::v1::SpeedRow>& rows) {
  Table responses = SpeedTable(title);
  for (const sales::v1::SpeedRow& row : rows) {
    const std::string name = row.name().empty() ? kNobody : ShortName(row.name());
    if (row.response().asked() > 0) AddSpeed(name, row.response(), responses);
    if (row.proposal().asked() > 0) AddSpeed(name + " proposals", row.proposal(), responses);
  }
  return responses.empty() ? "" : "\n" + responses.ToText();
}

void AddDeclines(const std::string& name, const sales::v1::DeclineFigures& figures, Table& table) {
  table.Add({name, FormatCount(figures.declined()), Percent(figures.argued_better()),
             Percent(figures.argued_price()), Percent(figures.argued_differ()),
             Percent(figures.argued_fully()), Percent(figures.returned_within_90_days()),
             Percent(figures.returned_within_365_days()), Percent(figures.returned()),
             CountOrNothing(figures.referrals()), CountOrNothing(figures.won()),
             MoneyOrNothing(figures.revenue()),
             figures.has_yield() ? MoneyOrNothing(figures.yield()) : kNothing});
}

Table DeclineTable(const char* title) {
  return Table({{title},
                {"DECLINED", kRight},
                {"BETTER", kRight},
                {"PRICE", kRight},
                {"DIFFER", kRight},
                {"ALL THREE", kRight},
                {"BACK IN 90 D", kRight},
                {"IN 365 D", kRight},
                {"EVER", kRight},
                {"SENT", kRight},
                {"WON", kRight},
                {"REVENUE", kRight},
                {"YIELD", kRight}});
}

std::string DeclineRows(const char* title,
                        const google::protobuf::RepeatedPtrField<sales::v1::DeclineFigures>& rows) {
  if (rows.empty()) return "";
  Table table = DeclineTable(title);
  for (const sales::v1::DeclineFigures& figures : rows) {
    AddDeclines(figures.key().empty() ? kNobody : figures.key(), figures, table);
  }
  return "\n" + table.ToText();
}

std::vector<std::string> YieldCells(const std::string& name,
                                    const sales::v1::ReferralYield& yield) {
  return {name, FormatCount(yield.leads()), CountOrNothing(yield.won()),
          MoneyOrNothing(yield.revenue())};
}

}  // namespace

std::string SpeedText(const sales::v1::ReportSpeedResponse& report) {
  std::string text = ReportTitle("Speed", report.window(), report.as_of_revision()) + "\n";
  if (report.response().asked() + report.proposal().asked() == 0) return text + kNothingInWindow;
  Table total = SpeedTable("WORKING TIME");
  AddSpeed("responses", report.response(), total);
  AddSpeed("proposals", report.proposal(), total);
  text += total.ToText();
  if (report.response().done() > 0) text += "responses " + WithinText(report.response()) + "\n";
  if (report.proposal().done() > 0) text += "proposals " + WithinText(report.proposal()) + "\n";
  return text + RowsText("SELLER", report.sellers()) + RowsText("CHANNEL", report.channels()) +
         HoursText(report);
}

std::string DeclinesText(const sales::v1::ReportDeclinesResponse& report) {
  std::string text = ReportTitle("Declines", report.window(), report.as_of_revision()) + "\n";
  if (report.total().declined() == 0) return text + kNothingInWindow;
  Table total = DeclineTable("");
  AddDeclines("all", report.total(), total);
  text += total.ToText();
  text += "came back    " + PercentWithBase(report.total().returned()) + "\n";
  return text + DeclineRows("REASON", report.reasons()) +
         DeclineRows("DECIDED BY", report.deciders()) + DeclineRows("STAGE", report.stages());
}

std::string ReferralsText(const sales::v1::ReportReferralsResponse& report) {
  std::string text = ReportTitle("Referrals", report.window(), report.as_of_revision()) + "\n";
  if (report.total().leads() == 0) return text + kNothingInWindow;
  Table generations(
      {{"GENERATION"}, {"LEADS", kRight}, {"WON", kRight}, {"REVENUE", kRight}, {""}});
  for (const sales::v1::ReferralGeneration& generation : report.generations()) {
    std::vector<std::string> cells =
        YieldCells(std::to_string(generation.generation()), generation.yield());
    cells.push_back(Bar(static_cast<double>(generation.yield().leads()) /
                            static_cast<double>(report.total().leads()),
                        kBarWidth));
    generations.Add(std::move(cells));
  }
  generations.Add(YieldCells("all", report.total()));
  text += generations.ToText();
  Table contacts({{"CONTACT"},
                  {"SENT", kRight},
                  {"WON", kRight},
                  {"REVENUE", kRight},
                  {"WITH THEIRS", kRight},
                  {"WON", kRight},
                  {"REVENUE", kRight}});
  for (const sales::v1::ReferrerFigures& figures : report.contacts()) {
    std::vector<std::string> cells = YieldCells(ShortName(figures.contact()), figures.direct());
    const std::vector<std::string> all = YieldCells("", figures.all());
    cells.insert(cells.end(), all.begin() + 1, all.end());
    contacts.Add(std::move(cells));
  }
  text += "\n" + contacts.ToText();
  if (report.contacts_count() > report.contacts_size()) {
    text += FormatCount(report.contacts_count() - report.contacts_size()) + " more sent fewer\n";
  }
  return text;
}

}  // namespace salesctl
