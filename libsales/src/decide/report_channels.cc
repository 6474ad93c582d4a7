#include "src/decide/report_channels.h"

#include <optional>

#include "src/decide/statistics.h"

namespace sales {
namespace {

std::optional<Money> Cost(const Money& spend, int64_t count) {
  if (count <= 0) return std::nullopt;
  return Money{spend.currency_code, DivideRounded(spend.minor_units, count)};
}

// Looked up without a copy of the key: it is there for all cells but the first.
TallySum& SumOf(std::string_view channel, std::map<std::string, TallySum, std::less<>>& channels) {
  const auto found = channels.find(channel);
  return found != channels.end() ? found->second : channels[std::string(channel)];
}

class ChannelReporter {
 public:
  ChannelReporter(const ReportQuery& query, const std::string& currency_code)
      : with_spend_(ChannelTalliesSuffice(query.filter)), currency_code_(currency_code) {}

  bool IsRow(const TallySum& sums) const {
    if (sums.Get(Metric::kReceived) != 0) return true;
    return with_spend_ &&
           (sums.Get(Metric::kSpend) != 0 || sums.Get(Metric::kReachedContacts) != 0);
  }

  ChannelFigures Figures(const std::string& channel, const std::string& campaign,
                         const TallySum& sums) const {
    ChannelFigures figures;
    figures.channel = channel;
    figures.campaign = campaign;
    figures.leads = sums.Get(Metric::kReceived);
    figures.new_contacts = sums.Get(Metric::kNewContacts);
    figures.qualified = sums.Get(Metric::kQualified);
    figures.won = sums.Get(Metric::kWon);
    figures.declined = sums.Outcomes(Metric::kState).declined;
    figures.revenue = MoneyOf(sums.Get(Metric::kRevenue));
    figures.spend = MoneyOf(0);
    figures.conversion = MakeRate(figures.won, figures.leads);
    figures.response = sums.Durations(Metric::kResponse, Metric::kResponseSum, "");
    figures.days_to_win = sums.Days(Metric::kDaysToWin);
    figures.decline_yield.returned = sums.Get(Metric::kReturned);
    figures.decline_yield.won = sums.Get(Metric::kReturnedWon);
    figures.decline_yield.revenue = MoneyOf(sums.Get(Metric::kReturnedRevenue));
    if (with_spend_) AddSpendFigures(sums, figures);
    return figures;
  }

  // `audience` of 0 is unknown.
  void AddSaturation(const TallySum& sums, int64_t audience, ChannelFigures& figures) const {
    if (!with_spend_ || audience <= 0) return;
    figures.saturation = MakeRate(sums.Get(Metric::kReachedContacts), audience);
  }

 private:
  Money MoneyOf(int64_t minor_units) const { return {currency_code_, minor_units}; }

  void AddSpendFigures(const TallySum& sums, ChannelFigures& figures) const {
    figures.spend = MoneyOf(sums.Get(Metric::kSpend));
    figures.cost_per_lead = Cost(figures.spend, figures.leads);
    figures.cost_per_qualified_lead = Cost(figures.spend, figures.qualified);
    figures.cost_per_sale = Cost(figures.spend, figures.won);
    const auto spend = static_cast<double>(figures.spend.minor_units);
    if (spend == 0) return;
    figures.return_on_spend = (static_cast<double>(figures.revenue.minor_units) - spend) / spend;
  }

  const bool with_spend_;
  const std::string& currency_code_;
};

}  // namespace

bool ChannelTalliesSuffice(const ReportFilter& filter) {
  return filter.seller.empty() && filter.team.empty() && filter.label.empty();
}

void AddCells(const ReportFilter& filter, Dimension dimension, std::string_view key, Metric metric,
              std::string_view detail, absl::Span<const BucketCount> counts, ChannelSums& sums) {
  auto add = [&](TallySum& sum) { sum.Add(metric, detail, counts); };
  switch (dimension) {
    case Dimension::kAll:
      if (filter.channel.empty()) add(sums.total);
      return;
    case Dimension::kChannel:
      if (filter.channel.empty()) {
        add(SumOf(key, sums.channels));
      } else if (filter.campaign.empty() && key == filter.channel) {
        add(sums.total);
        add(SumOf(key, sums.channels));
      }
      return;
    case Dimension::kCampaign: {
      const size_t slash = key.find('/');
      if (slash == std::string_view::npos) return;
      CampaignId id(key.substr(0, slash), key.substr(slash + 1));
      if (!filter.channel.empty() && id.first != filter.channel) return;
      if (!filter.campaign.empty()) {
        if (id.second != filter.campaign) return;
        add(sums.total);
        add(SumOf(id.first, sums.channels));
      }
      add(sums.campaigns[std::move(id)]);
      return;
    }
    case Dimension::kSeller:
    case Dimension::kHour:
      return;
  }
}

ChannelReport MakeChannelReport(const ReportQuery& query, const std::string& currency_code,
                                int64_t as_of_revision,
                                const std::map<CampaignId, int64_t>& audiences,
                                const ChannelSums& sums) {
  const ChannelReporter reporter(query, currency_code);
  ChannelReport report;
  report.window = query.window;
  report.as_of_revision = as_of_revision;
  report.total = reporter.Figures("", "", sums.total);
  for (const auto& [channel, channel_sums] : sums.channels) {
    if (!reporter.IsRow(channel_sums)) continue;
    report.rows.push_back(reporter.Figures(channel, "", channel_sums));
    if (!query.include_campaigns) continue;
    for (auto campaign = sums.campaigns.lower_bound({channel, ""});
         campaign != sums.campaigns.end() && campaign->first.first == channel; ++campaign) {
      if (!reporter.IsRow(campaign->second)) continue;
      ChannelFigures figures = reporter.Figures(channel, campaign->first.second, campaign->second);
      const auto audience = audiences.find(campaign->first);
      reporter.AddSaturation(campaign->second, audience == audiences.end() ? 0 : audience->second,
                             figures);
      report.rows.push_back(std::move(figures));
    }
  }
  return report;
}

}  // namespace sales
