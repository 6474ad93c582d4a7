#include "src/decide/report_filter.h"

#include <cstddef>

namespace sales {

bool HasLabel(std::string_view labels, std::string_view label) {
  while (!labels.empty()) {
    const size_t end = labels.find(' ');
    if (labels.substr(0, end) == label) return true;
    if (end == std::string_view::npos) return false;
    labels.remove_prefix(end + 1);
  }
  return false;
}

bool Selection::LetsThrough(const Track& track) const {
  return (funnel.empty() || funnel == track.funnel) &&
         (filter.channel.empty() || filter.channel == track.channel) &&
         (filter.campaign.empty() || filter.campaign == track.campaign) &&
         (filter.seller.empty() || filter.seller == track.seller) &&
         (filter.team.empty() || team.count(track.seller) > 0) &&
         (filter.label.empty() || HasLabel(track.labels, filter.label));
}

std::optional<TallyPlace> PlaceOf(const Selection& selection) {
  const ReportFilter& filter = selection.filter;
  const bool of_channel = !filter.channel.empty() || !filter.campaign.empty();
  const bool of_sellers = !filter.seller.empty() || !filter.team.empty();
  if (!filter.label.empty() || (of_channel && of_sellers)) return std::nullopt;
  if (of_sellers) {
    TallyPlace place{Dimension::kSeller, selection.team};
    if (filter.seller.empty()) return place;
    const bool in_team = filter.team.empty() || selection.team.count(filter.seller) > 0;
    place.keys.clear();
    if (in_team) place.keys.insert(filter.seller);
    return place;
  }
  if (!filter.campaign.empty()) {
    return TallyPlace{Dimension::kCampaign, {CampaignKey(filter.channel, filter.campaign)}};
  }
  if (of_channel) return TallyPlace{Dimension::kChannel, {filter.channel}};
  return TallyPlace{};
}

}  // namespace sales
