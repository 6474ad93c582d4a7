#include "src/engine/report_plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/page_token.h"
#include "src/decide/plans.h"
#include "src/decide/report_plan.h"
#include "src/engine/due.h"
#include "src/engine/report_scope.h"
#include "src/store/calendar_rows.h"
#include "src/store/clock_rows.h"
#include "src/store/list.h"
#include "src/store/plan_rows.h"
#include "src/store/plan_snapshot_rows.h"
#include "src/store/tally_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {
namespace {

constexpr Sheet kPlanSheets[] = {Sheet::kCounts, Sheet::kSpeed};

// Sellers by team, as of the revision.
absl::StatusOr<std::map<std::string, std::set<std::string>>> TeamsOf(ReadScope& scope,
                                                                     const ReportBasis& basis) {
  std::map<std::string, std::set<std::string>> teams;
  if (basis.past != nullptr) {
    for (const auto& [seller, team] : basis.past->teams) teams[team].insert(seller);
    return teams;
  }
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const TeamSheet> sheet,
                         scope.core.teams().Get(scope.db, scope.workspace(),
                                                scope.row.Stamp(scope.row.team_revision)));
  for (const Seller& seller : sheet->sellers) teams[seller.team].insert(seller.id);
  return teams;
}

// Whose leads a plan is of; not asked for the studio's.
std::set<std::string> SellersOf(const Plan& plan,
                                const std::map<std::string, std::set<std::string>>& teams) {
  const auto team = teams.find(plan.team);
  if (plan.seller.empty()) return team == teams.end() ? std::set<std::string>() : team->second;
  const bool in_team =
      plan.team.empty() || (team != teams.end() && team->second.count(plan.seller) > 0);
  return in_team ? std::set<std::string>{plan.seller} : std::set<std::string>();
}

bool IsOfStudio(const Plan& plan) { return plan.team.empty() && plan.seller.empty(); }

using Teams = std::map<std::string, std::set<std::string>>;

// The places of the plans that leads count for.
struct Counting {
  std::vector<size_t> every_lead;
  std::map<std::string, std::vector<size_t>, std::less<>> of_seller;

  const std::vector<size_t>& Of(std::string_view seller) const {
    static const auto* const kNone = new std::vector<size_t>;
    const auto found = of_seller.find(seller);
    return found == of_seller.end() ? *kNone : found->second;
  }
};

// Adds what waits and is not due yet to the plans that it counts for.
void AddWaiting(const Run& run, const std::string& seller, const ReportBasis& basis,
                const Window& days, const Counting& counting, std::vector<SpeedSums>& facts) {
  if (!InWindow(days, DayOf(run.start, basis.zone))) return;
  for (const size_t i : counting.every_lead) ++facts[i].waiting.Of(run.kind);
  for (const size_t i : counting.Of(seller)) ++facts[i].waiting.Of(run.kind);
}

void AddFactsThen(const ReportBasis& basis, const Window& days, const Counting& counting,
                  std::vector<SpeedSums>& facts) {
  const Fold& fold = basis.past->fold;
  for (const size_t i : counting.every_lead) facts[i].sums = fold.Sum(basis.selection, days);
  fold.ForEach([&](const std::string&, const Track& track) {
    for (const Run& run : track.runs) {
      if (!run.open() || !run.due.has_value() || *run.due < basis.now) continue;
      AddWaiting(run, track.seller, basis, days, counting, facts);
    }
  });
  if (counting.of_seller.empty()) return;
  fold.ForEachCount(Selection{}, days,
                    [&](const Track& track, const TrackCount& count, const std::string& detail) {
                      for (const size_t i : counting.Of(track.seller)) {
                        facts[i].sums.Add(count.metric, detail, count.bucket, count.n);
                      }
                    });
}

absl::Status AddFactsNow(ReadScope& scope, const ReportBasis& basis, const Window& days,
                         const Counting& counting, std::vector<SpeedSums>& facts) {
  std::vector<store::TallyRange> ranges;
  if (!counting.every_lead.empty()) {
    ranges.push_back(
        {basis.place->dimension, &basis.place->keys, basis.selection.funnel, days, kPlanSheets});
  }
  // Sellers are read together, however many plans there are.
  if (!counting.of_seller.empty()) {
    ranges.push_back({Dimension::kSeller, nullptr, "", days, kPlanSheets});
  }
  store::Inquiry inquiry;
  store::AskForTallies(
      inquiry, scope.workspace(), ranges,
      [&](const store::TallyRange& range, const store::TallyGroup& group) {
        const bool of_seller = range.dimension == Dimension::kSeller;
        for (const size_t i : of_seller ? counting.Of(group.key) : counting.every_lead) {
          facts[i].sums.Add(group.metric, group.detail, group.counts);
        }
      });
  const std::string every_funnel;
  std::vector<store::WaitingRun> waiting;
  store::AskForRunsDue(inquiry, scope.workspace(), every_funnel, basis.now, waiting);
  SALES_RETURN_IF_ERROR(inquiry.Ask(scope.db));
  for (const store::WaitingRun& one : waiting) {
    AddWaiting(one.run, one.seller, basis, days, counting, facts);
  }
  return absl::OkStatus();
}

// The facts of each plan's leads.
absl::StatusOr<std::vector<SpeedSums>> FactsOfPlans(ReadScope& scope, const ReportBasis& basis,
                                                    const std::vector<Plan>& plans,
                                                    const Window& days) {
  std::vector<SpeedSums> facts(plans.size());
  Counting counting;
  SALES_ASSIGN_OR_RETURN(const Teams teams, TeamsOf(scope, basis));
  for (size_t i = 0; i < plans.size(); ++i) {
    if (IsOfStudio(plans[i])) {
      counting.every_lead.push_back(i);
      continue;
    }
    for (const std::string& seller : SellersOf(plans[i], teams)) {
      counting.of_seller[seller].push_back(i);
    }
  }
  if (basis.past != nullptr) {
    AddFactsThen(basis, days, counting, facts);
  } else {
    SALES_RETURN_IF_ERROR(AddFactsNow(scope, basis, days, counting, facts));
  }
  return facts;
}

absl::StatusOr<std::vector<PlanProgress>> ProgressOf(ReadScope& scope, const ReportBasis& basis,
                                                     const std::vector<Plan>& plans,
                                                     const Window& days, const PlanPace& pace) {
  SALES_ASSIGN_OR_RETURN(const std::vector<SpeedSums> facts,
                         FactsOfPlans(scope, basis, plans, days));
  std::vector<PlanProgress> rows;
  rows.reserve(plans.size());
  for (size_t i = 0; i < plans.size(); ++i) {
    rows.push_back(MakePlanProgress(plans[i], scope.currency_code(), pace, facts[i]));
  }
  return rows;
}

// The working time of the default calendar, as it was.
absl::StatusOr<WorkingTime> WorkingTimeAt(ReadScope& scope, const ReportBasis& basis) {
  if (basis.past == nullptr) return WorkingTimeOf(scope);
  SALES_ASSIGN_OR_RETURN(const std::string calendar,
                         store::DefaultCalendarAt(scope.db, scope.workspace(), basis.revision));
  if (calendar.empty()) return WorkingTime();
  SALES_ASSIGN_OR_RETURN(
      const std::optional<Calendar> found,
      store::LoadCalendarAt(scope.db, scope.workspace(), calendar, basis.revision));
  return found.has_value() ? WorkingTime::Of(*found) : WorkingTime();
}

// The quarter's plans as they were at the revision.
absl::StatusOr<std::vector<Plan>> PlansAt(ReadScope& scope, const ReportBasis& basis,
                                          int64_t quarter) {
  SALES_ASSIGN_OR_RETURN(
      const std::vector<Plan> now,
      store::PlansOfQuarter(scope.db, scope.workspace(), quarter, scope.currency_code()));
  if (basis.past == nullptr) return now;
  std::vector<Plan> plans;
  for (const Plan& plan : now) {
    const auto then = basis.past->plans.find(plan.id);
    if (then == basis.past->plans.end()) continue;
    plans.push_back(plan);
    plans.back().targets = then->second;
    std::optional<Money>& revenue = plans.back().targets.revenue;
    if (revenue.has_value()) revenue->currency_code = scope.currency_code();
  }
  return plans;
}

// SELLER_NOT_FOUND, TEAM_NOT_FOUND of those whose plans are asked for.
absl::Status CheckAsked(ReadScope& scope, const PlanQuery& query, const std::vector<Plan>& plans) {
  SALES_RETURN_IF_ERROR(CheckOptionalId("team", query.team));
  SALES_RETURN_IF_ERROR(CheckOptionalId("seller", query.seller));
  // Whoever has a plan is known.
  if (!plans.empty()) return absl::OkStatus();
  if (!query.team.empty()) {
    SALES_ASSIGN_OR_RETURN(const std::optional<Team> team,
                           store::LoadTeam(scope.db, scope.workspace(), query.team));
    if (!team.has_value())
      return FieldError(Reason::kTeamNotFound, "team", "there is no such team");
  }
  if (query.seller.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const std::optional<Seller> seller,
                         store::LoadSeller(scope.db, scope.workspace(), query.seller));
  if (seller.has_value()) return absl::OkStatus();
  return FieldError(Reason::kSellerNotFound, "seller", "there is no such seller");
}

// What the report shows: the plans asked for, and whoever is asked for also without one.
absl::StatusOr<std::vector<Plan>> PlansShown(ReadScope& scope, const ReportBasis& basis,
                                             const PlanQuery& query, int64_t quarter) {
  SALES_ASSIGN_OR_RETURN(std::vector<Plan> plans, PlansAt(scope, basis, quarter));
  plans.erase(std::remove_if(plans.begin(), plans.end(),
                             [&](const Plan& plan) {
                               return (!query.team.empty() && plan.team != query.team) ||
                                      (!query.seller.empty() && plan.seller != query.seller);
                             }),
              plans.end());
  SALES_RETURN_IF_ERROR(CheckAsked(scope, query, plans));
  const bool is_there = std::any_of(plans.begin(), plans.end(), [&](const Plan& plan) {
    return (query.team.empty() || !query.seller.empty() || plan.seller.empty()) &&
           (!query.seller.empty() || !query.team.empty() || IsOfStudio(plan));
  });
  if (is_there) return plans;
  Plan nobody_made;
  nobody_made.quarter = FormatQuarter(quarter);
  nobody_made.team = query.team;
  nobody_made.seller = query.seller;
  plans.insert(plans.begin(), std::move(nobody_made));
  return plans;
}

absl::StatusOr<PlanReport> PlanReportIn(ReadScope& scope, const PlanQuery& query) {
  ReportQuery asked;
  asked.as_of_revision = query.as_of_revision;
  SALES_ASSIGN_OR_RETURN(const ReportBasis basis, BasisOf(scope, asked));
  int64_t quarter = QuarterOf(DayOf(basis.now, basis.zone));
  if (!query.quarter.empty()) {
    const std::optional<int64_t> named = ParseQuarter(query.quarter);
    if (!named.has_value()) {
      return FieldError(Reason::kFieldInvalid, "quarter", "is no quarter of the form 2026-Q1");
    }
    quarter = *named;
  }
  SALES_ASSIGN_OR_RETURN(const std::vector<Plan> plans, PlansShown(scope, basis, query, quarter));
  SALES_ASSIGN_OR_RETURN(const WorkingTime working_time, WorkingTimeAt(scope, basis));
  PlanReport report;
  report.quarter = FormatQuarter(quarter);
  report.as_of_revision = basis.revision;
  SALES_ASSIGN_OR_RETURN(report.rows,
                         ProgressOf(scope, basis, plans, DaysOf(quarter),
                                    PaceOf(quarter, basis.now, basis.zone, working_time)));
  return report;
}

}  // namespace

absl::StatusOr<std::vector<PlanSnapshot>> SnapshotsDue(ReadScope& scope, absl::Time now) {
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                         LoadZone("time_zone", scope.row.workspace.time_zone));
  const absl::CivilDay today = DayOf(now, zone);
  const absl::CivilDay ended = today - 1;
  const absl::Time end = absl::FromCivil(today, zone);
  const int64_t quarter = QuarterOf(ended);
  SALES_ASSIGN_OR_RETURN(
      const std::vector<std::string> due,
      store::PlansWithoutSnapshot(scope.db, scope.workspace(), quarter, ended, end));
  std::vector<PlanSnapshot> snapshots;
  if (due.empty()) return snapshots;
  std::vector<Plan> plans;
  for (const std::string& id : due) {
    SALES_ASSIGN_OR_RETURN(std::optional<Plan> plan,
                           store::LoadPlan(scope.db, scope.workspace(), id, scope.currency_code()));
    if (plan.has_value()) plans.push_back(*std::move(plan));
  }
  SALES_ASSIGN_OR_RETURN(const ReportBasis basis, BasisOf(scope, ReportQuery{}));
  SALES_ASSIGN_OR_RETURN(const WorkingTime working_time, WorkingTimeOf(scope));
  SALES_ASSIGN_OR_RETURN(std::vector<PlanProgress> rows,
                         ProgressOf(scope, basis, plans, {DaysOf(quarter).start, today},
                                    PaceOf(quarter, end, zone, working_time)));
  for (PlanProgress& row : rows) {
    const std::string plan = row.plan;
    snapshots.push_back({plan, ended, basis.revision, std::move(row)});
  }
  return snapshots;
}

absl::StatusOr<std::optional<absl::Time>> NextSnapshotTime(sql::Connection& db,
                                                           const Workspace& workspace,
                                                           absl::Time now) {
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone, LoadZone("time_zone", workspace.time_zone));
  const absl::CivilDay today = DayOf(now, zone);
  SALES_ASSIGN_OR_RETURN(const std::optional<int64_t> quarter,
                         store::NextPlannedQuarter(db, workspace.id, QuarterOf(today)));
  if (!quarter.has_value()) return std::optional<absl::Time>();
  const absl::CivilDay day = std::max(today, *DaysOf(*quarter).start);
  return std::optional<absl::Time>(absl::FromCivil(day + 1, zone));
}

}  // namespace sales::internal

namespace sales {

using internal::ReadScope;

absl::StatusOr<PlanReport> Desk::ReportPlan(const PlanQuery& query) const {
  PlanReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(report, internal::PlanReportIn(scope, query));
    return absl::OkStatus();
  }));
  return report;
}

absl::StatusOr<Page<PlanSnapshot>> Desk::ListPlanSnapshots(const std::string& plan,
                                                           const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckId("plan", plan));
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"plan_snapshots", workspace_, plan});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<PlanSnapshot> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const std::optional<Plan> found,
                           store::LoadPlan(scope.db, workspace_, plan, scope.currency_code()));
    if (!found.has_value()) return MakeError(Reason::kPlanNotFound, "There is no such plan.");
    SALES_ASSIGN_OR_RETURN(
        page.items, store::ListPlanSnapshots(scope.db, workspace_, plan, scope.currency_code(),
                                             ParseDay(after), page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, FormatDay(page.items.back().day));
  }
  return page;
}

}  // namespace sales
