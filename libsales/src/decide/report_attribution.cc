#include "src/decide/report_attribution.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "src/decide/attribution.h"
#include "src/decide/markov_chain.h"

namespace sales {
namespace {

constexpr double kConversionShares = 1e9;
// Removal effects as weights for sharing revenue.
constexpr double kEffectScale = 1e15;

AttributionCredit& CreditOf(TouchModel model, ChannelAttribution& row) {
  switch (model) {
    case TouchModel::kFirst:
      return row.first;
    case TouchModel::kLast:
      return row.last;
    case TouchModel::kLinear:
      return row.linear;
    case TouchModel::kPosition:
      return row.position;
    case TouchModel::kTimeDecay:
      return row.time_decay;
  }
  return row.first;
}

PathSteps StepsOf(const TallySum& sums) {
  PathSteps steps;
  for (const std::string& detail : sums.Details(Metric::kPathSteps)) {
    const size_t mark = detail.find('>');
    if (mark == std::string::npos) continue;
    steps[{detail.substr(0, mark), detail.substr(mark + 1)}] +=
        sums.Get(Metric::kPathSteps, detail);
  }
  const auto add_lone = [&](Metric metric, const char* end) {
    for (const std::string& channel : sums.Details(metric)) {
      const int64_t count = sums.Get(metric, channel);
      steps[{kPathStart, channel}] += count;
      steps[{channel, end}] += count;
    }
  };
  add_lone(Metric::kLonePaths, kPathEnd);
  add_lone(Metric::kLoneWins, kPathWon);
  return steps;
}

// The credits of the five models that look at each path by itself.
void AddCredits(const std::string& currency_code, const TallySum& sums,
                std::map<std::string, ChannelAttribution>& rows) {
  for (auto& [channel, row] : rows) {
    const int64_t lone = sums.Get(Metric::kLoneWins, channel);
    const int64_t lone_revenue = sums.Get(Metric::kLoneRevenue, channel);
    for (const TouchModel model : kTouchModels) {
      const auto bucket = static_cast<int64_t>(model);
      AttributionCredit& credit = CreditOf(model, row);
      credit.conversions =
          static_cast<double>(lone) +
          static_cast<double>(sums.Get(Metric::kCredit, channel, bucket)) / kConversionShares;
      credit.revenue = {currency_code,
                        lone_revenue + sums.Get(Metric::kCreditRevenue, channel, bucket)};
    }
  }
}

void AddMarkov(const PathSteps& steps, const AttributionReport& report,
               std::map<std::string, ChannelAttribution>& rows) {
  const std::map<std::string, double> effects = RemovalEffects(steps);
  double sum = 0;
  for (const auto& [channel, effect] : effects) sum += effect;
  std::vector<uint64_t> weights;
  for (auto& [channel, row] : rows) {
    const auto effect = effects.find(channel);
    row.removal_effect = effect == effects.end() ? 0 : effect->second;
    const double share = sum > 0 ? row.removal_effect / sum : 0;
    row.markov.conversions = static_cast<double>(report.conversions) * share;
    weights.push_back(static_cast<uint64_t>(std::llround(share * kEffectScale)));
  }
  const bool shared = std::any_of(weights.begin(), weights.end(), [](uint64_t w) { return w > 0; });
  const std::vector<int64_t> revenue = shared ? Apportion(report.revenue.minor_units, weights)
                                              : std::vector<int64_t>(rows.size(), 0);
  size_t i = 0;
  for (auto& [channel, row] : rows) {
    row.markov.revenue = {report.revenue.currency_code, revenue[i++]};
  }
}

}  // namespace

bool IsOfPaths(Metric metric) {
  return metric >= Metric::kLonePaths && metric <= Metric::kCreditRevenue;
}

AttributionReport MakeAttributionReport(const AttributionQuery& query,
                                        const std::string& currency_code, int64_t revision,
                                        const TallySum& sums) {
  AttributionReport report;
  report.window = query.window;
  report.as_of_revision = revision;
  report.revenue.currency_code = currency_code;
  const PathSteps steps = StepsOf(sums);
  std::map<std::string, ChannelAttribution> rows;
  for (const auto& [step, count] : steps) {
    if (count == 0) continue;
    if (step.second == kPathWon) {
      report.conversions += count;
    } else if (step.second == kPathEnd) {
      report.paths_without_conversion += count;
    } else {
      rows[step.second].channel = step.second;
    }
  }
  AddCredits(currency_code, sums, rows);
  for (const auto& [channel, row] : rows) {
    report.revenue.minor_units += row.first.revenue.minor_units;
  }
  AddMarkov(steps, report, rows);
  for (auto& [channel, row] : rows) report.rows.push_back(std::move(row));
  return report;
}

}  // namespace sales
