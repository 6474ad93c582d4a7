#include "src/engine/report_scope.h"

#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "src/decide/bounds.h"
#include "src/decide/plans.h"
#include "src/engine/record_scan.h"
#include "src/engine/report_checks.h"
#include "src/store/channel_rows.h"
#include "src/store/event_rows.h"
#include "src/store/funnel_rows.h"
#include "src/store/tally_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {
namespace {

absl::Status CheckChannelFilter(ReadScope& scope, const ReportFilter& filter) {
  if (filter.channel.empty()) {
    if (filter.campaign.empty()) return absl::OkStatus();
    return FieldError(Reason::kFieldRequired, "filter.channel", "is needed to know the campaign");
  }
  SALES_ASSIGN_OR_RETURN(const std::optional<Channel> channel,
                         store::LoadChannel(scope.db, scope.workspace(), filter.channel));
  if (!channel.has_value()) {
    return FieldError(Reason::kChannelNotFound, "filter.channel", "there is no such channel");
  }
  if (filter.campaign.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(
      const std::optional<Campaign> campaign,
      store::LoadCampaign(scope.db, scope.workspace(), filter.channel, filter.campaign));
  if (campaign.has_value()) return absl::OkStatus();
  return FieldError(Reason::kCampaignNotFound, "filter.campaign", "there is no such campaign");
}

// The ids in "collection/{first}/sub/{second}"; the second may be absent.
std::pair<std::string, std::string> IdsIn(const std::string& subject) {
  const std::vector<std::string> parts = absl::StrSplit(subject, '/');
  return {parts.size() > 1 ? parts[1] : "", parts.size() > 3 ? parts[3] : ""};
}

bool IsOfSeller(const Event& event) {
  return event.type == EventType::kSellerCreated || event.type == EventType::kSellerUpdated;
}

void AddCapacity(const Event& event, Past& past) {
  const std::string seller = IdsIn(event.subject).first;
  int64_t& capacity = past.capacities[seller];
  for (const Change& change : event.changes) {
    if (change.field != "capacity") continue;
    capacity = change.after.empty() ? 0 : std::stoll(change.after);
  }
}

absl::Status AddPlanToPast(const Event& event, Past& past) {
  PlanTargets& targets = past.plans[IdsIn(event.subject).first];
  for (const Change& change : event.changes) {
    // The currency is the workspace's, and filled in where the plan is shown.
    if (ApplyTargetChange(change, "", targets)) continue;
    return MakeError(Reason::kStoreCorrupt, "A plan's event cannot be read.");
  }
  return absl::OkStatus();
}

absl::Status AddToPast(const Event& event, Past& past) {
  if (event.type == EventType::kPlanSet) return AddPlanToPast(event, past);
  for (const Change& change : event.changes) {
    if (event.type == EventType::kFunnelPolicyActivated && change.field == "version") {
      past.versions[IdsIn(event.subject).first] = std::stoi(change.after);
    } else if (change.field == "audience_size") {
      past.audiences[IdsIn(event.subject)] = std::stoll(change.after);
    } else if (change.field == "team" && IsOfSeller(event)) {
      past.teams[IdsIn(event.subject).first] = change.after;
    }
  }
  if (IsOfSeller(event)) AddCapacity(event, past);
  return past.fold.Add(event);
}

absl::Status FindTeam(ReadScope& scope, const Past* past, Selection& selection) {
  const std::string& team = selection.filter.team;
  if (team.empty()) return absl::OkStatus();
  if (past != nullptr) {
    for (const auto& [seller, of_team] : past->teams) {
      if (of_team == team) selection.team.insert(seller);
    }
    return absl::OkStatus();
  }
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const TeamSheet> sheet,
                         scope.core.teams().Get(scope.db, scope.workspace(),
                                                scope.row.Stamp(scope.row.team_revision)));
  for (const Seller& seller : sheet->sellers) {
    if (seller.team == team) selection.team.insert(seller.id);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFilter(ReadScope& scope, const ReportFilter& filter) {
  SALES_RETURN_IF_ERROR(CheckOptionalId("filter.seller", filter.seller));
  SALES_RETURN_IF_ERROR(CheckOptionalId("filter.label", filter.label));
  SALES_RETURN_IF_ERROR(CheckChannelFilter(scope, filter));
  if (filter.team.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const std::optional<Team> team,
                         store::LoadTeam(scope.db, scope.workspace(), filter.team));
  if (team.has_value()) return absl::OkStatus();
  return FieldError(Reason::kTeamNotFound, "filter.team", "there is no such team");
}

absl::StatusOr<Past> PastAt(ReadScope& scope, int64_t revision) {
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                         LoadZone("time_zone", scope.row.workspace.time_zone));
  Past past(zone);
  SALES_RETURN_IF_ERROR(ScanRecord(scope.db, scope.workspace(), revision, past.fold,
                                   [&](const Event& event) { return AddToPast(event, past); }));
  return past;
}

absl::StatusOr<std::shared_ptr<const FunnelPolicy>> PolicyOf(ReadScope& scope, const Past& past,
                                                             const std::string& funnel) {
  const auto version = past.versions.find(funnel);
  std::optional<FunnelPolicy> policy;
  if (version != past.versions.end()) {
    SALES_ASSIGN_OR_RETURN(
        policy, store::LoadFunnelPolicy(scope.db, scope.workspace(), funnel, version->second));
  }
  if (policy.has_value()) return std::make_shared<const FunnelPolicy>(*std::move(policy));
  return MakeError(Reason::kFunnelNotFound, "The funnel had no policy in force at the revision.");
}

absl::StatusOr<ReportBasis> BasisOf(ReadScope& scope, const ReportQuery& query, Parts parts) {
  SALES_RETURN_IF_ERROR(CheckWindow(query.window));
  if (!query.funnel.empty()) SALES_RETURN_IF_ERROR(scope.Policy(query.funnel).status());
  SALES_RETURN_IF_ERROR(CheckFilter(scope, query.filter));
  ReportBasis basis;
  basis.selection.funnel = query.funnel;
  basis.selection.filter = query.filter;
  SALES_ASSIGN_OR_RETURN(basis.revision, RevisionOf(scope, query.as_of_revision));
  SALES_ASSIGN_OR_RETURN(basis.zone, LoadZone("time_zone", scope.row.workspace.time_zone));
  basis.now = scope.core.Now();
  if (query.as_of_revision != 0) {
    SALES_ASSIGN_OR_RETURN(basis.now,
                           store::RecordTimeOf(scope.db, scope.workspace(), basis.revision));
  }
  const bool is_past = basis.revision != scope.row.workspace.revision;
  if (!is_past) {
    SALES_RETURN_IF_ERROR(FindTeam(scope, nullptr, basis.selection));
    basis.place = PlaceOf(basis.selection);
    const bool filtered = !basis.place.has_value() || basis.place->dimension != Dimension::kAll;
    if (basis.place.has_value() && (parts == Parts::kNone || !filtered)) return basis;
  }
  SALES_ASSIGN_OR_RETURN(Past past, PastAt(scope, basis.revision));
  basis.past = std::make_unique<const Past>(std::move(past));
  basis.selection.team.clear();
  SALES_RETURN_IF_ERROR(FindTeam(scope, basis.past.get(), basis.selection));
  basis.place = PlaceOf(basis.selection);
  return basis;
}

absl::StatusOr<std::vector<TallySum>> SumsOf(ReadScope& scope, const ReportBasis& basis,
                                             absl::Span<const SumQuestion> questions) {
  std::vector<TallySum> sums(questions.size());
  if (basis.past != nullptr) {
    for (size_t i = 0; i < questions.size(); ++i) {
      sums[i] = basis.past->fold.Sum(basis.selection, questions[i].window);
    }
    return sums;
  }
  std::vector<store::TallyRange> ranges;
  for (const SumQuestion& question : questions) {
    ranges.push_back({basis.place->dimension, &basis.place->keys, basis.selection.funnel,
                      question.window, question.sheets, question.wants});
  }
  SALES_RETURN_IF_ERROR(
      store::ReadTallies(scope.db, scope.workspace(), ranges,
                         [&](const store::TallyRange& range, const store::TallyGroup& group) {
                           sums[static_cast<size_t>(&range - ranges.data())].Add(
                               group.metric, group.detail, group.counts);
                         }));
  return sums;
}

absl::StatusOr<TallySum> SumsOf(ReadScope& scope, const ReportBasis& basis, const Window& window,
                                absl::Span<const Sheet> sheets) {
  const SumQuestion question = {window, sheets};
  SALES_ASSIGN_OR_RETURN(std::vector<TallySum> sums,
                         SumsOf(scope, basis, absl::MakeConstSpan(&question, 1)));
  return std::move(sums[0]);
}

}  // namespace sales::internal
