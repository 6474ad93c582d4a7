// The pages of speed, declines and referrals.
#include <cstddef>
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
constexpr char kNobody[] = "(nobody)";
constexpr size_t kHoursOfWeek = 168;

void AddSpeed(const std::string& name, const sales::v1::SpeedFigures& figures, Table& table) {
  const sales::v1::DurationFigures& time = figures.time();
  const sales::v1::Rate& within = figures.within_limit();
  table.Add({name, within.denominator() == 0 ? "" : BarCell(within.value()), Percent(within),
             FormatCount(figures.asked()), CountOrNothing(figures.done()),
             CountOrNothing(figures.open()), CountOrNothing(figures.overdue()),
             CountOrNothing(figures.dropped()), DurationCell(time, time.median()),
             DurationCell(time, time.p90()), DurationCell(time, time.mean())});
}

Table SpeedTable(const char* title) {
  return Table({{title},
                {"", Table::Align::kBar},
                {"WITHIN LIMIT", kRight},
                {"ASKED", kRight},
                {"DONE", kRight},
                {"OPEN", kRight},
                {"OVERDUE", kRight},
                {"DROPPED", kRight},
                {"MEDIAN", kRight},
                {"P90", kRight},
                {"MEAN", kRight}});
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

HeatMap AskedByHour(const sales::v1::ReportSpeedResponse& report) {
  HeatMap heat{std::vector<double>(kHoursOfWeek, 0), "asked"};
  for (const sales::v1::SpeedHour& hour : report.hours()) {
    const auto place = static_cast<size_t>(hour.hour_of_week());
    if (place < kHoursOfWeek) heat.values[place] = static_cast<double>(hour.response().asked());
  }
  return heat;
}

void AddSpeedRows(const std::string& heading, const char* title,
                  const google::protobuf::RepeatedPtrField<sales::v1::SpeedRow>& rows,
                  ReportPage& page) {
  Table table = SpeedTable(title);
  for (const sales::v1::SpeedRow& row : rows) {
    const std::string name = row.name().empty() ? kNobody : ShortName(row.name());
    if (row.response().asked() > 0) AddSpeed(name, row.response(), table);
    if (row.proposal().asked() > 0) AddSpeed(name + " proposals", row.proposal(), table);
  }
  if (table.empty()) return;
  Block& block = page.blocks.emplace_back();
  block.heading = heading;
  block.table = std::move(table);
}

// `of`: all declines.
void AddDeclines(const std::string& name, const sales::v1::DeclineFigures& figures, int64_t of,
                 Table& table) {
  table.Add({name, BarCell(static_cast<double>(figures.declined()) / static_cast<double>(of)),
             FormatCount(figures.declined()), Percent(figures.argued_better()),
             Percent(figures.argued_price()), Percent(figures.argued_differ()),
             Percent(figures.argued_fully()), Percent(figures.returned_within_90_days()),
             Percent(figures.returned_within_365_days()), Percent(figures.returned()),
             CountOrNothing(figures.referrals()), CountOrNothing(figures.won()),
             MoneyOrNothing(figures.revenue()),
             figures.has_yield() ? MoneyOrNothing(figures.yield()) : kNothing});
}

Table DeclineTable(const char* title) {
  return Table({{title},
                {"", Table::Align::kBar},
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

void AddDeclineRows(const std::string& heading, const char* title,
                    const google::protobuf::RepeatedPtrField<sales::v1::DeclineFigures>& rows,
                    int64_t of, ReportPage& page) {
  if (rows.empty()) return;
  Table table = DeclineTable(title);
  for (const sales::v1::DeclineFigures& figures : rows) {
    AddDeclines(figures.key().empty() ? kNobody : figures.key(), figures, of, table);
  }
  Block& block = page.blocks.emplace_back();
  block.heading = heading;
  block.table = std::move(table);
}

// The three cells of a yield.
std::vector<std::string> YieldCells(const sales::v1::ReferralYield& yield) {
  return {FormatCount(yield.leads()), CountOrNothing(yield.won()), MoneyOrNothing(yield.revenue())};
}

void Append(const std::vector<std::string>& more, std::vector<std::string>& cells) {
  cells.insert(cells.end(), more.begin(), more.end());
}

}  // namespace

ReportPage SpeedPage(const sales::v1::ReportSpeedResponse& report) {
  ReportPage page{"Speed", ScopeText(report.window(), report.as_of_revision()), {}};
  Block& total = page.blocks.emplace_back();
  if (report.response().asked() + report.proposal().asked() == 0) {
    total.note = kNothingInWindow;
    return page;
  }
  if (report.response().done() > 0) {
    total.facts.push_back({"responses", WithinText(report.response())});
  }
  if (report.proposal().done() > 0) {
    total.facts.push_back({"proposals", WithinText(report.proposal())});
  }
  Table table = SpeedTable("WORKING TIME");
  AddSpeed("responses", report.response(), table);
  AddSpeed("proposals", report.proposal(), table);
  total.table = std::move(table);
  AddSpeedRows("By seller", "SELLER", report.sellers(), page);
  AddSpeedRows("By channel", "CHANNEL", report.channels(), page);
  if (!report.hours().empty()) {
    Block& hours = page.blocks.emplace_back();
    hours.heading = "Responses asked for by hour";
    hours.heat = AskedByHour(report);
  }
  return page;
}

ReportPage DeclinesPage(const sales::v1::ReportDeclinesResponse& report) {
  ReportPage page{"Declines", ScopeText(report.window(), report.as_of_revision()), {}};
  Block& total = page.blocks.emplace_back();
  const int64_t declined = report.total().declined();
  if (declined == 0) {
    total.note = kNothingInWindow;
    return page;
  }
  total.facts = {{"declined", FormatCount(declined)},
                 {"argued fully", PercentWithBase(report.total().argued_fully())},
                 {"came back", PercentWithBase(report.total().returned())}};
  Table table = DeclineTable("");
  AddDeclines("all", report.total(), declined, table);
  total.table = std::move(table);
  AddDeclineRows("By reason", "REASON", report.reasons(), declined, page);
  AddDeclineRows("By who decided", "DECIDED BY", report.deciders(), declined, page);
  AddDeclineRows("By stage", "STAGE", report.stages(), declined, page);
  return page;
}

ReportPage ReferralsPage(const sales::v1::ReportReferralsResponse& report) {
  ReportPage page{"Referrals", ScopeText(report.window(), report.as_of_revision()), {}};
  Block& first = page.blocks.emplace_back();
  if (report.total().leads() == 0) {
    first.note = kNothingInWindow;
    return page;
  }
  const std::vector<Table::Column> yield = {
      {"LEADS", kRight}, {"WON", kRight}, {"REVENUE", kRight}};
  std::vector<Table::Column> columns = {{"GENERATION"}, {"", Table::Align::kBar}};
  columns.insert(columns.end(), yield.begin(), yield.end());
  Table generations(std::move(columns));
  const auto leads = static_cast<double>(report.total().leads());
  for (const sales::v1::ReferralGeneration& generation : report.generations()) {
    std::vector<std::string> cells = {
        std::to_string(generation.generation()),
        BarCell(static_cast<double>(generation.yield().leads()) / leads)};
    Append(YieldCells(generation.yield()), cells);
    generations.Add(std::move(cells));
  }
  std::vector<std::string> all = {"all", ""};
  Append(YieldCells(report.total()), all);
  generations.Add(std::move(all));
  first.table = std::move(generations);
  Table contacts({{"CONTACT"},
                  {"SENT", kRight},
                  {"WON", kRight},
                  {"REVENUE", kRight},
                  {"WITH THEIRS", kRight},
                  {"WON", kRight},
                  {"REVENUE", kRight}});
  for (const sales::v1::ReferrerFigures& figures : report.contacts()) {
    std::vector<std::string> cells = {ShortName(figures.contact())};
    Append(YieldCells(figures.direct()), cells);
    Append(YieldCells(figures.all()), cells);
    contacts.Add(std::move(cells));
  }
  Block& second = page.blocks.emplace_back();
  second.heading = "Who sent the most";
  second.table = std::move(contacts);
  if (report.contacts_count() > report.contacts_size()) {
    second.note =
        FormatCount(report.contacts_count() - report.contacts_size()) + " more sent fewer";
  }
  return page;
}

}  // namespace salesctl
