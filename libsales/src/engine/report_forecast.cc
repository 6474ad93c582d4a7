#include "src/decide/report_forecast.h"

#include <memory>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/engine/report_scope.h"
#include "src/store/funnel_rows.h"

namespace sales {
namespace {

using internal::ReadScope;
using internal::ReportBasis;

constexpr Sheet kOpenSheets[] = {Sheet::kCounts, Sheet::kPipeline};
constexpr Sheet kSimulationSheets[] = {Sheet::kCounts, Sheet::kPipeline, Sheet::kPipelineValues};
constexpr Sheet kClosedSheets[] = {Sheet::kCounts};

// What is open, by stage and expected close.
bool IsOfPipeline(Metric metric) {
  return metric == Metric::kLeft || metric == Metric::kPipelineLeads ||
         metric == Metric::kPipelineValue || metric == Metric::kPipelineValued;
}
// Values are many, and only a simulation asks for them.
bool IsOfSimulation(Metric metric) {
  return IsOfPipeline(metric) || metric == Metric::kPipelineValues;
}
bool IsOfClosed(Metric metric) {
  return metric == Metric::kClosed || metric == Metric::kClosedRevenue;
}

using Policies = std::vector<std::shared_ptr<const FunnelPolicy>>;

// The policies in force at the revision, of one funnel or of all.
absl::StatusOr<Policies> PoliciesOf(ReadScope& scope, const ReportBasis& basis) {
  Policies policies;
  const std::string& only = basis.selection.funnel;
  if (basis.past != nullptr) {
    for (const auto& [funnel, version] : basis.past->versions) {
      if (!only.empty() && only != funnel) continue;
      SALES_ASSIGN_OR_RETURN(policies.emplace_back(),
                             internal::PolicyOf(scope, *basis.past, funnel));
    }
    return policies;
  }
  if (!only.empty()) {
    SALES_ASSIGN_OR_RETURN(policies.emplace_back(), scope.Policy(only));
    return policies;
  }
  std::string after;
  while (true) {
    SALES_ASSIGN_OR_RETURN(
        std::vector<FunnelPolicy> page,
        store::ListFunnelPolicies(scope.db, scope.workspace(), after, limits::page_size_max));
    const bool last = static_cast<int>(page.size()) < limits::page_size_max;
    if (!page.empty()) after = page.back().id;
    for (FunnelPolicy& policy : page) {
      policies.push_back(std::make_shared<const FunnelPolicy>(std::move(policy)));
    }
    if (last) return policies;
  }
}

absl::StatusOr<ForecastReport> ForecastIn(ReadScope& scope, const ForecastQuery& query) {
  ReportQuery asked;
  asked.window = query.window;
  asked.funnel = query.funnel;
  asked.filter = query.filter;
  asked.as_of_revision = query.as_of_revision;
  SALES_ASSIGN_OR_RETURN(ReportBasis basis, internal::BasisOf(scope, asked));
  SALES_ASSIGN_OR_RETURN(const Policies policies, PoliciesOf(scope, basis));
  std::vector<FunnelPipeline> funnels;
  for (const std::shared_ptr<const FunnelPolicy>& policy : policies) {
    basis.selection.funnel = policy->id;
    FunnelPipeline& funnel = funnels.emplace_back();
    funnel.policy = policy;
    const internal::SumQuestion open =
        query.simulation_rounds > 0
            ? internal::SumQuestion{Window{}, kSimulationSheets, IsOfSimulation}
            : internal::SumQuestion{Window{}, kOpenSheets, IsOfPipeline};
    const internal::SumQuestion questions[] = {open, {query.window, kClosedSheets, IsOfClosed}};
    SALES_ASSIGN_OR_RETURN(std::vector<TallySum> sums, internal::SumsOf(scope, basis, questions));
    funnel.open = std::move(sums[0]);
    funnel.closed = std::move(sums[1]);
  }
  return MakeForecastReport(query, scope.currency_code(), basis.revision, funnels);
}

}  // namespace

absl::StatusOr<ForecastReport> Desk::ReportForecast(const ForecastQuery& query) const {
  SALES_RETURN_IF_ERROR(
      CheckRange("simulation_rounds", query.simulation_rounds, 0, limits::forecast_rounds_max));
  ForecastReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(report, ForecastIn(scope, query));
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
