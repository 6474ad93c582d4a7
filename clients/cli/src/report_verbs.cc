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
      {"report", "attribution", "ReportService.ReportAttribution",
       "Which channels won leads owe to their contacts' touches.", window},
      {"report",
       "plan",
       "ReportService.ReportPlan",
       "How far the plans of a quarter are met, and whether they will be.",
       {{"--quarter", "quarter", Form::kText, "2026-Q1; default: the one that runs."},
        {"--team", "team", Form::kTeam, "Only this team's plans."},
        {"--seller", "seller", Form::kSeller, "Only this seller's plans."},
        {"--as-of", "as_of_revision", Form::kInteger, "As the record stood at a revision."}}},
      {"report", "forecast", "ReportService.ReportForecast",
       "What the open leads are likely to bring.",
       Joined(leads, {{"--rounds", "simulation_rounds", Form::kInteger,
                       "How often to draw whether each lead is won; default: not at all."},
                      {"--seed", "simulation_seed", Form::kInteger,
                       "The same seed gives the same draws."}})},
      {"report", "load", "ReportService.ReportLoad",
       "When leads come, and how much open work sellers have.", leads},
      {"report", "staffing", "ReportService.PlanStaffing",
       "How many sellers it takes to answer in time.",
       Joined(Joined(window, filter),
              {{"--handling", "handling_time", Form::kDuration, "How long an answer takes: 20m.",
                kRequired},
               {"--wait", "wait_limit", Form::kDuration, "How long a client may wait: 15m.",
                kRequired},
               {"--goal", "goal", Form::kShare, "Of how many clients: 80%.", kRequired},
               {"--rounds", "simulation_rounds", Form::kInteger,
                "How often to simulate the recorded arrivals; default: not at all."},
               {"--seed", "simulation_seed", Form::kInteger,
                "The same seed gives the same simulation."}})},
      {"report", "score", "ReportService.ReportScore",
       "How well scores, stances and advice foretold outcomes.", window},
      {"report", "speed", "ReportService.ReportSpeed",
       "How fast clients are answered and proposals sent.",
       Joined(leads, {{"--hours", "include_hours", Form::kYes, "By the hour of the week too."}})},
      {"report", "declines", "ReportService.ReportDeclines",
       "How refusals are argued, and what they bring.", leads},
      {"report", "referrals", "ReportService.ReportReferrals",
       "Who sent whom, and what came of it.",
       Joined(window, {{"--contacts", "contacts_max", Form::kInteger,
                        "How many contacts to list; default 50, at most 1000."}})},
  };
}

}  // namespace salesctl
