#include "clients/cli/src/report_verbs.h"

#include "clients/cli/src/verb_flags.h"

namespace salesctl {

std::vector<Verb> ReportVerbs() {
  const Flags window = {
      {"--from", "window.start_date", Form::kText, "First day: 2026-01-01."},
      {"--to", "window.end_date", Form::kText, "The day after the last: 2026-04-01."},
      {"--as-of", "as_of_revision", Form::kInteger, "As the record stood at a revision."}};
  const Flags filter = {
      {"--channel", "filter.channel", Form::kChannel, "Only leads of this channel."},
      {"--campaign", "filter.campaign", Form::kCampaign, "Only of this channel/campaign."},
      {"--seller", "filter.seller", Form::kSeller, "Only leads of this seller."},
      {"--team", "filter.team", Form::kTeam, "Only leads of this team's sellers."},
      {"--label", "filter.label", Form::kText, "Only leads with this label."}};
  const Flags leads = Joined(
      Joined(window, {{"--funnel", "funnel", Form::kText, "Only leads of this funnel."}}), filter);
  return {
      {"report", "funnel", "ReportService.ReportFunnel", "How far leads got, and how they left.",
       leads},
      {"report", "channels", "ReportService.ReportChannels", "What each channel brought and cost.",
       Joined(leads,
              {{"--campaigns", "include_campaigns", Form::kYes, "A row for each campaign too."}})},
  };
}

}  // namespace salesctl
