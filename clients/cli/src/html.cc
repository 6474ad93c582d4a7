#include "clients/cli/src/html.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "clients/cli/src/report_cells.h"

namespace salesctl {
namespace {

// Pictures are as wide as the page: places are shares of the width, heights are pixels, so that
// text keeps its size on every screen.
constexpr int kBarRowHeight = 44;
constexpr int kHeatRowHeight = 22;
constexpr int kHeatTop = 20;
constexpr double kHeatLeft = 11;
constexpr size_t kHoursOfDay = 24;
constexpr size_t kHoursOfWeek = 168;
constexpr double kHourWidth = (100 - kHeatLeft) / kHoursOfDay;
// Longer names would run into the figures on a phone; the whole name is in the bar's title.
constexpr int kBarNameWidth = 22;
constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

constexpr char kStyle[] = R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #5b6470; --line: #d5dae0;
  --paper: #ffffff; --accent: #1d63d8; --track: #e8ecf1; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --faint: #a3abb5; --line: #3a4048; --paper: #16181c; --accent: #6ea8ff;
    --track: #2a2f36; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 68rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
section { border-top: 1px solid var(--line); padding: 1.2rem 0; }
p { margin: .2rem 0 .6rem; }
.scope, .note { color: var(--faint); font-size: .875rem; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-bottom: 1rem; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .6rem 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; margin: .6rem 0; font: 14px system-ui, sans-serif; }
svg text { fill: var(--ink); }
.track { fill: var(--track); }
.bar, .hour { fill: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; }
th, td { padding: .25rem .7rem .25rem 0; text-align: left; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--faint); font-weight: normal; }
tbody th { font-weight: normal; white-space: pre; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; color: var(--faint); font-size: .875rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  nav, summary { display: none; }
  section { break-inside: avoid-page; }
  table { font-size: 8px; }
  .scroll { overflow: visible; }
  * { print-color-adjust: exact; }
}
)css";

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : ForTerminal(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Percentage(double number) { return Decimal(number, 3) + "%"; }

std::string FactsHtml(const std::vector<Fact>& facts) {
  if (facts.empty()) return "";
  std::string html = "<dl>\n";
  for (const Fact& fact : facts) {
    html += "<dt>" + Escaped(fact.name) + "</dt><dd>" + Escaped(fact.value) + "</dd>\n";
  }
  return html + "</dl>\n";
}

// The table's bars, each with its name and the two figures beside it.
std::string BarsHtml(const Table& table, size_t bar_column, const std::string& title) {
  std::string rows;
  int top = 0;
  for (const std::vector<std::string>& row : table.rows()) {
    if (row.size() <= bar_column || row[bar_column].empty()) continue;
    const std::string& name = row.front();
    std::string figures = row.size() > bar_column + 1 ? row[bar_column + 1] : "";
    if (row.size() > bar_column + 2 && row[bar_column + 2] != kNothing) {
      figures += " · " + row[bar_column + 2];
    }
    const double share = std::clamp(ShareOf(row[bar_column]), 0.0, 1.0);
    rows += "<g><title>" + Escaped(name + ": " + figures) + "</title>" + "<text x=\"0\" y=\"" +
            std::to_string(top + 16) + "\">" + Escaped(Shortened(name, kBarNameWidth)) + "</text>" +
            "<text x=\"100%\" y=\"" + std::to_string(top + 16) + "\" text-anchor=\"end\">" +
            Escaped(figures) + "</text>" + "<rect class=\"track\" x=\"0\" y=\"" +
            std::to_string(top + 22) + "\" width=\"100%\" height=\"12\" rx=\"3\"/>" +
            "<rect class=\"bar\" x=\"0\" y=\"" + std::to_string(top + 22) + "\" width=\"" +
            Percentage(share * 100) + "\" height=\"12\" rx=\"3\"/></g>\n";
    top += kBarRowHeight;
  }
  if (rows.empty()) return "";
  return "<svg role=\"img\" height=\"" + std::to_string(top) + "\"><title>" + Escaped(title) +
         "</title>\n" + rows + "</svg>\n";
}

std::string TwoDigits(size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string HeatHtml(const HeatMap& heat, const std::string& title) {
  if (heat.values.size() != kHoursOfWeek) return "";
  const double greatest = *std::max_element(heat.values.begin(), heat.values.end());
  std::string html = "<svg role=\"img\" height=\"" + std::to_string(kHeatTop + 7 * kHeatRowHeight) +
                     "\"><title>" + Escaped(title) + "</title>\n";
  for (size_t hour = 0; hour < kHoursOfDay; hour += 6) {
    html += "<text x=\"" + Percentage(kHeatLeft + kHourWidth * static_cast<double>(hour)) +
            "\" y=\"14\">" + TwoDigits(hour) + ":00</text>\n";
  }
  for (size_t i = 0; i < kHoursOfWeek; ++i) {
    const size_t day = i / kHoursOfDay;
    const size_t hour = i % kHoursOfDay;
    const int top = kHeatTop + static_cast<int>(day) * kHeatRowHeight;
    if (hour == 0) {
      html += "<text x=\"0\" y=\"" + std::to_string(top + 16) + "\">" + kDays[day] + "</text>\n";
    }
    const double share = greatest > 0 ? heat.values[i] / greatest : 0;
    const std::string place =
        "x=\"" + Percentage(kHeatLeft + kHourWidth * static_cast<double>(hour)) + "\" y=\"" +
        std::to_string(top) + "\" width=\"" + Percentage(kHourWidth - 0.3) + "\" height=\"" +
        std::to_string(kHeatRowHeight - 2) + "\"";
    html += "<g><title>" + std::string(kDays[day]) + " " + TwoDigits(hour) +
            ":00: " + Decimal(heat.values[i], heat.values[i] < 10 ? 2 : 0) + " " +
            Escaped(heat.unit) + "</title><rect class=\"track\" " + place + "/>" +
            "<rect class=\"hour\" " + place + " fill-opacity=\"" + Decimal(share, 3) + "\"/></g>\n";
  }
  return html + "</svg>\n";
}

std::string TableHtml(const Table& table, const std::string& caption) {
  std::string html =
      "<details open><summary>Table</summary><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"" +
      Escaped(caption) + "\"><table>\n<thead><tr>";
  const std::vector<Table::Column>& columns = table.columns();
  const auto is_number = [&](size_t i) { return columns[i].align == Table::Align::kRight; };
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].align == Table::Align::kBar) continue;
    html += std::string("<th scope=\"col\"") + (is_number(i) ? " class=\"number\">" : ">") +
            Escaped(columns[i].title) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : table.rows()) {
    html += "<tr>";
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].align == Table::Align::kBar) continue;
      const std::string cell = i < row.size() ? Escaped(row[i]) : "";
      if (i == 0) {
        html += "<th scope=\"row\">" + cell + "</th>";
      } else {
        html += (is_number(i) ? "<td class=\"number\">" : "<td>") + cell + "</td>";
      }
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div></details>\n";
}

std::string BlockHtml(const ReportPage& page, const Block& block) {
  const std::string name = block.heading.empty() ? page.title : page.title + ": " + block.heading;
  std::string html;
  if (!block.heading.empty()) html += "<h3>" + Escaped(block.heading) + "</h3>\n";
  html += FactsHtml(block.facts);
  if (block.heat.has_value()) html += HeatHtml(*block.heat, name);
  if (block.table.has_value()) {
    const std::vector<Table::Column>& columns = block.table->columns();
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].align == Table::Align::kBar) html += BarsHtml(*block.table, i, name);
    }
    html += TableHtml(*block.table, name);
  }
  if (!block.note.empty()) html += "<p class=\"note\">" + Escaped(block.note) + "</p>\n";
  return html;
}

}  // namespace

std::string ToHtml(const std::string& title, const std::vector<ReportPage>& pages) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      Escaped(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<h1>" +
      Escaped(title) + "</h1>\n";
  if (pages.size() > 1) {
    html += "<nav aria-label=\"Reports\">\n";
    for (size_t i = 0; i < pages.size(); ++i) {
      html +=
          "<a href=\"#report-" + std::to_string(i + 1) + "\">" + Escaped(pages[i].title) + "</a>\n";
    }
    html += "</nav>\n";
  }
  html += "<main>\n";
  for (size_t i = 0; i < pages.size(); ++i) {
    const std::string id = "report-" + std::to_string(i + 1);
    html += "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-title\">\n<h2 id=\"" + id +
            "-title\">" + Escaped(pages[i].title) + "</h2>\n<p class=\"scope\">" +
            Escaped(pages[i].scope) + "</p>\n";
    for (const Block& block : pages[i].blocks) html += BlockHtml(pages[i], block);
    html += "</section>\n";
  }
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace salesctl
