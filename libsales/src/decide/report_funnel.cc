#include "src/decide/report_funnel.h"

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/decide/statistics.h"

namespace sales {
namespace {

// Splits the detail of kLeft: "stage/STATE".
struct LeftDetail {
  std::string stage;
  LeadState state = LeadState::kUnspecified;
};

LeftDetail SplitLeft(const std::string& detail) {
  const size_t slash = detail.rfind('/');
  if (slash == std::string::npos) return {};
  return {detail.substr(0, slash),
          ParseLeadState(detail.substr(slash + 1)).value_or(LeadState::kUnspecified)};
}

// The stages that occur in the tallies but not in the policy.
std::set<std::string> RemovedStages(const FunnelPolicy& policy, const TallySum& sums) {
  std::set<std::string> removed;
  for (Metric metric : {Metric::kFurthest, Metric::kEntered, Metric::kEntries}) {
    for (const std::string& stage : sums.Details(metric)) removed.insert(stage);
  }
  for (const std::string& detail : sums.Details(Metric::kLeft)) {
    removed.insert(SplitLeft(detail).stage);
  }
  for (const Stage& stage : policy.stages) removed.erase(stage.key);
  return removed;
}

// The figures of a stage that do not depend on the order of stages.
FunnelStageFigures MakeStage(const std::string& key, const TallySum& sums) {
  FunnelStageFigures figures;
  figures.stage = key;
  figures.display_name = key;
  figures.entered = sums.Get(Metric::kEntered, key);
  figures.time_in_stage = sums.Durations(Metric::kStageTime, Metric::kStageTimeSum, key);
  for (const std::string& detail : sums.Details(Metric::kLeft)) {
    const LeftDetail left = SplitLeft(detail);
    if (left.stage == key) AddOutcome(left.state, sums.Get(Metric::kLeft, detail), figures.left);
  }
  return figures;
}

FunnelPeriod MakePeriod(const FunnelReport& report, const std::string& currency_code,
                        const TallySum& sums) {
  FunnelPeriod period;
  period.received = report.received;
  for (const FunnelStageFigures& stage : report.stages) {
    period.entries.push_back({stage.stage, sums.Get(Metric::kEntries, stage.stage)});
  }
  const OutcomeCounts closed = sums.Outcomes(Metric::kClosed);
  period.won = closed.won;
  period.declined = closed.declined;
  period.lost = closed.lost;
  period.disqualified = closed.disqualified;
  period.nurtured = closed.nurtured;
  period.revenue = {currency_code, sums.Get(Metric::kClosedRevenue)};
  return period;
}

}  // namespace

FunnelReport MakeFunnelReport(const FunnelPolicy& policy, const ReportQuery& query,
                              const std::string& currency_code, int64_t as_of_revision,
                              const TallySum& sums) {
  FunnelReport report;
  report.window = query.window;
  report.funnel = policy.id;
  report.as_of_revision = as_of_revision;
  report.received = sums.Get(Metric::kReceived);
  report.outcomes = sums.Outcomes(Metric::kState);
  report.overall_conversion = MakeRate(report.outcomes.won, report.received);
  report.qualified = MakeRate(sums.Get(Metric::kQualified), report.received);
  report.revenue = {currency_code, sums.Get(Metric::kRevenue)};

  for (const Stage& stage : policy.stages) {
    FunnelStageFigures& figures = report.stages.emplace_back(MakeStage(stage.key, sums));
    figures.display_name = stage.display_name;
    figures.qualifying = stage.qualifying;
  }
  // From the last stage back: what reached a later stage reached this one.
  int64_t next_reached = sums.Get(Metric::kWon);
  int64_t expected = sums.Get(Metric::kWonExpected);
  int64_t reached = next_reached;
  for (auto stage = report.stages.rbegin(); stage != report.stages.rend(); ++stage) {
    reached += sums.Get(Metric::kFurthest, stage->stage);
    expected += sums.Get(Metric::kFurthestExpected, stage->stage);
    stage->reached = reached;
    stage->expected_value = {currency_code, expected};
    stage->step_conversion = MakeRate(next_reached, reached);
    next_reached = reached;
  }
  for (const std::string& key : RemovedStages(policy, sums)) {
    FunnelStageFigures figures = MakeStage(key, sums);
    figures.reached = figures.entered;
    const int64_t own_expected = sums.Get(Metric::kFurthestExpected, key);
    figures.expected_value = {currency_code, own_expected};
    report.stages.push_back(std::move(figures));
    if (policy.stages.empty()) continue;
    FunnelStageFigures& first = report.stages.front();
    first.reached += sums.Get(Metric::kFurthest, key);
    first.expected_value.minor_units += own_expected;
    first.step_conversion = MakeRate(first.step_conversion.numerator, first.reached);
  }
  for (FunnelStageFigures& stage : report.stages) {
    stage.reached_share = MakeRate(stage.reached, report.received);
  }
  report.period = MakePeriod(report, currency_code, sums);
  return report;
}

}  // namespace sales
