#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/fold.h"
#include "src/decide/report_channels.h"
#include "src/decide/report_funnel.h"
#include "src/engine/core.h"
#include "src/engine/report_checks.h"
#include "src/store/channel_rows.h"
#include "src/store/event_rows.h"
#include "src/store/funnel_rows.h"
#include "src/store/tally_rows.h"

namespace sales {
namespace {

using internal::ReadScope;

constexpr Sheet kFunnelSheets[] = {Sheet::kCounts, Sheet::kStageTimes};
// Times in stages are many counts, and no channel report shows them.
constexpr Sheet kChannelSheets[] = {Sheet::kCounts, Sheet::kLeadTimes};

absl::Status CheckFilter(ReadScope& scope, const ReportFilter& filter) {
  SALES_RETURN_IF_ERROR(CheckOptionalId("filter.seller", filter.seller));
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

// The record as it stood at a revision, as far as reports go.
struct Past {
  explicit Past(absl::TimeZone zone) : fold(zone) {}

  Fold fold;
  // The version in force of each funnel.
  std::map<std::string, int> versions;
  std::map<CampaignId, int64_t> audiences;
};

// The ids in "collection/{first}/sub/{second}"; the second may be absent.
std::pair<std::string, std::string> IdsIn(const std::string& subject) {
  const std::vector<std::string> parts = absl::StrSplit(subject, '/');
  return {parts.size() > 1 ? parts[1] : "", parts.size() > 3 ? parts[3] : ""};
}

absl::Status AddToPast(const Event& event, Past& past) {
  for (const Change& change : event.changes) {
    if (event.type == EventType::kFunnelPolicyActivated && change.field == "version") {
      past.versions[IdsIn(event.subject).first] = std::stoi(change.after);
    } else if (change.field == "audience_size") {
      past.audiences[IdsIn(event.subject)] = std::stoll(change.after);
    }
  }
  return past.fold.Add(event);
}

absl::StatusOr<Past> PastAt(ReadScope& scope, int64_t revision) {
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                         LoadZone("time_zone", scope.row.workspace.time_zone));
  Past past(zone);
  SALES_RETURN_IF_ERROR(
      store::ScanEvents(scope.db, scope.workspace(), 0, revision,
                        [&](const Event& event) { return AddToPast(event, past); }));
  return past;
}

// The policy that was in force then. Errors: FUNNEL_NOT_FOUND.
absl::StatusOr<FunnelPolicy> PolicyOf(ReadScope& scope, const Past& past,
                                      const std::string& funnel) {
  const auto version = past.versions.find(funnel);
  std::optional<FunnelPolicy> policy;
  if (version != past.versions.end()) {
    SALES_ASSIGN_OR_RETURN(
        policy, store::LoadFunnelPolicy(scope.db, scope.workspace(), funnel, version->second));
  }
  if (policy.has_value()) return *std::move(policy);
  return MakeError(Reason::kFunnelNotFound, "The funnel had no policy in force at the revision.");
}

absl::StatusOr<TallySum> FunnelSums(ReadScope& scope, const ReportQuery& query,
                                    const TallyPlace& place) {
  TallySum sums;
  SALES_RETURN_IF_ERROR(store::ReadTallies(
      scope.db, scope.workspace(),
      {place.dimension, &place.key, query.funnel, query.window, kFunnelSheets},
      [&](const store::TallyRow& row) { sums.Add(row.metric, row.detail, row.bucket, row.n); }));
  return sums;
}

absl::StatusOr<ChannelSums> SumsOfChannels(ReadScope& scope, const ReportQuery& query) {
  ChannelSums sums;
  for (const Dimension dimension : {Dimension::kAll, Dimension::kChannel, Dimension::kCampaign}) {
    // Campaigns are many: they are read only where they are shown or filtered by.
    if (dimension == Dimension::kCampaign && !query.include_campaigns &&
        query.filter.campaign.empty()) {
      continue;
    }
    SALES_RETURN_IF_ERROR(
        store::ReadTallies(scope.db, scope.workspace(),
                           {dimension, nullptr, query.funnel, query.window, kChannelSheets},
                           [&](const store::TallyRow& row) {
                             AddCell(query.filter, dimension, std::string(row.key), row.metric,
                                     row.detail, row.bucket, row.n, sums);
                           }));
  }
  return sums;
}

absl::StatusOr<std::map<CampaignId, int64_t>> Audiences(ReadScope& scope) {
  std::map<CampaignId, int64_t> audiences;
  std::string channel;
  std::string campaign;
  while (true) {
    SALES_ASSIGN_OR_RETURN(const std::vector<Campaign> campaigns,
                           store::ListCampaigns(scope.db, scope.workspace(), "", channel, campaign,
                                                limits::page_size_max));
    for (const Campaign& found : campaigns) {
      if (found.audience_size > 0) audiences[{found.channel, found.id}] = found.audience_size;
    }
    if (static_cast<int>(campaigns.size()) < limits::page_size_max) return audiences;
    channel = campaigns.back().channel;
    campaign = campaigns.back().id;
  }
}

absl::StatusOr<FunnelReport> FunnelReportIn(ReadScope& scope, const ReportQuery& query) {
  SALES_RETURN_IF_ERROR(CheckFilter(scope, query.filter));
  SALES_ASSIGN_OR_RETURN(const int64_t revision, internal::RevisionOf(scope, query.as_of_revision));
  const std::optional<TallyPlace> place = PlaceOf(query.filter);
  if (!place.has_value() || revision != scope.row.workspace.revision) {
    SALES_ASSIGN_OR_RETURN(const Past past, PastAt(scope, revision));
    SALES_ASSIGN_OR_RETURN(const FunnelPolicy policy, PolicyOf(scope, past, query.funnel));
    return MakeFunnelReport(policy, query, scope.currency_code(), revision,
                            past.fold.SumFunnel(query));
  }
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const FunnelPolicy> policy,
                         scope.Policy(query.funnel));
  SALES_ASSIGN_OR_RETURN(const TallySum sums, FunnelSums(scope, query, *place));
  return MakeFunnelReport(*policy, query, scope.currency_code(), revision, sums);
}

absl::StatusOr<ChannelReport> ChannelReportIn(ReadScope& scope, const ReportQuery& query) {
  if (!query.funnel.empty()) SALES_RETURN_IF_ERROR(scope.Policy(query.funnel).status());
  SALES_RETURN_IF_ERROR(CheckFilter(scope, query.filter));
  SALES_ASSIGN_OR_RETURN(const int64_t revision, internal::RevisionOf(scope, query.as_of_revision));
  if (!ChannelTalliesSuffice(query.filter) || revision != scope.row.workspace.revision) {
    SALES_ASSIGN_OR_RETURN(const Past past, PastAt(scope, revision));
    return MakeChannelReport(query, scope.currency_code(), revision, past.audiences,
                             past.fold.SumChannels(query));
  }
  SALES_ASSIGN_OR_RETURN(const ChannelSums sums, SumsOfChannels(scope, query));
  using Sizes = std::map<CampaignId, int64_t>;
  SALES_ASSIGN_OR_RETURN(const Sizes audiences, Audiences(scope));
  return MakeChannelReport(query, scope.currency_code(), revision, audiences, sums);
}

}  // namespace

absl::StatusOr<FunnelReport> Desk::ReportFunnel(const ReportQuery& asked) const {
  SALES_RETURN_IF_ERROR(internal::CheckWindow(asked.window));
  FunnelReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    ReportQuery query = asked;
    if (query.funnel.empty()) query.funnel = scope.row.workspace.default_funnel;
    SALES_ASSIGN_OR_RETURN(report, FunnelReportIn(scope, query));
    return absl::OkStatus();
  }));
  return report;
}

absl::StatusOr<ChannelReport> Desk::ReportChannels(const ReportQuery& query) const {
  SALES_RETURN_IF_ERROR(internal::CheckWindow(query.window));
  ChannelReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(report, ChannelReportIn(scope, query));
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
