#include "src/engine/report_load.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "sales/engine.h"
#include "src/decide/civil.h"
#include "src/decide/moves.h"
#include "src/decide/report_load.h"
#include "src/store/tally_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {
namespace {

constexpr Sheet kSheets[] = {Sheet::kCounts};

// Open leads by seller, funnel and stage.
using OpenLeads = std::map<std::tuple<std::string, std::string, std::string>, int64_t>;

// What the sellers have, and what is open beyond that and so nobody's.
absl::StatusOr<OpenLeads> OpenLeadsNow(ReadScope& scope) {
  OpenLeads open;
  const std::set<std::string, std::less<>> whole = {""};
  store::TallyRange range;
  range.keys = &whole;
  range.sheets = kSheets;
  range.wants = [](Metric metric) { return metric == Metric::kLeft; };
  SALES_RETURN_IF_ERROR(
      store::ReadTallies(scope.db, scope.workspace(), range, [&](const store::TallyGroup& group) {
        constexpr std::string_view kOpen = "/OPEN";
        if (group.detail.size() < kOpen.size()) return;
        const size_t stage = group.detail.size() - kOpen.size();
        if (group.detail.substr(stage) != kOpen) return;
        int64_t& leads =
            open[{"", std::string(group.funnel), std::string(group.detail.substr(0, stage))}];
        for (const BucketCount& count : group.counts) leads += count.n;
      }));
  SALES_ASSIGN_OR_RETURN(const std::vector<store::SellerLoad> loads,
                         store::LoadSellerLoads(scope.db, scope.workspace()));
  for (const store::SellerLoad& load : loads) {
    open[{load.seller, load.funnel, load.stage}] += load.leads;
    open[{"", load.funnel, load.stage}] -= load.leads;
  }
  return open;
}

OpenLeads OpenLeadsThen(const Past& past) {
  OpenLeads open;
  past.fold.ForEach([&](const std::string&, const Track& track) {
    if (track.state == LeadState::kOpen) ++open[{track.seller, track.funnel, track.stage}];
  });
  return open;
}

absl::StatusOr<std::map<std::string, int64_t>> CapacitiesNow(ReadScope& scope) {
  std::map<std::string, int64_t> capacities;
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const TeamSheet> sheet,
                         scope.core.teams().Get(scope.db, scope.workspace(),
                                                scope.row.Stamp(scope.row.team_revision)));
  for (const Seller& seller : sheet->sellers) capacities[seller.id] = seller.capacity;
  return capacities;
}

bool IsShown(const Selection& selection, const std::string& seller) {
  const ReportFilter& filter = selection.filter;
  if (!filter.seller.empty() && filter.seller != seller) return false;
  return filter.team.empty() || selection.team.count(seller) > 0;
}

// Open work is the seller's as a whole: of a filter only seller and team count.
absl::Status AddSellers(ReadScope& scope, const ReportBasis& basis, LoadReport& report) {
  const Past* const past = basis.past.get();
  OpenLeads open;
  std::map<std::string, int64_t> capacities;
  if (past != nullptr) {
    open = OpenLeadsThen(*past);
    capacities = past->capacities;
  } else {
    SALES_ASSIGN_OR_RETURN(open, OpenLeadsNow(scope));
    SALES_ASSIGN_OR_RETURN(capacities, CapacitiesNow(scope));
  }
  std::map<std::string, SellerLoad> sellers;
  for (const auto& [seller, capacity] : capacities) {
    if (capacity > 0) sellers[seller].capacity = capacity;
    sellers[seller].seller = seller;
  }
  for (const auto& [place, leads] : open) {
    const auto& [seller, funnel, stage] = place;
    if (leads == 0) continue;
    std::shared_ptr<const FunnelPolicy> policy;
    if (past != nullptr) {
      SALES_ASSIGN_OR_RETURN(policy, PolicyOf(scope, *past, funnel));
    } else {
      SALES_ASSIGN_OR_RETURN(policy, scope.Policy(funnel));
    }
    SellerLoad& load = sellers[seller];
    load.seller = seller;
    load.open_leads += leads;
    const int index = StageIndex(*policy, stage);
    if (index >= 0) load.open_work_units += leads * policy->stages[index].work_units;
  }
  for (auto& [seller, load] : sellers) {
    if (IsShown(basis.selection, seller)) report.sellers.push_back(std::move(load));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LoadReport> ArrivalsIn(ReadScope& scope, const ReportBasis& basis,
                                      const Window& window) {
  Arrivals arrivals;
  if (basis.past != nullptr) {
    basis.past->fold.ForEach([&](const std::string&, const Track& track) {
      const absl::CivilSecond civil = basis.zone.At(track.receive_time).cs;
      const absl::CivilDay day(civil);
      if (!InWindow(window, day) || !basis.selection.LetsThrough(track)) return;
      arrivals.Add(day, HourMarkOf(track.receive_time, civil, basis.zone), 1);
    });
  } else {
    SALES_RETURN_IF_ERROR(store::ReadDayTallies(
        scope.db, scope.workspace(),
        {basis.place->dimension, &basis.place->keys, basis.selection.funnel, window, kSheets,
         [](Metric metric) { return metric == Metric::kArrivals; }},
        [&](absl::CivilDay day, const store::TallyGroup& group) {
          for (const BucketCount& count : group.counts) arrivals.Add(day, count.bucket, count.n);
        }));
  }
  LoadReport report;
  report.as_of_revision = basis.revision;
  FillArrivals(arrivals, window, basis.zone, report);
  return report;
}

}  // namespace sales::internal

namespace sales {

absl::StatusOr<LoadReport> Desk::ReportLoad(const ReportQuery& query) const {
  LoadReport report;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(const internal::ReportBasis basis, internal::BasisOf(scope, query));
        SALES_ASSIGN_OR_RETURN(report, internal::ArrivalsIn(scope, basis, query.window));
        return internal::AddSellers(scope, basis, report);
      }));
  return report;
}

}  // namespace sales
