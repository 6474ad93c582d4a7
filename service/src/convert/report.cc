#include "service/src/convert/report.h"

#include <optional>

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"
#include "service/src/convert/report_parts.h"

namespace sales::service {
namespace {

void Set(const DayFigures& figures, v1::DayFigures* out) {
  out->set_count(figures.count);
  out->set_sum(figures.sum);
  out->set_mean(figures.mean);
  out->set_median(figures.median);
  out->set_p90(figures.p90);
}

void Set(const OutcomeCounts& counts, v1::Outcomes* out) {
  out->set_open(counts.open);
  out->set_nurtured(counts.nurtured);
  out->set_won(counts.won);
  out->set_declined(counts.declined);
  out->set_lost(counts.lost);
  out->set_disqualified(counts.disqualified);
}

void Set(const FunnelStageFigures& figures, v1::FunnelStage* out) {
  out->set_stage(figures.stage);
  out->set_display_name(figures.display_name);
  out->set_qualifying(figures.qualifying);
  out->set_entered(figures.entered);
  out->set_reached(figures.reached);
  SetRate(figures.step_conversion, out->mutable_step_conversion());
  SetRate(figures.reached_share, out->mutable_reached_share());
  SetMoney(figures.expected_value, out->mutable_expected_value());
  SetDurations(figures.time_in_stage, out->mutable_time_in_stage());
  Set(figures.left, out->mutable_left());
}

void Set(const FunnelPeriod& period, v1::FunnelPeriod* out) {
  out->set_received(period.received);
  for (const StageEntries& entries : period.entries) {
    v1::StageEntries& added = *out->add_entries();
    added.set_stage(entries.stage);
    added.set_count(entries.count);
  }
  out->set_won(period.won);
  out->set_declined(period.declined);
  out->set_lost(period.lost);
  out->set_disqualified(period.disqualified);
  out->set_nurtured(period.nurtured);
  SetMoney(period.revenue, out->mutable_revenue());
}

std::string FiguresName(const ChannelFigures& figures, const std::string& workspace) {
  if (!figures.campaign.empty()) {
    return CampaignNameOf(workspace, figures.channel, figures.campaign);
  }
  return ChannelNameOf(workspace, figures.channel);
}

void Set(const ChannelFigures& figures, const std::string& workspace, v1::ChannelFigures* out) {
  out->set_name(FiguresName(figures, workspace));
  out->set_leads(figures.leads);
  out->set_new_contacts(figures.new_contacts);
  out->set_qualified(figures.qualified);
  out->set_won(figures.won);
  out->set_declined(figures.declined);
  SetMoney(figures.revenue, out->mutable_revenue());
  SetMoney(figures.spend, out->mutable_spend());
  SetRate(figures.conversion, out->mutable_conversion());
  SetDurations(figures.response, out->mutable_response());
  Set(figures.days_to_win, out->mutable_days_to_win());
  if (figures.cost_per_lead) SetMoney(*figures.cost_per_lead, out->mutable_cost_per_lead());
  if (figures.cost_per_qualified_lead) {
    SetMoney(*figures.cost_per_qualified_lead, out->mutable_cost_per_qualified_lead());
  }
  if (figures.cost_per_sale) SetMoney(*figures.cost_per_sale, out->mutable_cost_per_sale());
  if (figures.return_on_spend) out->set_return_on_spend(*figures.return_on_spend);
  if (figures.saturation) SetRate(*figures.saturation, out->mutable_saturation());
  out->mutable_decline_yield()->set_returned(figures.decline_yield.returned);
  out->mutable_decline_yield()->set_won(figures.decline_yield.won);
  SetMoney(figures.decline_yield.revenue, out->mutable_decline_yield()->mutable_revenue());
}

}  // namespace

v1::ReportFunnelResponse ToProto(const FunnelReport& report) {
  v1::ReportFunnelResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_funnel(report.funnel);
  out.set_as_of_revision(report.as_of_revision);
  out.set_received(report.received);
  Set(report.outcomes, out.mutable_outcomes());
  SetRate(report.overall_conversion, out.mutable_overall_conversion());
  SetRate(report.qualified, out.mutable_qualified());
  SetMoney(report.revenue, out.mutable_revenue());
  for (const FunnelStageFigures& stage : report.stages) Set(stage, out.add_stages());
  Set(report.period, out.mutable_period());
  return out;
}

v1::ReportChannelsResponse ToProto(const ChannelReport& report, const std::string& workspace) {
  v1::ReportChannelsResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  for (const ChannelFigures& row : report.rows) Set(row, workspace, out.add_rows());
  Set(report.total, workspace, out.mutable_total());
  return out;
}

absl::StatusOr<ReportQuery> FromProto(const v1::ReportFunnelRequest& request,
                                      const std::string& workspace) {
  return QueryFrom(request, workspace);
}

absl::StatusOr<ReportQuery> FromProto(const v1::ReportChannelsRequest& request,
                                      const std::string& workspace) {
  ASSIGN_OR_RETURN(ReportQuery query, QueryFrom(request, workspace));
  query.include_campaigns = request.include_campaigns();
  return query;
}

}  // namespace sales::service
