#include "service/src/convert/report_parts.h"

#include "service/src/convert/names.h"

namespace sales::service {

absl::StatusOr<Window> WindowFrom(const v1::Window& window) {
  Window out;
  ASSIGN_OR_RETURN(out.start, DayFrom(window.start_date(), "window.start_date"));
  ASSIGN_OR_RETURN(out.end, DayFrom(window.end_date(), "window.end_date"));
  return out;
}

void SetWindow(const Window& window, v1::Window* out) {
  out->set_start_date(DayText(window.start));
  out->set_end_date(DayText(window.end));
}

absl::StatusOr<ReportFilter> FilterFrom(const v1::ReportFilter& filter,
                                        const std::string& workspace) {
  ReportFilter out;
  ASSIGN_OR_RETURN(out.channel, ChannelRef(filter.channel(), workspace, "filter.channel"));
  ASSIGN_OR_RETURN(const CampaignName campaign,
                   CampaignRef(filter.campaign(), workspace, "filter.campaign"));
  if (!campaign.campaign.empty()) {
    if (!out.channel.empty() && out.channel != campaign.channel) {
      return Refuse(Reason::kFieldInvalid, "filter.campaign",
                    "is a campaign of another channel than filter.channel");
    }
    out.channel = campaign.channel;
    out.campaign = campaign.campaign;
  }
  ASSIGN_OR_RETURN(out.seller, SellerRef(filter.seller(), workspace, "filter.seller"));
  ASSIGN_OR_RETURN(out.team, TeamRef(filter.team(), workspace, "filter.team"));
  out.label = filter.label();
  return out;
}

void SetRate(const Rate& rate, v1::Rate* out) {
  out->set_numerator(rate.numerator);
  out->set_denominator(rate.denominator);
  out->set_value(rate.value);
  out->set_low(rate.low);
  out->set_high(rate.high);
}

void SetDurations(const DurationFigures& figures, v1::DurationFigures* out) {
  out->set_count(figures.count);
  SetDuration(figures.mean, out->mutable_mean());
  SetDuration(figures.median, out->mutable_median());
  SetDuration(figures.p90, out->mutable_p90());
}

}  // namespace sales::service
