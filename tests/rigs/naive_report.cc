#include "tests/rigs/naive_report.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>

#include "absl/time/civil_time.h"

namespace sales::naive {
namespace {

struct Stay {
  std::string stage;
  absl::Time from;
  std::optional<absl::Time> to;
};

struct NaiveLead {
  // The last value of every field that an event changed.
  std::map<std::string, std::string> now;
  absl::Time received;
  std::set<std::string> stages;
  std::vector<Stay> stays;
  bool ever_won = false;

  std::string Text(const std::string& field) const {
    const auto found = now.find(field);
    return found == now.end() ? "" : found->second;
  }
  int64_t Number(const std::string& field) const { return std::atoll(Text(field).c_str()); }
  bool Is(const std::string& state) const { return Text("state") == state; }
  std::optional<absl::Time> Time(const std::string& field) const {
    if (Text(field).empty()) return std::nullopt;
    return absl::FromUnixMicros(Number(field));
  }
};

struct Spend {
  std::string channel;
  std::string campaign;
  absl::CivilDay day;
  int64_t amount = 0;
  int64_t reached = 0;
};

struct World {
  std::map<std::string, NaiveLead> leads;
  std::vector<Spend> spends;
  // By seller.
  std::map<std::string, std::string> teams;
};

absl::CivilDay Day(absl::Time time, absl::TimeZone zone) { return absl::ToCivilDay(time, zone); }

void Replay(const Event& event, NaiveLead& lead) {
  const bool was_open = lead.Is("OPEN");
  const std::string old_stage = lead.Text("stage");
  if (event.type == EventType::kLeadCaptured) lead.received = event.occur_time;
  for (const Change& change : event.changes) lead.now[change.field] = change.after;
  const std::string stage = lead.Text("stage");
  const bool open = lead.Is("OPEN");
  lead.stages.insert(stage);
  if (lead.Is("WON")) lead.ever_won = true;
  const bool same_stay = was_open && open && stage == old_stage;
  if (same_stay) return;
  if (was_open) lead.stays.back().to = event.occur_time;
  if (open) lead.stays.push_back({stage, event.occur_time, std::nullopt});
}

Spend SpendOf(const Event& event, absl::TimeZone zone) {
  Spend spend;
  const std::string rest = event.subject.substr(std::string("channels/").size());
  const size_t slash = rest.find('/');
  spend.channel = rest.substr(0, slash);
  if (slash != std::string::npos) {
    spend.campaign = rest.substr(slash + std::string("/campaigns/").size());
  }
  spend.day = Day(event.occur_time, zone);
  for (const Change& change : event.changes) {
    if (change.field == "amount") spend.amount = std::atoll(change.after.c_str());
    if (change.field == "reached" && change.after == "true") spend.reached = 1;
    if (change.field == "spend_date") {
      const std::string& iso = change.after;
      spend.day =
          absl::CivilDay(std::atoi(iso.substr(0, 4).c_str()), std::atoi(iso.substr(5, 2).c_str()),
                         std::atoi(iso.substr(8, 2).c_str()));
    }
  }
  return spend;
}

World ReplayAll(const Record& record, int64_t as_of_revision) {
  World world;
  for (const Event& event : record.events) {
    if (as_of_revision != 0 && event.revision > as_of_revision) continue;
    if (event.type == EventType::kSpendRecorded || event.type == EventType::kContactTouched) {
      world.spends.push_back(SpendOf(event, record.zone));
    } else if (event.subject.rfind("sellers/", 0) == 0) {
      for (const Change& change : event.changes) {
        if (change.field == "team") world.teams[event.subject.substr(8)] = change.after;
      }
    } else if (!event.lead.empty()) {
      Replay(event, world.leads[event.lead]);
    }
  }
  return world;
}

bool Within(const Window& window, absl::CivilDay day) {
  if (window.start.has_value() && day < *window.start) return false;
  return !window.end.has_value() || day < *window.end;
}

bool Matches(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}

bool IsLabelled(const NaiveLead& lead, const std::string& label) {
  return label.empty() ||
         (" " + lead.Text("labels") + " ").find(" " + label + " ") != std::string::npos;
}

std::vector<NaiveLead> Filtered(const World& world, const std::string& funnel,
                                const ReportFilter& filter) {
  std::vector<NaiveLead> leads;
  for (const auto& [id, lead] : world.leads) {
    if (Matches(funnel, lead.Text("funnel")) && Matches(filter.channel, lead.Text("channel")) &&
        Matches(filter.campaign, lead.Text("campaign")) &&
        Matches(filter.seller, lead.Text("seller")) &&
        (filter.team.empty() || (world.teams.count(lead.Text("seller")) > 0 &&
                                 world.teams.at(lead.Text("seller")) == filter.team)) &&
        IsLabelled(lead, filter.label)) {
      leads.push_back(lead);
    }
  }
  return leads;
}

std::vector<NaiveLead> ReceivedIn(const std::vector<NaiveLead>& leads, const Window& window,
                                  absl::TimeZone zone) {
  std::vector<NaiveLead> received;
  for (const NaiveLead& lead : leads) {
    if (Within(window, Day(lead.received, zone))) received.push_back(lead);
  }
  return received;
}

template <typename Predicate>
int64_t Count(const std::vector<NaiveLead>& leads, Predicate predicate) {
  return std::count_if(leads.begin(), leads.end(), predicate);
}

template <typename Predicate>
int64_t Sum(const std::vector<NaiveLead>& leads, const std::string& field, Predicate predicate) {
  int64_t sum = 0;
  for (const NaiveLead& lead : leads) {
    if (predicate(lead)) sum += lead.Number(field);
  }
  return sum;
}

bool Every(const NaiveLead&) { return true; }
bool IsWon(const NaiveLead& lead) { return lead.Is("WON"); }

// The bounds are where the share lies 1.959963984540054 standard errors of their own away: the
// roots of (1 + z²/n) x² - (2p + z²/n) x + p² = 0.
Rate RateOf(int64_t numerator, int64_t denominator) {
  if (denominator == 0) return {numerator, 0, 0, 0, 0};
  const double share = static_cast<double>(numerator) / static_cast<double>(denominator);
  const double p = std::min(1.0, share);
  const double z2n = std::pow(1.959963984540054, 2) / static_cast<double>(denominator);
  const double a = 1 + z2n;
  const double b = -(2 * p + z2n);
  const double root = std::sqrt(std::max(0.0, b * b - 4 * a * p * p));
  return {numerator, denominator, share, (-b - root) / (2 * a), (-b + root) / (2 * a)};
}

double Type7(std::vector<double> values, double probability) {
  std::sort(values.begin(), values.end());
  const double position = static_cast<double>(values.size() - 1) * probability;
  const auto low = static_cast<size_t>(position);
  const size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (position - static_cast<double>(low)) * (values[high] - values[low]);
}

DurationFigures DurationsOf(const std::vector<absl::Duration>& durations) {
  DurationFigures figures;
  figures.count = static_cast<int64_t>(durations.size());
  if (durations.empty()) return figures;
  std::vector<double> seconds;
  absl::Duration sum;
  for (absl::Duration duration : durations) {
    duration = std::max(duration, absl::ZeroDuration());
    sum += duration;
    seconds.push_back(absl::ToDoubleSeconds(duration));
  }
  figures.mean = sum / figures.count;
  figures.median = absl::Seconds(Type7(seconds, 0.5));
  figures.p90 = absl::Seconds(Type7(seconds, 0.9));
  return figures;
}

OutcomeCounts OutcomesOf(const std::vector<NaiveLead>& leads) {
  auto count = [&](const char* state) {
    return Count(leads, [&](const NaiveLead& lead) { return lead.Is(state); });
  };
  return {count("OPEN"),     count("NURTURED"), count("WON"),
          count("DECLINED"), count("LOST"),     count("DISQUALIFIED")};
}

// Where a stage stands in the policy; -1 where it is not in it.
int IndexOf(const FunnelPolicy& policy, const std::string& stage) {
  for (size_t i = 0; i < policy.stages.size(); ++i) {
    if (policy.stages[i].key == stage) return static_cast<int>(i);
  }
  return -1;
}

bool Reached(const NaiveLead& lead, const FunnelPolicy& policy, int index) {
  if (IsWon(lead) || index == 0) return true;
  if (IndexOf(policy, lead.Text("furthest")) < 0) return false;
  return std::any_of(lead.stages.begin(), lead.stages.end(),
                     [&](const std::string& stage) { return IndexOf(policy, stage) >= index; });
}

bool StayedIn(const NaiveLead& lead, const std::string& stage) {
  return std::any_of(lead.stays.begin(), lead.stays.end(),
                     [&](const Stay& stay) { return stay.stage == stage; });
}

// A qualifying stage was entered, or passed on the way to a later one, or the lead was ever won. Of
// a lead that was in a stage that the policy no longer has, only the events can tell.
bool IsQualified(const NaiveLead& lead, const FunnelPolicy& policy) {
  int first = 0;
  while (!policy.stages[first].qualifying) ++first;
  const auto any = [&](auto holds) {
    return std::any_of(lead.stages.begin(), lead.stages.end(),
                       [&](const std::string& stage) { return holds(IndexOf(policy, stage)); });
  };
  if (any([](int index) { return index < 0; })) return lead.Text("qualified") == "true";
  return lead.ever_won || any([&](int index) { return index >= first; });
}

FunnelStageFigures StageOf(const std::vector<NaiveLead>& cohort, const std::string& stage) {
  FunnelStageFigures figures;
  figures.stage = stage;
  figures.display_name = stage;
  figures.entered = Count(cohort, [&](const NaiveLead& lead) { return StayedIn(lead, stage); });
  std::vector<absl::Duration> stays;
  std::vector<NaiveLead> last_here;
  for (const NaiveLead& lead : cohort) {
    for (const Stay& stay : lead.stays) {
      if (stay.stage == stage && stay.to.has_value()) stays.push_back(*stay.to - stay.from);
    }
    if (lead.Text("stage") == stage) last_here.push_back(lead);
  }
  figures.time_in_stage = DurationsOf(stays);
  figures.left = OutcomesOf(last_here);
  return figures;
}

std::vector<NaiveLead> ClosedIn(const std::vector<NaiveLead>& leads, const Window& window,
                                absl::TimeZone zone) {
  std::vector<NaiveLead> closed;
  for (const NaiveLead& lead : leads) {
    const auto time = lead.Time("close_time");
    if (!lead.Is("OPEN") && time.has_value() && Within(window, Day(*time, zone))) {
      closed.push_back(lead);
    }
  }
  return closed;
}

// Stages of the leads that the policy does not have.
std::set<std::string> OtherStages(const FunnelPolicy& policy, const std::vector<NaiveLead>& cohort,
                                  const std::vector<NaiveLead>& all, const Window& window,
                                  absl::TimeZone zone) {
  std::set<std::string> others;
  for (const NaiveLead& lead : cohort) {
    for (const Stay& stay : lead.stays) others.insert(stay.stage);
    others.insert(lead.Text("stage"));
    if (!IsWon(lead)) others.insert(lead.Text("furthest"));
  }
  for (const NaiveLead& lead : all) {
    for (const Stay& stay : lead.stays) {
      if (Within(window, Day(stay.from, zone))) others.insert(stay.stage);
    }
  }
  for (const Stage& stage : policy.stages) others.erase(stage.key);
  return others;
}

FunnelPeriod PeriodOf(const FunnelReport& report, const std::vector<NaiveLead>& leads,
                      const Record& record, const Window& window) {
  FunnelPeriod period;
  period.received = report.received;
  for (const FunnelStageFigures& stage : report.stages) {
    int64_t entries = 0;
    for (const NaiveLead& lead : leads) {
      for (const Stay& stay : lead.stays) {
        if (stay.stage == stage.stage && Within(window, Day(stay.from, record.zone))) ++entries;
      }
    }
    period.entries.push_back({stage.stage, entries});
  }
  const std::vector<NaiveLead> closed = ClosedIn(leads, window, record.zone);
  const OutcomeCounts outcomes = OutcomesOf(closed);
  period.won = outcomes.won;
  period.declined = outcomes.declined;
  period.lost = outcomes.lost;
  period.disqualified = outcomes.disqualified;
  period.nurtured = outcomes.nurtured;
  period.revenue = {record.currency_code, Sum(closed, "won_value", IsWon)};
  return period;
}

std::optional<Money> CostOf(const Money& spend, int64_t count) {
  if (count == 0) return std::nullopt;
  // Spend is never negative: half up is half away from zero.
  return Money{spend.currency_code, (spend.minor_units * 2 + count) / (count * 2)};
}

DayFigures DaysToWinOf(const std::vector<NaiveLead>& leads, absl::TimeZone zone) {
  std::vector<double> days;
  DayFigures figures;
  for (const NaiveLead& lead : leads) {
    const auto time = lead.Time("close_time");
    if (!IsWon(lead) || !time.has_value()) continue;
    const int64_t taken = Day(*time, zone) - Day(lead.received, zone);
    days.push_back(static_cast<double>(taken));
    figures.sum += taken;
  }
  figures.count = static_cast<int64_t>(days.size());
  if (days.empty()) return figures;
  figures.mean = static_cast<double>(figures.sum) / static_cast<double>(figures.count);
  figures.median = Type7(days, 0.5);
  figures.p90 = Type7(days, 0.9);
  return figures;
}

ChannelFigures FiguresOf(const std::vector<NaiveLead>& leads, const std::vector<Spend>& spends,
                         bool with_spend, const Record& record) {
  ChannelFigures figures;
  auto money = [&](int64_t units) { return Money{record.currency_code, units}; };
  auto is = [](const char* field) {
    return [field](const NaiveLead& lead) { return lead.Text(field) == "true"; };
  };
  figures.leads = static_cast<int64_t>(leads.size());
  figures.new_contacts = Count(leads, is("new_contact"));
  figures.qualified = Count(leads, is("qualified"));
  const OutcomeCounts outcomes = OutcomesOf(leads);
  figures.won = outcomes.won;
  figures.declined = outcomes.declined;
  figures.revenue = money(Sum(leads, "won_value", IsWon));
  figures.conversion = RateOf(figures.won, figures.leads);
  std::vector<absl::Duration> responses;
  for (const NaiveLead& lead : leads) {
    const auto time = lead.Time("first_response_time");
    if (time.has_value()) responses.push_back(*time - lead.received);
  }
  figures.response = DurationsOf(responses);
  figures.days_to_win = DaysToWinOf(leads, record.zone);
  figures.decline_yield = {Sum(leads, "returned", Every), Sum(leads, "returned_won", Every),
                           money(Sum(leads, "returned_revenue", Every))};
  figures.spend = money(0);
  if (!with_spend) return figures;
  for (const Spend& spend : spends) figures.spend.minor_units += spend.amount;
  figures.cost_per_lead = CostOf(figures.spend, figures.leads);
  figures.cost_per_qualified_lead = CostOf(figures.spend, figures.qualified);
  figures.cost_per_sale = CostOf(figures.spend, figures.won);
  if (figures.spend.minor_units != 0) {
    figures.return_on_spend = static_cast<double>(figures.revenue.minor_units) /
                                  static_cast<double>(figures.spend.minor_units) -
                              1;
  }
  return figures;
}

// Leads and spends of one channel, or of one campaign of it.
struct Group {
  std::vector<NaiveLead> leads;
  std::vector<Spend> spends;
};

}  // namespace

FunnelReport ReportFunnel(const Record& record, const FunnelPolicy& policy,
                          const ReportQuery& query) {
  const World world = ReplayAll(record, query.as_of_revision);
  const std::vector<NaiveLead> leads = Filtered(world, policy.id, query.filter);
  const std::vector<NaiveLead> cohort = ReceivedIn(leads, query.window, record.zone);
  FunnelReport report;
  report.window = query.window;
  report.funnel = policy.id;
  report.received = static_cast<int64_t>(cohort.size());
  report.outcomes = OutcomesOf(cohort);
  report.overall_conversion = RateOf(report.outcomes.won, report.received);
  report.qualified =
      RateOf(Count(cohort, [&](const NaiveLead& lead) { return IsQualified(lead, policy); }),
             report.received);
  report.revenue = {record.currency_code, Sum(cohort, "won_value", IsWon)};
  const int stage_count = static_cast<int>(policy.stages.size());
  auto reached = [&](int index) {
    if (index == stage_count) return report.outcomes.won;
    return Count(cohort, [&](const NaiveLead& lead) { return Reached(lead, policy, index); });
  };
  for (int i = 0; i < stage_count; ++i) {
    FunnelStageFigures& figures = report.stages.emplace_back(StageOf(cohort, policy.stages[i].key));
    figures.display_name = policy.stages[i].display_name;
    figures.qualifying = policy.stages[i].qualifying;
    figures.reached = reached(i);
    figures.step_conversion = RateOf(reached(i + 1), figures.reached);
    figures.expected_value = {record.currency_code,
                              Sum(cohort, "expected_value",
                                  [&](const NaiveLead& lead) { return Reached(lead, policy, i); })};
  }
  for (const std::string& stage : OtherStages(policy, cohort, leads, query.window, record.zone)) {
    FunnelStageFigures& figures = report.stages.emplace_back(StageOf(cohort, stage));
    figures.reached = figures.entered;
    figures.expected_value = {record.currency_code,
                              Sum(cohort, "expected_value", [&](const NaiveLead& lead) {
                                return !IsWon(lead) && lead.Text("furthest") == stage;
                              })};
  }
  for (FunnelStageFigures& figures : report.stages) {
    figures.reached_share = RateOf(figures.reached, report.received);
  }
  report.period = PeriodOf(report, leads, record, query.window);
  return report;
}

ChannelReport ReportChannels(const Record& record, const ReportQuery& query) {
  const World world = ReplayAll(record, query.as_of_revision);
  const bool with_spend =
      query.filter.seller.empty() && query.filter.team.empty() && query.filter.label.empty();
  Group total;
  // By channel and campaign; the campaign is empty in a channel's group.
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (const NaiveLead& lead :
       ReceivedIn(Filtered(world, query.funnel, query.filter), query.window, record.zone)) {
    total.leads.push_back(lead);
    groups[{lead.Text("channel"), ""}].leads.push_back(lead);
    if (lead.Text("campaign").empty()) continue;
    groups[{lead.Text("channel"), lead.Text("campaign")}].leads.push_back(lead);
  }
  for (const Spend& spend : world.spends) {
    const bool counts = spend.amount != 0 || spend.reached != 0;
    if (!with_spend || !counts || !Within(query.window, spend.day) ||
        !Matches(query.filter.channel, spend.channel) ||
        !Matches(query.filter.campaign, spend.campaign)) {
      continue;
    }
    total.spends.push_back(spend);
    groups[{spend.channel, ""}].spends.push_back(spend);
    if (!spend.campaign.empty()) groups[{spend.channel, spend.campaign}].spends.push_back(spend);
  }
  ChannelReport report;
  report.window = query.window;
  report.total = FiguresOf(total.leads, total.spends, with_spend, record);
  for (const auto& [id, group] : groups) {
    if (!id.second.empty() && !query.include_campaigns) continue;
    ChannelFigures& figures =
        report.rows.emplace_back(FiguresOf(group.leads, group.spends, with_spend, record));
    figures.channel = id.first;
    figures.campaign = id.second;
    const auto audience = record.audiences.find(id);
    if (!with_spend || audience == record.audiences.end() || audience->second == 0) continue;
    int64_t reached = 0;
    for (const Spend& spend : group.spends) reached += spend.reached;
    figures.saturation = RateOf(reached, audience->second);
  }
  return report;
}

}  // namespace sales::naive
