#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sales/engine.h"
#include "src/decide/report_channels.h"
#include "src/decide/report_funnel.h"
#include "src/engine/core.h"
#include "src/engine/report_scope.h"
#include "src/store/channel_rows.h"
#include "src/store/tally_rows.h"

namespace sales {
namespace {

using internal::ReadScope;

constexpr Sheet kFunnelSheets[] = {Sheet::kCounts, Sheet::kStageTimes};
// Times in stages are many counts, and no channel report shows them.
constexpr Sheet kChannelSheets[] = {Sheet::kCounts, Sheet::kLeadTimes};

absl::StatusOr<ChannelSums> SumsOfChannels(ReadScope& scope, const ReportQuery& query) {
  std::vector<store::TallyRange> ranges;
  for (const Dimension dimension : {Dimension::kAll, Dimension::kChannel, Dimension::kCampaign}) {
    // Campaigns are many: they are read only where they are shown or filtered by.
    if (dimension == Dimension::kCampaign && !query.include_campaigns &&
        query.filter.campaign.empty()) {
      continue;
    }
    ranges.push_back({dimension, nullptr, query.funnel, query.window, kChannelSheets});
  }
  ChannelSums sums;
  SALES_RETURN_IF_ERROR(
      store::ReadTallies(scope.db, scope.workspace(), ranges,
                         [&](const store::TallyRange& range, const store::TallyGroup& group) {
                           AddCells(query.filter, range.dimension, group.key, group.metric,
                                    group.detail, group.counts, sums);
                         }));
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
  SALES_ASSIGN_OR_RETURN(const internal::ReportBasis basis, internal::BasisOf(scope, query));
  std::shared_ptr<const FunnelPolicy> policy;
  if (basis.past != nullptr) {
    SALES_ASSIGN_OR_RETURN(policy, internal::PolicyOf(scope, *basis.past, query.funnel));
  } else {
    SALES_ASSIGN_OR_RETURN(policy, scope.Policy(query.funnel));
  }
  SALES_ASSIGN_OR_RETURN(const TallySum sums,
                         internal::SumsOf(scope, basis, query.window, kFunnelSheets));
  return MakeFunnelReport(*policy, query, scope.currency_code(), basis.revision, sums);
}

absl::StatusOr<ChannelReport> ChannelReportIn(ReadScope& scope, const ReportQuery& query) {
  const internal::Parts parts =
      ChannelTalliesSuffice(query.filter) ? internal::Parts::kNone : internal::Parts::kRows;
  SALES_ASSIGN_OR_RETURN(const internal::ReportBasis basis, internal::BasisOf(scope, query, parts));
  if (basis.past != nullptr) {
    return MakeChannelReport(query, scope.currency_code(), basis.revision, basis.past->audiences,
                             basis.past->fold.SumChannels(basis.selection, query.window));
  }
  SALES_ASSIGN_OR_RETURN(const ChannelSums sums, SumsOfChannels(scope, query));
  using Sizes = std::map<CampaignId, int64_t>;
  SALES_ASSIGN_OR_RETURN(const Sizes audiences, Audiences(scope));
  return MakeChannelReport(query, scope.currency_code(), basis.revision, audiences, sums);
}

}  // namespace

absl::StatusOr<FunnelReport> Desk::ReportFunnel(const ReportQuery& asked) const {
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
  ChannelReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(report, ChannelReportIn(scope, query));
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
