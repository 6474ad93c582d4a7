#include "service/src/convert/load.h"

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"
#include "service/src/convert/report_parts.h"

namespace sales::service {
namespace {

void Set(const ArrivalFigures& figures, v1::ArrivalFigures* out) {
  out->set_arrivals(figures.arrivals);
  out->set_hours(figures.hours);
  out->set_mean(figures.mean);
  out->set_variance(figures.variance);
  if (figures.dispersion.has_value()) out->set_dispersion(*figures.dispersion);
}

void Set(const StaffingSimulation& simulation, v1::StaffingSimulation* out) {
  out->set_rounds(simulation.rounds);
  out->set_arrivals(simulation.arrivals);
  out->set_service_level(simulation.service_level);
  out->set_low(simulation.low);
  out->set_high(simulation.high);
  SetDuration(simulation.mean_wait, out->mutable_mean_wait());
  SetDuration(simulation.p90_wait, out->mutable_p90_wait());
  out->set_further_sellers(simulation.further_sellers);
}

}  // namespace

absl::StatusOr<ReportQuery> FromProto(const v1::ReportLoadRequest& request,
                                      const std::string& workspace) {
  ReportQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  ASSIGN_OR_RETURN(query.funnel, FunnelRef(request.funnel(), workspace, "funnel"));
  ASSIGN_OR_RETURN(query.filter, FilterFrom(request.filter(), workspace));
  query.as_of_revision = request.as_of_revision();
  return query;
}

absl::StatusOr<StaffingQuery> FromProto(const v1::PlanStaffingRequest& request,
                                        const std::string& workspace) {
  StaffingQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  ASSIGN_OR_RETURN(query.filter, FilterFrom(request.filter(), workspace));
  query.as_of_revision = request.as_of_revision();
  if (!request.has_handling_time()) {
    return Refuse(Reason::kFieldRequired, "handling_time", "is needed");
  }
  ASSIGN_OR_RETURN(query.handling_time, DurationFrom(request.handling_time(), "handling_time"));
  ASSIGN_OR_RETURN(query.wait_limit, DurationFrom(request.wait_limit(), "wait_limit"));
  query.goal = request.goal();
  query.simulation_rounds = request.simulation_rounds();
  query.simulation_seed = request.simulation_seed();
  return query;
}

v1::ReportLoadResponse ToProto(const LoadReport& report, const std::string& workspace) {
  v1::ReportLoadResponse out;
  SetWindow(report.window, out.mutable_window());
  out.set_as_of_revision(report.as_of_revision);
  Set(report.total, out.mutable_total());
  for (const HourLoad& hour : report.hours) {
    v1::HourLoad& added = *out.add_hours();
    added.set_hour_of_week(hour.hour_of_week);
    Set(hour.arrivals, added.mutable_arrivals());
  }
  for (const BusyHour& busy : report.busiest) {
    v1::BusyHour& added = *out.add_busiest();
    SetTime(busy.start_time, added.mutable_start_time());
    added.set_arrivals(busy.arrivals);
  }
  for (const SellerLoad& load : report.sellers) {
    v1::SellerLoad& added = *out.add_sellers();
    added.set_seller(SellerNameOf(workspace, load.seller));
    added.set_open_leads(load.open_leads);
    added.set_open_work_units(load.open_work_units);
    if (load.capacity.has_value()) added.set_capacity(*load.capacity);
  }
  return out;
}

v1::PlanStaffingResponse ToProto(const StaffingPlan& plan) {
  v1::PlanStaffingResponse out;
  SetWindow(plan.window, out.mutable_window());
  out.set_as_of_revision(plan.as_of_revision);
  for (const HourStaffing& hour : plan.hours) {
    v1::HourStaffing& added = *out.add_hours();
    added.set_hour_of_week(hour.hour_of_week);
    added.set_arrivals_per_hour(hour.arrivals_per_hour);
    added.set_offered_load(hour.offered_load);
    added.set_sellers(hour.sellers);
    added.set_service_level(hour.service_level);
  }
  out.set_seller_hours(plan.seller_hours);
  out.set_sellers_at_peak(plan.sellers_at_peak);
  if (plan.simulation.has_value()) Set(*plan.simulation, out.mutable_simulation());
  return out;
}

}  // namespace sales::service
