#include "service/src/convert/report_lives.h"

#include "service/src/convert/report_parts.h"

namespace sales::service {
namespace {

void Set(const SpeedFigures& figures, v1::SpeedFigures* out) {
  out->set_asked(figures.asked);
  out->set_done(figures.done);
  out->set_open(figures.open);
  out->set_overdue(figures.overdue);
  out->set_dropped(figures.dropped);
  SetRate(figures.within_limit, out->mutable_within_limit());
  SetDurations(figures.time, out->mutable_time());
  for (const SpeedWithin& within : figures.within) {
    v1::SpeedWithin& added = *out->add_within();
    SetDuration(within.within, added.mutable_within());
    added.set_done(within.done);
  }
}

void Set(const SpeedRow& row, const std::string& name, v1::SpeedRow* out) {
  out->set_name(name);
  Set(row.response, out->mutable_response());
  Set(row.proposal, out->mutable_proposal());
}

void Set(const DeclineFigures& figures, v1::DeclineFigures* out) {
  out->set_key(figures.key);
  out->set_declined(figures.declined);
  SetRate(figures.argued_better, out->mutable_argued_better());
  SetRate(figures.argued_price, out->mutable_argued_price());
  SetRate(figures.argued_differ, out->mutable_argued_differ());
  SetRate(figures.argued_fully, out->mutable_argued_fully());
  SetRate(figures.returned_within_90_days, out->mutable_returned_within_90_days());
  SetRate(figures.returned_within_180_days, out->mutable_returned_within_180_days());
  SetRate(figures.returned_within_365_days, out->mutable_returned_within_365_days());
  SetRate(figures.returned, out->mutable_returned());
  out->set_referrals(figures.referrals);
  out->set_won(figures.won);
  SetMoney(figures.revenue, out->mutable_revenue());
  if (figures.yield) SetMoney(*figures.yield, out->mutable_yield());
}

void Set(const ReferralYield& yield, v1::ReferralYield* out) {
  out->set_leads(yield.leads);
  out->set_won(yield.won);
  SetMoney(yield.revenue, out->mutable_revenue());
}

}  // namespace

v1::ReportSpeedResponse ToProto(const SpeedReport& report, const std::string& workspace) {
  v1::ReportSpeedResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  Set(report.response, out.mutable_response());
  Set(report.proposal, out.mutable_proposal());
  for (const SpeedRow& row : report.sellers) {
    Set(row, SellerNameOf(workspace, row.id), out.add_sellers());
  }
  for (const SpeedRow& row : report.channels) {
    Set(row, ChannelNameOf(workspace, row.id), out.add_channels());
  }
  for (const SpeedHour& hour : report.hours) {
    v1::SpeedHour& added = *out.add_hours();
    added.set_hour_of_week(hour.hour_of_week);
    Set(hour.response, added.mutable_response());
  }
  return out;
}

v1::ReportDeclinesResponse ToProto(const DeclineReport& report) {
  v1::ReportDeclinesResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  Set(report.total, out.mutable_total());
  for (const DeclineFigures& figures : report.reasons) Set(figures, out.add_reasons());
  for (const DeclineFigures& figures : report.deciders) Set(figures, out.add_deciders());
  for (const DeclineFigures& figures : report.stages) Set(figures, out.add_stages());
  return out;
}

v1::ReportReferralsResponse ToProto(const ReferralReport& report, const std::string& workspace) {
  v1::ReportReferralsResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  Set(report.total, out.mutable_total());
  out.set_contacts_count(report.contacts_count);
  for (const ReferralGeneration& generation : report.generations) {
    v1::ReferralGeneration& added = *out.add_generations();
    added.set_generation(generation.generation);
    Set(generation.yield, added.mutable_yield());
  }
  for (const ReferrerFigures& figures : report.contacts) {
    v1::ReferrerFigures& added = *out.add_contacts();
    added.set_contact(ContactNameOf(workspace, figures.contact));
    Set(figures.direct, added.mutable_direct());
    Set(figures.all, added.mutable_all());
  }
  for (const ReferralEdge& edge : report.edges) {
    v1::ReferralEdge& added = *out.add_edges();
    added.set_referrer(ContactNameOf(workspace, edge.referrer));
    added.set_contact(ContactNameOf(workspace, edge.contact));
    added.set_leads(edge.leads);
  }
  return out;
}

absl::StatusOr<ReportQuery> FromProto(const v1::ReportSpeedRequest& request,
                                      const std::string& workspace) {
  ASSIGN_OR_RETURN(ReportQuery query, QueryFrom(request, workspace));
  query.include_hours = request.include_hours();
  return query;
}

absl::StatusOr<ReportQuery> FromProto(const v1::ReportDeclinesRequest& request,
                                      const std::string& workspace) {
  return QueryFrom(request, workspace);
}

absl::StatusOr<ReferralQuery> FromProto(const v1::ReportReferralsRequest& request,
                                        const std::string&) {
  ReferralQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  query.as_of_revision = request.as_of_revision();
  query.contacts_max = request.contacts_max();
  return query;
}

}  // namespace sales::service
