#include "service/src/convert/outlook.h"

#include <cstdio>
#include <optional>

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"
#include "service/src/convert/report_parts.h"

namespace sales::service {
namespace {

void Set(const AttributionCredit& credit, v1::AttributionCredit* out) {
  out->set_conversions(credit.conversions);
  SetMoney(credit.revenue, out->mutable_revenue());
}

void Set(const ForecastFigures& figures, v1::ForecastFigures* out) {
  out->set_leads(figures.leads);
  out->set_leads_without_value(figures.leads_without_value);
  SetMoney(figures.expected_value, out->mutable_expected_value());
  SetMoney(figures.weighted, out->mutable_weighted());
  out->set_expected_wins(figures.expected_wins);
  if (figures.p10) SetMoney(*figures.p10, out->mutable_p10());
  if (figures.p50) SetMoney(*figures.p50, out->mutable_p50());
  if (figures.p90) SetMoney(*figures.p90, out->mutable_p90());
}

std::string MonthText(const std::optional<absl::CivilMonth>& month) {
  if (!month.has_value()) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d", static_cast<int>(month->year()), month->month());
  return text;
}

void Set(const PlanAmount& amount, v1::PlanAmount* out) {
  if (amount.target) SetMoney(*amount.target, out->mutable_target());
  SetMoney(amount.fact, out->mutable_fact());
  if (amount.due) SetMoney(*amount.due, out->mutable_due());
  if (amount.projection) SetMoney(*amount.projection, out->mutable_projection());
}

void Set(const PlanCount& count, v1::PlanCount* out) {
  if (count.target) out->set_target(*count.target);
  out->set_fact(count.fact);
  if (count.due) out->set_due(*count.due);
  if (count.projection) out->set_projection(*count.projection);
}

void Set(const PlanShare& share, v1::PlanShare* out) {
  if (share.target) out->set_target(*share.target);
  SetRate(share.fact, out->mutable_fact());
}

void Set(const PlanProgress& progress, const std::string& workspace, v1::PlanProgress* out) {
  if (!progress.plan.empty()) out->set_plan(PlanNameOf(workspace, progress.plan));
  out->set_quarter(progress.quarter);
  out->set_team(TeamNameOf(workspace, progress.team));
  out->set_seller(SellerNameOf(workspace, progress.seller));
  SetDuration(progress.elapsed, out->mutable_elapsed());
  SetDuration(progress.total, out->mutable_total());
  Set(progress.revenue, out->mutable_revenue());
  Set(progress.won, out->mutable_won());
  Set(progress.leads, out->mutable_leads());
  Set(progress.response_within_limit, out->mutable_response_within_limit());
  Set(progress.proposal_within_limit, out->mutable_proposal_within_limit());
  Set(progress.conversion, out->mutable_conversion());
}

}  // namespace

absl::StatusOr<AttributionQuery> FromProto(const v1::ReportAttributionRequest& request) {
  AttributionQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  query.as_of_revision = request.as_of_revision();
  return query;
}

absl::StatusOr<ForecastQuery> FromProto(const v1::ReportForecastRequest& request,
                                        const std::string& workspace) {
  ForecastQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  ASSIGN_OR_RETURN(query.funnel, FunnelRef(request.funnel(), workspace, "funnel"));
  ASSIGN_OR_RETURN(query.filter, FilterFrom(request.filter(), workspace));
  query.as_of_revision = request.as_of_revision();
  query.simulation_rounds = request.simulation_rounds();
  query.simulation_seed = request.simulation_seed();
  return query;
}

absl::StatusOr<PlanQuery> FromProto(const v1::ReportPlanRequest& request,
                                    const std::string& workspace) {
  PlanQuery query;
  query.quarter = request.quarter();
  ASSIGN_OR_RETURN(query.team, TeamRef(request.team(), workspace, "team"));
  ASSIGN_OR_RETURN(query.seller, SellerRef(request.seller(), workspace, "seller"));
  query.as_of_revision = request.as_of_revision();
  return query;
}

v1::ReportAttributionResponse ToProto(const AttributionReport& report,
                                      const std::string& workspace) {
  v1::ReportAttributionResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  out.set_conversions(report.conversions);
  SetMoney(report.revenue, out.mutable_revenue());
  out.set_paths_without_conversion(report.paths_without_conversion);
  for (const ChannelAttribution& row : report.rows) {
    v1::ChannelAttribution& set = *out.add_rows();
    set.set_channel(ChannelNameOf(workspace, row.channel));
    Set(row.first, set.mutable_first());
    Set(row.last, set.mutable_last());
    Set(row.linear, set.mutable_linear());
    Set(row.position, set.mutable_position());
    Set(row.time_decay, set.mutable_time_decay());
    Set(row.markov, set.mutable_markov());
    set.set_removal_effect(row.removal_effect);
  }
  return out;
}

v1::ReportForecastResponse ToProto(const ForecastReport& report, const std::string& workspace) {
  v1::ReportForecastResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  Set(report.total, out.mutable_total());
  for (const ForecastMonth& month : report.months) {
    v1::ForecastMonth& set = *out.add_months();
    set.set_month(MonthText(month.month));
    Set(month.figures, set.mutable_figures());
  }
  for (const ForecastStage& stage : report.stages) {
    v1::ForecastStage& set = *out.add_stages();
    set.set_funnel(FunnelNameOf(workspace, stage.funnel));
    set.set_stage(stage.stage);
    set.set_probability(stage.probability);
    Set(stage.figures, set.mutable_figures());
  }
  out.set_won(report.won);
  SetMoney(report.revenue, out.mutable_revenue());
  out.set_declined(report.declined);
  out.set_lost(report.lost);
  out.set_nurtured(report.nurtured);
  return out;
}

v1::ReportPlanResponse ToProto(const PlanReport& report, const std::string& workspace) {
  v1::ReportPlanResponse out;
  out.set_quarter(report.quarter);
  out.set_as_of_revision(report.as_of_revision);
  for (const PlanProgress& row : report.rows) Set(row, workspace, out.add_rows());
  return out;
}

v1::PlanSnapshot ToProto(const PlanSnapshot& snapshot, const std::string& workspace) {
  v1::PlanSnapshot out;
  out.set_date(DayText(snapshot.day));
  out.set_name(PlanNameOf(workspace, snapshot.plan) + "/snapshots/" + out.date());
  out.set_revision(snapshot.revision);
  Set(snapshot.progress, workspace, out.mutable_progress());
  return out;
}

}  // namespace sales::service
