#include "tests/rigs/naive_lives.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/time/civil_time.h"

namespace sales::naive {
namespace {

struct Wait {
  bool response = true;
  absl::Time from;
  std::optional<absl::Time> due;
  std::optional<absl::Time> to;
  bool given_up = false;
};

struct Refusal {
  absl::Time at;
  std::string reason;
  std::string stage;
  std::string actor;
  std::set<std::string> arguments;
  std::optional<absl::Time> came_again;
  int64_t sent = 0;
};

struct Life {
  std::map<std::string, std::string> now;
  std::string contact;
  absl::Time received;
  std::vector<std::pair<absl::Time, std::string>> entered;
  absl::Time opened;
  std::vector<Wait> waits;
  // The version and the time of what is asked for.
  std::map<int, std::pair<std::string, absl::Time>> proposals;
  std::vector<Refusal> refusals;
  int64_t generation = 0;
  // The lead and the number of the refusal that it came out of.
  std::string from;
  size_t from_refusal = 0;

  std::string Text(const std::string& field) const {
    const auto found = now.find(field);
    return found == now.end() ? "" : found->second;
  }
  bool Is(const std::string& state) const { return Text("state") == state; }
  int64_t Worth() const { return Is("WON") ? std::atoll(Text("won_value").c_str()) : 0; }
};

struct Lives {
  std::map<std::string, Life> leads;
  std::map<std::string, std::string> teams;
};

class Teller {
 public:
  explicit Teller(const FunnelPolicy* policy) : policy_(policy) {}

  Lives Tell(const Record& record, int64_t as_of) {
    for (const Event& event : record.events) {
      if (as_of != 0 && event.revision > as_of) break;
      if (event.subject.rfind("sellers/", 0) == 0) {
        for (const Change& change : event.changes) {
          if (change.field == "team") lives_.teams[event.subject.substr(8)] = change.after;
        }
      }
      if (!event.lead.empty()) TellLead(event);
    }
    return std::move(lives_);
  }

 private:
  const Stage* StageOf(const std::string& key) const {
    for (const Stage& stage : policy_->stages) {
      if (stage.key == key) return &stage;
    }
    return nullptr;
  }

  static std::string StageAt(const Life& life, absl::Time time) {
    std::string stage = life.entered.front().second;
    for (const auto& [at, key] : life.entered) {
      if (at <= time) stage = key;
    }
    return stage;
  }

  std::optional<absl::Time> DueOf(const Life& life, bool response, absl::Time from) const {
    if (policy_ == nullptr) return std::nullopt;
    const std::string key = StageAt(life, from);
    bool reached = false;
    for (const Stage& stage : policy_->stages) {
      reached = reached || stage.key == key;
      if (response && stage.key == key && stage.respond_within.has_value()) {
        return from + stage.respond_within->within;
      }
      if (!response && reached && stage.proposal_within.has_value()) {
        return from + stage.proposal_within->within;
      }
    }
    return std::nullopt;
  }

  static Wait* OpenWait(Life& life, bool response) {
    for (Wait& wait : life.waits) {
      if (wait.response == response && !wait.to.has_value()) return &wait;
    }
    return nullptr;
  }

  void Begin(Life& life, bool response, absl::Time from) const {
    life.waits.push_back({response, from, DueOf(life, response, from), std::nullopt, false});
  }

  static void GiveUp(Life& life, absl::Time at) {
    for (Wait& wait : life.waits) {
      if (wait.to.has_value()) continue;
      wait.to = at;
      wait.given_up = true;
    }
  }

  static void Answer(Life& life, absl::Time at) {
    Wait* const open = OpenWait(life, true);
    if (open != nullptr && at >= open->from) {
      open->to = at;
      return;
    }
    // Told late: it answered the last wait before somebody else did.
    Wait* last = nullptr;
    for (Wait& wait : life.waits) {
      if (wait.response && wait.to.has_value()) last = &wait;
    }
    if (last == nullptr || at < last->from || at >= *last->to) return;
    last->to = at;
    last->given_up = false;
  }

  bool IsPending(const Life& life) const {
    return !life.proposals.empty() && life.proposals.rbegin()->second.first == "REQUESTED";
  }

  void TellProposal(const std::string& text, absl::Time at, Life& life) {
    const size_t colon = text.find(':');
    const int version = std::atoi(text.substr(0, colon).c_str());
    const std::string state = text.substr(colon + 1);
    if (life.proposals.count(version) == 0) life.proposals[version] = {state, at};
    life.proposals[version].first = state;
    if (state == "REQUESTED") Begin(life, false, at);
    if (state != "SENT") return;
    if (Wait* const open = OpenWait(life, false); open != nullptr) open->to = at;
  }

  void TellLead(const Event& event) {
    Life& life = lives_.leads[event.lead];
    const bool was_open = life.Is("OPEN");
    const bool was_declined = life.Is("DECLINED");
    const std::string old_stage = life.Text("stage");
    for (const Change& change : event.changes) life.now[change.field] = change.after;
    const absl::Time at = event.occur_time;
    const bool open = life.Is("OPEN");
    if (open && (!was_open || life.Text("stage") != old_stage)) {
      life.entered.emplace_back(at, life.Text("stage"));
    }
    if (event.type == EventType::kLeadCaptured) {
      life.received = at;
      Descend(event.lead, life);
      Begin(life, true, at);
    }
    if (was_open && !open) GiveUp(life, at);
    if (!was_open && open && event.type != EventType::kLeadCaptured) {
      if (was_declined) CameAgain(at, life.refusals.back());
      if (IsPending(life)) Begin(life, false, at);
    }
    if (event.type == EventType::kLeadDeclined) Refuse(event, life);
    for (const Change& change : event.changes) {
      if (change.field == "proposal") TellProposal(change.after, at, life);
      if (change.field != "activity") continue;
      const std::string direction = change.after.substr(change.after.find('/') + 1);
      if (direction == "OUT") Answer(life, at);
      if (direction == "IN" && open && OpenWait(life, true) == nullptr) Begin(life, true, at);
    }
  }

  static void CameAgain(absl::Time at, Refusal& refusal) {
    if (!refusal.came_again.has_value() || at < *refusal.came_again) refusal.came_again = at;
  }

  static void Refuse(const Event& event, Life& life) {
    Refusal refusal;
    refusal.at = event.occur_time;
    refusal.reason = life.Text("reason");
    refusal.stage = life.Text("stage");
    refusal.actor = event.actor;
    std::string rest = life.Text("arguments");
    while (!rest.empty()) {
      const size_t comma = rest.find(',');
      refusal.arguments.insert(rest.substr(0, comma));
      rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    }
    life.refusals.push_back(refusal);
  }

  // The contact's refused leads that were closed by then, the last first.
  std::vector<std::string> Refused(const std::string& contact, absl::Time by) const {
    std::vector<std::pair<absl::Time, std::string>> refused;
    for (const auto& [id, life] : lives_.leads) {
      if (life.Text("contact") != contact || !life.Is("DECLINED")) continue;
      if (life.refusals.back().at <= by) refused.emplace_back(life.refusals.back().at, id);
    }
    std::sort(refused.rbegin(), refused.rend());
    std::vector<std::string> ids;
    for (const auto& [at, id] : refused) ids.push_back(id);
    return ids;
  }

  std::set<std::string> SendersOf(const std::string& contact) const {
    std::set<std::string> senders;
    for (const auto& [id, life] : lives_.leads) {
      if (life.Text("contact") == contact && !life.Text("referrer").empty()) {
        senders.insert(life.Text("referrer"));
      }
    }
    return senders;
  }

  int64_t GenerationOf(const std::string& contact, std::set<std::string> seen) const {
    const std::set<std::string> senders = SendersOf(contact);
    int64_t least = senders.empty() ? 0 : 1'000'000;
    for (const auto& [id, life] : lives_.leads) {
      if (life.Text("contact") == contact && life.generation > 0 &&
          !life.Text("referrer").empty()) {
        least = std::min(least, life.generation);
      }
    }
    seen.insert(contact);
    for (const std::string& sender : senders) {
      if (seen.count(sender) == 0) least = std::min(least, 1 + GenerationOf(sender, seen));
    }
    return least;
  }

  void Descend(const std::string& id, Life& life) {
    const std::string contact = life.Text("contact");
    const std::string referrer = life.Text("referrer");
    life.now["contact"] = "";  // not among the leads that were there before
    std::vector<std::string> own = Refused(contact, life.received);
    for (const std::string& lead : own)
      CameAgain(life.received, lives_.leads[lead].refusals.back());
    if (!own.empty()) life.from = own[0];
    if (!referrer.empty()) life.generation = 1 + GenerationOf(referrer, {});
    std::set<std::string> level;
    if (life.from.empty() && !referrer.empty()) level = {referrer};
    std::set<std::string> seen = level;
    while (life.from.empty() && !level.empty()) {
      std::set<std::string> next;
      for (const std::string& sender : level) {
        const std::vector<std::string> refused = Refused(sender, life.received);
        if (!refused.empty() && life.from.empty()) life.from = refused[0];
        for (const std::string& above : SendersOf(sender)) {
          if (seen.insert(above).second) next.insert(above);
        }
      }
      level = next;
    }
    life.now["contact"] = contact;
    if (life.from.empty()) return;
    Life& from = lives_.leads[life.from];
    life.from_refusal = from.refusals.size() - 1;
    if (own.empty()) ++from.refusals.back().sent;
    (void)id;
  }

  const FunnelPolicy* policy_;
  Lives lives_;
};

bool Within(const Window& window, absl::CivilDay day) {
  return (!window.start.has_value() || day >= *window.start) &&
         (!window.end.has_value() || day < *window.end);
}

bool Passes(const Lives& lives, const ReportQuery& query, const Life& life) {
  const auto is = [&](const std::string& wanted, const char* field) {
    return wanted.empty() || wanted == life.Text(field);
  };
  const ReportFilter& filter = query.filter;
  const auto team = lives.teams.find(life.Text("seller"));
  const bool in_team =
      filter.team.empty() || (team != lives.teams.end() && team->second == filter.team);
  const std::string labels = " " + life.Text("labels") + " ";
  const bool labelled =
      filter.label.empty() || labels.find(" " + filter.label + " ") != std::string::npos;
  return is(query.funnel, "funnel") && is(filter.channel, "channel") &&
         is(filter.campaign, "campaign") && is(filter.seller, "seller") && in_team && labelled;
}

Rate RateOf(int64_t numerator, int64_t denominator) {
  if (denominator == 0) return {numerator, 0, 0, 0, 0};
  const auto n = static_cast<double>(denominator);
  const double p = static_cast<double>(numerator) / n;
  const double z = 1.959963984540054;
  const double middle = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double below = 1 + z * z / n;
  return {numerator, denominator, p, (middle - half) / below, (middle + half) / below};
}

double Type7(std::vector<double> values, double probability) {
  std::sort(values.begin(), values.end());
  const double place = static_cast<double>(values.size() - 1) * probability;
  const auto low = static_cast<size_t>(place);
  const size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}

SpeedFigures FiguresOf(const std::vector<Wait>& waits, absl::Time now) {
  SpeedFigures figures;
  std::vector<double> seconds;
  absl::Duration sum;
  int64_t in_time = 0;
  int64_t late = 0;
  for (const Wait& wait : waits) {
    ++figures.asked;
    if (!wait.to.has_value()) {
      ++figures.open;
      if (wait.due.has_value() && *wait.due < now) ++figures.overdue;
    } else if (wait.given_up) {
      ++figures.dropped;
    } else {
      ++figures.done;
      const absl::Duration taken = std::max(*wait.to - wait.from, absl::ZeroDuration());
      sum += taken;
      seconds.push_back(absl::ToDoubleSeconds(taken));
      if (wait.due.has_value()) ++(*wait.to > *wait.due ? late : in_time);
    }
  }
  figures.within_limit = RateOf(in_time, in_time + late + figures.overdue);
  for (const int minutes : {5, 15, 60, 240, 1440}) {
    figures.within.push_back({absl::Minutes(minutes),
                              std::count_if(seconds.begin(), seconds.end(),
                                            [&](double taken) { return taken <= minutes * 60; })});
  }
  figures.time.count = figures.done;
  if (seconds.empty()) return figures;
  figures.time.mean = sum / figures.done;
  figures.time.median = absl::Seconds(Type7(seconds, 0.5));
  figures.time.p90 = absl::Seconds(Type7(seconds, 0.9));
  return figures;
}

struct Waits {
  std::vector<Wait> responses;
  std::vector<Wait> proposals;

  void Add(const Wait& wait) { (wait.response ? responses : proposals).push_back(wait); }
};

std::vector<SpeedRow> RowsOf(const std::map<std::string, Waits>& groups, absl::Time now) {
  std::vector<SpeedRow> rows;
  for (const auto& [id, waits] : groups) {
    rows.push_back({id, FiguresOf(waits.responses, now), FiguresOf(waits.proposals, now)});
  }
  return rows;
}

struct CountedRefusal {
  Refusal refusal;
  int64_t won = 0;
  int64_t revenue = 0;
};

DeclineFigures FiguresOf(const std::string& key, const std::vector<CountedRefusal>& refusals,
                         const std::string& currency_code) {
  DeclineFigures figures;
  figures.key = key;
  figures.declined = static_cast<int64_t>(refusals.size());
  figures.revenue.currency_code = currency_code;
  const auto share = [&](auto holds) {
    return RateOf(std::count_if(refusals.begin(), refusals.end(),
                                [&](const CountedRefusal& one) { return holds(one.refusal); }),
                  figures.declined);
  };
  const auto argued = [&](const char* by) {
    return share([by](const Refusal& refusal) { return refusal.arguments.count(by) > 0; });
  };
  figures.argued_better = argued("better");
  figures.argued_price = argued("price");
  figures.argued_differ = argued("differ");
  figures.argued_fully =
      share([](const Refusal& refusal) { return refusal.arguments.size() == 3; });
  const auto came_within = [&](int64_t days) {
    return share([days](const Refusal& refusal) {
      return refusal.came_again.has_value() &&
             *refusal.came_again - refusal.at <= absl::Hours(24 * days);
    });
  };
  figures.returned_within_90_days = came_within(90);
  figures.returned_within_180_days = came_within(180);
  figures.returned_within_365_days = came_within(365);
  figures.returned = came_within(1'000'000);
  for (const CountedRefusal& one : refusals) {
    figures.referrals += one.refusal.sent;
    figures.won += one.won;
    figures.revenue.minor_units += one.revenue;
  }
  if (figures.declined > 0) {
    // Never negative: half up is half away from zero.
    figures.yield = Money{currency_code, (2 * figures.revenue.minor_units + figures.declined) /
                                             (2 * figures.declined)};
  }
  return figures;
}

using Refusals = std::map<std::string, std::vector<CountedRefusal>>;

std::vector<DeclineFigures> RowsOf(const Refusals& groups, const std::string& currency_code) {
  std::vector<DeclineFigures> rows;
  for (const auto& [key, refusals] : groups) {
    rows.push_back(FiguresOf(key, refusals, currency_code));
  }
  return rows;
}

void AddTo(const Life& life, ReferralYield& yield) {
  ++yield.leads;
  yield.won += life.Is("WON") ? 1 : 0;
  yield.revenue.minor_units += life.Worth();
}

}  // namespace

SpeedReport ReportSpeed(const Record& record, const FunnelPolicy& policy, absl::Time now,
                        const ReportQuery& query) {
  const Lives lives = Teller(&policy).Tell(record, query.as_of_revision);
  Waits all;
  std::map<std::string, Waits> sellers;
  std::map<std::string, Waits> channels;
  std::map<int, std::vector<Wait>> hours;
  for (const auto& [id, life] : lives.leads) {
    if (!Passes(lives, query, life)) continue;
    for (const Wait& wait : life.waits) {
      const absl::CivilSecond civil = absl::ToCivilSecond(wait.from, record.zone);
      if (!Within(query.window, absl::CivilDay(civil))) continue;
      all.Add(wait);
      sellers[life.Text("seller")].Add(wait);
      channels[life.Text("channel")].Add(wait);
      if (!wait.response || !query.include_hours) continue;
      // 1970-01-05 was a Monday.
      const int64_t days = absl::CivilDay(civil) - absl::CivilDay(1970, 1, 5);
      hours[static_cast<int>((days % 7 + 7) % 7) * 24 + civil.hour()].push_back(wait);
    }
  }
  SpeedReport report;
  report.response = FiguresOf(all.responses, now);
  report.proposal = FiguresOf(all.proposals, now);
  report.sellers = RowsOf(sellers, now);
  report.channels = RowsOf(channels, now);
  for (const auto& [hour, waits] : hours) report.hours.push_back({hour, FiguresOf(waits, now)});
  return report;
}

DeclineReport ReportDeclines(const Record& record, const ReportQuery& query) {
  const Lives lives = Teller(nullptr).Tell(record, query.as_of_revision);
  std::map<std::pair<std::string, size_t>, std::pair<int64_t, int64_t>> brought;
  for (const auto& [id, life] : lives.leads) {
    if (!life.Is("WON")) continue;
    std::pair<std::string, size_t> place = {life.from, life.from_refusal};
    if (!life.refusals.empty()) place = {id, life.refusals.size() - 1};
    ++brought[place].first;
    brought[place].second += life.Worth();
  }
  std::vector<CountedRefusal> all;
  Refusals reasons;
  Refusals deciders;
  Refusals stages;
  for (const auto& [id, life] : lives.leads) {
    if (!Passes(lives, query, life)) continue;
    for (size_t i = 0; i < life.refusals.size(); ++i) {
      const Refusal& refusal = life.refusals[i];
      if (!Within(query.window, absl::ToCivilDay(refusal.at, record.zone))) continue;
      const auto [won, revenue] = brought[{id, i}];
      const CountedRefusal counted = {refusal, won, revenue};
      all.push_back(counted);
      reasons[refusal.reason].push_back(counted);
      deciders[refusal.actor].push_back(counted);
      stages[refusal.stage].push_back(counted);
    }
  }
  DeclineReport report;
  report.total = FiguresOf("", all, record.currency_code);
  report.reasons = RowsOf(reasons, record.currency_code);
  report.deciders = RowsOf(deciders, record.currency_code);
  report.stages = RowsOf(stages, record.currency_code);
  return report;
}

ReferralReport ReportReferrals(const Record& record, const ReferralQuery& query) {
  const Lives lives = Teller(nullptr).Tell(record, query.as_of_revision);
  const Money nothing = {record.currency_code, 0};
  ReferralReport report;
  report.total.revenue = nothing;
  std::map<int64_t, ReferralYield> generations;
  std::map<std::string, std::vector<const Life*>> sent_by;
  for (const auto& [id, life] : lives.leads) {
    if (life.Text("referrer").empty()) continue;
    if (!Within(query.window, absl::ToCivilDay(life.received, record.zone))) continue;
    AddTo(life, report.total);
    generations.try_emplace(life.generation, ReferralYield{0, 0, nothing});
    AddTo(life, generations[life.generation]);
    sent_by[life.Text("referrer")].push_back(&life);
  }
  for (const auto& [generation, yield] : generations) {
    report.generations.push_back({static_cast<int>(generation), yield});
  }
  for (const auto& [referrer, sent] : sent_by) {
    ReferrerFigures figures = {referrer, {0, 0, nothing}, {0, 0, nothing}};
    for (const Life* const life : sent) AddTo(*life, figures.direct);
    std::set<std::string> below = {referrer};
    std::vector<std::string> open = {referrer};
    while (!open.empty()) {
      const std::string next = open.back();
      open.pop_back();
      const auto further = sent_by.find(next);
      if (further == sent_by.end()) continue;
      for (const Life* const life : further->second) {
        AddTo(*life, figures.all);
        if (below.insert(life->Text("contact")).second) open.push_back(life->Text("contact"));
      }
    }
    report.contacts.push_back(figures);
  }
  report.contacts_count = static_cast<int64_t>(report.contacts.size());
  std::stable_sort(report.contacts.begin(), report.contacts.end(),
                   [](const ReferrerFigures& a, const ReferrerFigures& b) {
                     return a.direct.leads > b.direct.leads;
                   });
  const auto most = static_cast<size_t>(query.contacts_max == 0 ? 50 : query.contacts_max);
  if (report.contacts.size() > most) report.contacts.resize(most);
  for (const ReferrerFigures& figures : report.contacts) {
    std::map<std::string, int64_t> edges;
    for (const Life* const life : sent_by[figures.contact]) ++edges[life->Text("contact")];
    for (const auto& [contact, leads] : edges) {
      report.edges.push_back({figures.contact, contact, leads});
    }
  }
  return report;
}

}  // namespace sales::naive
