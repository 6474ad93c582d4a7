#include "clients/cli/src/report_page.h"

#include <algorithm>
#include <cstddef>

#include "clients/cli/src/plot.h"

namespace salesctl {
namespace {

constexpr size_t kHoursOfDay = 24;
constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::string FactsText(const std::vector<Fact>& facts) {
  int width = 0;
  for (const Fact& fact : facts) width = std::max(width, DisplayWidth(fact.name));
  std::string text;
  for (const Fact& fact : facts) {
    const auto padding = static_cast<size_t>(width - DisplayWidth(fact.name));
    text += fact.name + std::string(padding, ' ') + "  " + fact.value + "\n";
  }
  return text;
}

std::string HeatText(const HeatMap& heat) {
  std::string text = "     00    06    12    18\n";
  for (size_t day = 0; day < std::size(kDays); ++day) {
    const auto first = heat.values.begin() + static_cast<std::ptrdiff_t>(day * kHoursOfDay);
    // Against the greatest of the week, so that days can be compared.
    std::vector<double> hours(first, first + static_cast<std::ptrdiff_t>(kHoursOfDay));
    hours.push_back(*std::max_element(heat.values.begin(), heat.values.end()));
    std::string line = Sparkline(hours);
    line.erase(line.size() - std::string("▁").size());
    text += std::string(kDays[day]) + "  " + line + "\n";
  }
  return text;
}

}  // namespace

std::string ToText(const ReportPage& page) {
  std::string text = page.title + ", " + page.scope + "\n";
  for (const Block& block : page.blocks) {
    text += "\n";
    if (!block.heading.empty()) text += block.heading + "\n";
    text += FactsText(block.facts);
    if (block.heat.has_value()) text += HeatText(*block.heat);
    if (block.table.has_value()) text += block.table->ToText();
    if (!block.note.empty()) text += block.note + "\n";
  }
  return text;
}

}  // namespace salesctl
