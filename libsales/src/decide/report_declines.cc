#include "src/decide/report_declines.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "src/decide/statistics.h"

namespace sales {
namespace {

// By DeclineCount.
using Counts = std::array<int64_t, kDescendantsRevenue + 1>;

void Add(const Counts& from, Counts& to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] = WrappedSum(to[i], from[i]);
}

DeclineFigures FiguresOf(const std::string& key, const Counts& counts,
                         const std::string& currency_code) {
  DeclineFigures figures;
  figures.key = key;
  figures.declined = counts[kDeclined];
  const auto rate = [&](int64_t count) { return MakeRate(count, figures.declined); };
  figures.argued_better = rate(counts[kArguedBetter]);
  figures.argued_price = rate(counts[kArguedPrice]);
  figures.argued_differ = rate(counts[kArguedDiffer]);
  figures.argued_fully = rate(counts[kArguedFully]);
  int64_t returned = counts[kReturnedIn90];
  figures.returned_within_90_days = rate(returned);
  figures.returned_within_180_days = rate(returned += counts[kReturnedIn180]);
  figures.returned_within_365_days = rate(returned += counts[kReturnedIn365]);
  figures.returned = rate(returned += counts[kReturnedLater]);
  figures.referrals = counts[kReferredLeads];
  figures.won = counts[kDescendantsWon];
  figures.revenue = {currency_code, counts[kDescendantsRevenue]};
  if (figures.declined > 0) {
    figures.yield =
        Money{currency_code, DivideRounded(figures.revenue.minor_units, figures.declined)};
  }
  return figures;
}

}  // namespace

DeclineReport MakeDeclineReport(const Window& window, const std::string& currency_code,
                                int64_t as_of_revision, const TallySum& sums) {
  std::map<std::pair<char, std::string>, Counts> groups;
  for (const std::string& detail : sums.Details(Metric::kDecline)) {
    Counts& counts = groups[SplitGroup(detail)];
    for (size_t i = 0; i < counts.size(); ++i) {
      counts[i] = sums.Get(Metric::kDecline, detail, static_cast<int64_t>(i));
    }
  }
  DeclineReport report;
  report.window = window;
  report.as_of_revision = as_of_revision;
  Counts total = {};
  for (const auto& [group, counts] : groups) {
    if (counts[kDeclined] == 0) continue;
    const DeclineFigures figures = FiguresOf(group.second, counts, currency_code);
    if (group.first == kByReason) {
      // Each decline has one reason.
      Add(counts, total);
      report.reasons.push_back(figures);
    } else if (group.first == kByDecider) {
      report.deciders.push_back(figures);
    } else if (group.first == kByStage) {
      report.stages.push_back(figures);
    }
  }
  report.total = FiguresOf("", total, currency_code);
  return report;
}

}  // namespace sales
