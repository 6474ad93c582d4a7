#include "src/decide/staffing.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "sales/engine.h"
#include "sales/limits.h"
#include "src/decide/civil.h"
#include "src/engine/core.h"
#include "src/engine/report_load.h"
#include "src/engine/report_scope.h"
#include "src/store/lead_rows.h"

namespace sales {
namespace {

using internal::ReadScope;
using internal::ReportBasis;

absl::Status CheckSpan(const Window& window) {
  if (!window.start.has_value() || !window.end.has_value()) return absl::OkStatus();
  if (window.end->year() - window.start->year() <= limits::staffing_years_max) {
    return absl::OkStatus();
  }
  return WithMetadata(FieldError(Reason::kWindowInvalid, "window", "is too long to plan by"),
                      "limit", std::to_string(limits::staffing_years_max));
}

absl::Status LimitReached(const char* what, int64_t limit) {
  return WithMetadata(MakeError(Reason::kLimitReached, what), "limit", std::to_string(limit));
}

absl::Status CheckDraws(int64_t arrivals, int64_t rounds) {
  if (rounds == 0) return absl::OkStatus();
  if (arrivals > limits::staffing_arrivals_max) {
    return LimitReached("There are more arrivals than a simulation takes; take a shorter window.",
                        limits::staffing_arrivals_max);
  }
  if (arrivals * rounds <= limits::staffing_draws_max) return absl::OkStatus();
  return LimitReached(
      "There are more arrivals times rounds than a simulation draws; take fewer rounds or a "
      "shorter window.",
      limits::staffing_draws_max);
}

// When the selected leads were received, in order.
absl::StatusOr<std::vector<absl::Time>> ReceiveTimes(ReadScope& scope, const ReportBasis& basis,
                                                     const Window& window) {
  std::vector<absl::Time> times;
  if (basis.past != nullptr) {
    basis.past->fold.ForEach([&](const std::string&, const Track& track) {
      const bool in_window = InWindow(window, DayOf(track.receive_time, basis.zone));
      if (in_window && basis.selection.LetsThrough(track)) times.push_back(track.receive_time);
    });
    std::sort(times.begin(), times.end());
    return times;
  }
  const absl::Time start = absl::FromCivil(absl::CivilSecond(*window.start), basis.zone);
  const absl::Time end = absl::FromCivil(absl::CivilSecond(*window.end), basis.zone);
  const bool whole = basis.place->dimension == Dimension::kAll && basis.selection.funnel.empty();
  if (whole) {
    SALES_RETURN_IF_ERROR(store::ScanReceiveTimes(scope.db, scope.workspace(), start, end,
                                                  limits::staffing_arrivals_max,
                                                  [&](absl::Time time) { times.push_back(time); }));
    return times;
  }
  Track track;
  SALES_RETURN_IF_ERROR(store::ScanReceived(scope.db, scope.workspace(), start, end,
                                            [&](const store::ReceivedLead& lead) {
                                              track.channel.assign(lead.channel);
                                              track.campaign.assign(lead.campaign);
                                              track.seller.assign(lead.seller);
                                              track.funnel.assign(lead.funnel);
                                              if (basis.selection.LetsThrough(track))
                                                times.push_back(lead.receive_time);
                                            }));
  return times;
}

}  // namespace

absl::StatusOr<StaffingPlan> Desk::PlanStaffing(const StaffingQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckStaffing(query));
  SALES_RETURN_IF_ERROR(CheckSpan(query.window));
  ReportQuery asked;
  asked.window = query.window;
  asked.filter = query.filter;
  asked.as_of_revision = query.as_of_revision;
  StaffingPlan plan;
  std::vector<absl::Time> arrivals;
  absl::TimeZone zone;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const ReportBasis basis, internal::BasisOf(scope, asked));
    SALES_ASSIGN_OR_RETURN(const LoadReport load, internal::ArrivalsIn(scope, basis, query.window));
    SALES_RETURN_IF_ERROR(CheckSpan(load.window));
    SALES_ASSIGN_OR_RETURN(plan, PlanSellers(query, load.hours));
    plan.window = load.window;
    plan.as_of_revision = basis.revision;
    zone = basis.zone;
    SALES_RETURN_IF_ERROR(CheckDraws(load.total.arrivals, query.simulation_rounds));
    if (query.simulation_rounds == 0 || load.total.arrivals == 0) return absl::OkStatus();
    SALES_ASSIGN_OR_RETURN(arrivals, ReceiveTimes(scope, basis, load.window));
    return absl::OkStatus();
  }));
  if (query.simulation_rounds == 0) return plan;
  // It holds up no reader.
  bool in_time = true;
  plan.simulation = SimulateSellers(query, plan.hours, arrivals, zone, [&] {
    in_time = in_time && absl::Now() < call_.deadline;
    return in_time;
  });
  if (in_time) return plan;
  return MakeError(Reason::kDeadlineExceeded, "The simulation took longer than the call may.");
}

}  // namespace sales
