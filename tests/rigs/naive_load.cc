#include "tests/rigs/naive_load.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "absl/time/civil_time.h"

namespace sales::naive {
namespace {

// What events tell of a lead.
struct Told {
  absl::Time received;
  std::map<std::string, std::string> fields;

  const std::string& operator[](const std::string& field) const {
    static const std::string none;
    const auto found = fields.find(field);
    return found == fields.end() ? none : found->second;
  }
  bool open() const { return (*this)["state"] == "OPEN"; }
  bool won() const { return (*this)["state"] == "WON"; }
  // Whether its outcome counts for scores.
  bool judged() const {
    return won() || (*this)["state"] == "DECLINED" || (*this)["state"] == "LOST";
  }
};

void Tell(const Event& event, std::map<std::string, Told>& leads) {
  if (event.lead.empty()) return;
  Told& lead = leads[event.lead];
  if (event.type == EventType::kLeadCaptured) lead.received = event.occur_time;
  for (const Change& change : event.changes) lead.fields[change.field] = change.after;
}

std::map<std::string, Told> LeadsOf(const std::vector<Event>& events) {
  std::map<std::string, Told> leads;
  for (const Event& event : events) Tell(event, leads);
  return leads;
}

bool In(const Window& window, absl::CivilDay day) {
  return (!window.start || *window.start <= day) && (!window.end || day < *window.end);
}

ArrivalFigures FiguresOf(const std::vector<int64_t>& hours) {
  ArrivalFigures figures;
  figures.hours = static_cast<int64_t>(hours.size());
  for (const int64_t n : hours) figures.arrivals += n;
  if (hours.empty()) return figures;
  figures.mean = static_cast<double>(figures.arrivals) / static_cast<double>(hours.size());
  double squares = 0;
  for (const int64_t n : hours) {
    const double off = static_cast<double>(n) - figures.mean;
    squares += off * off;
  }
  if (hours.size() > 1) figures.variance = squares / static_cast<double>(hours.size() - 1);
  if (figures.arrivals > 0) figures.dispersion = figures.variance / figures.mean;
  return figures;
}

// A report's lines of what differs.
class Comparison {
 public:
  template <typename T>
  void Exact(const std::string& what, const T& actual, const T& expected) {
    if (actual == expected) return;
    std::ostringstream line;
    line << what << ": " << actual << ", naive " << expected;
    lines.push_back(line.str());
  }
  void Near(const std::string& what, double actual, double expected) {
    if (std::abs(actual - expected) <= 1e-9 * std::max(1.0, std::abs(expected))) return;
    Exact(what, actual, expected);
  }
  void Near(const std::string& what, const std::optional<double>& actual,
            const std::optional<double>& expected) {
    Exact(what + " is set", actual.has_value(), expected.has_value());
    if (actual.has_value() && expected.has_value()) Near(what, *actual, *expected);
  }
  void Same(const std::string& what, const ArrivalFigures& a, const ArrivalFigures& b) {
    Exact(what + " arrivals", a.arrivals, b.arrivals);
    Exact(what + " hours", a.hours, b.hours);
    Near(what + " mean", a.mean, b.mean);
    Near(what + " variance", a.variance, b.variance);
    Near(what + " dispersion", a.dispersion, b.dispersion);
  }
  void Same(const std::string& what, const Rate& a, const Rate& b) {
    Exact(what + " numerator", a.numerator, b.numerator);
    Exact(what + " denominator", a.denominator, b.denominator);
  }

  std::vector<std::string> lines;
};

Rate Share(int64_t numerator, int64_t denominator) {
  Rate rate;
  rate.numerator = numerator;
  rate.denominator = denominator;
  if (denominator > 0) {
    rate.value = static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  return rate;
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string NameOf(const std::string& word) { return word.substr(0, word.find('=')); }

// What a feature's value adds, by leads that have it and by all leads with the feature.
double LogOdds(double won, double lost, double all_won, double all_lost) {
  const double p = (all_won + 1) / (all_won + all_lost + 2);
  return std::log((won + 2 * p) / (lost + 2 * (1 - p))) - std::log(p / (1 - p));
}

struct Count {
  double won = 0;
  double lost = 0;
};

}  // namespace

LoadReport ReportLoad(const std::vector<Event>& events, absl::TimeZone zone,
                      const FunnelPolicy& policy, const std::map<std::string, int64_t>& capacities,
                      const ReportQuery& query) {
  LoadReport report;
  report.window = query.window;
  std::vector<absl::Time> times;
  std::map<std::string, SellerLoad> sellers;
  for (const auto& [seller, capacity] : capacities) {
    sellers[seller].seller = seller;
    if (capacity > 0) sellers[seller].capacity = capacity;
  }
  std::optional<absl::CivilDay> first;
  std::optional<absl::CivilDay> last;
  for (const auto& [id, lead] : LeadsOf(events)) {
    if (lead.open()) {
      SellerLoad& load = sellers[lead["seller"]];
      load.seller = lead["seller"];
      ++load.open_leads;
      for (const Stage& stage : policy.stages) {
        if (stage.key == lead["stage"]) load.open_work_units += stage.work_units;
      }
    }
    const ReportFilter& filter = query.filter;
    if (!filter.channel.empty() && filter.channel != lead["channel"]) continue;
    if (!filter.campaign.empty() && filter.campaign != lead["campaign"]) continue;
    if (!filter.seller.empty() && filter.seller != lead["seller"]) continue;
    const absl::CivilDay day = absl::ToCivilDay(lead.received, zone);
    if (!In(query.window, day)) continue;
    times.push_back(lead.received);
    if (!first || day < *first) first = day;
    if (!last || day > *last) last = day;
  }
  if (!report.window.start) report.window.start = first;
  if (!report.window.end && last) report.window.end = *last + 1;
  for (const auto& [seller, load] : sellers) {
    if (query.filter.seller.empty() || query.filter.seller == seller) {
      report.sellers.push_back(load);
    }
  }
  // Every hour of the window, one after another.
  std::sort(times.begin(), times.end());
  std::vector<int64_t> all;
  std::vector<std::vector<int64_t>> kinds(168);
  std::vector<BusyHour> busy;
  if (report.window.start && report.window.end) {
    const absl::Time end = absl::FromCivil(*report.window.end, zone);
    size_t next = 0;
    for (absl::Time at = absl::FromCivil(*report.window.start, zone); at < end;
         at += absl::Hours(1)) {
      int64_t n = 0;
      while (next < times.size() && times[next] < at + absl::Hours(1)) {
        ++n;
        ++next;
      }
      const absl::CivilHour hour = absl::ToCivilHour(at, zone);
      const int weekday = static_cast<int>(absl::GetWeekday(absl::CivilDay(hour)));
      all.push_back(n);
      kinds[weekday * 24 + hour.hour()].push_back(n);
      if (n > 0) busy.push_back({at, n});
    }
  }
  report.total = FiguresOf(all);
  for (int i = 0; i < 168; ++i) report.hours.push_back({i, FiguresOf(kinds[i])});
  std::stable_sort(busy.begin(), busy.end(),
                   [](const BusyHour& a, const BusyHour& b) { return a.arrivals > b.arrivals; });
  if (busy.size() > 10) busy.resize(10);
  report.busiest = busy;
  return report;
}

std::vector<std::string> PromiseFaults(const std::vector<Event>& events) {
  std::vector<std::string> faults;
  std::map<std::string, Told> leads;
  for (const Event& event : events) {
    if (event.lead.empty()) continue;
    const std::string former = leads[event.lead]["state"];
    std::map<std::string, Told> before = leads;
    Tell(event, leads);
    const Told& lead = leads[event.lead];
    if (former == lead["state"] || !lead.judged() || lead["scored_features"].empty()) continue;
    Count all;
    std::map<std::string, Count> words;
    std::map<std::string, Count> features;
    for (const auto& [id, other] : before) {
      if (!other.judged() || other["scored_features"].empty()) continue;
      const bool won = other.won();
      const auto count = [won](Count& counted) { ++(won ? counted.won : counted.lost); };
      count(all);
      for (const std::string& word : WordsOf(other["scored_features"])) {
        count(words[word]);
        count(features[NameOf(word)]);
      }
    }
    if (all.won == 0 || all.lost == 0) {
      if (!lead["promised"].empty()) faults.push_back(event.lead + ": promised too early");
      continue;
    }
    double odds = std::log((all.won + 1) / (all.lost + 1));
    for (const std::string& word : WordsOf(lead["scored_features"])) {
      const auto found = words.find(word);
      if (found == words.end()) continue;
      const Count& of_feature = features[NameOf(word)];
      odds += LogOdds(found->second.won, found->second.lost, of_feature.won, of_feature.lost);
    }
    const double expected = 1000 / (1 + std::exp(-odds));
    const double told = lead["promised"].empty() ? -1 : std::stod(lead["promised"]);
    // Halves may be rounded either way.
    if (std::abs(told - expected) > 0.5 + 1e-9) {
      faults.push_back(event.lead + ": promised " + std::to_string(told) + ", naive " +
                       std::to_string(expected));
    }
  }
  return faults;
}

ScoreReport ReportScore(const std::vector<Event>& events, absl::TimeZone zone,
                        const std::string& currency_code, const ScoreQuery& query) {
  ScoreReport report;
  report.window = query.window;
  std::vector<std::pair<double, bool>> promised;
  std::map<std::string, Count> words;
  std::map<std::string, Count> features;
  struct Ends {
    int64_t won = 0;
    int64_t declined = 0;
    int64_t closed = 0;
    int64_t revenue = 0;
  };
  std::map<std::string, Ends> stances;
  std::map<std::string, Ends> advice;
  for (const auto& [id, lead] : LeadsOf(events)) {
    if (!lead.judged()) continue;
    const absl::Time close = absl::FromUnixMicros(std::stoll(lead["close_time"]));
    if (!In(query.window, absl::ToCivilDay(close, zone))) continue;
    const int64_t value = lead["won_value"].empty() ? 0 : std::stoll(lead["won_value"]);
    for (auto [field, ends] :
         {std::make_pair("stance", &stances), std::make_pair("advice", &advice)}) {
      if (lead[field].empty()) continue;
      Ends& end = (*ends)[lead[field]];
      ++end.closed;
      end.won += lead.won() ? 1 : 0;
      end.declined += lead["state"] == "DECLINED" ? 1 : 0;
      end.revenue += value;
    }
    if (!lead["promised"].empty()) {
      promised.emplace_back(std::stod(lead["promised"]) / 1000, lead.won());
    }
    for (const std::string& word : WordsOf(lead["scored_features"])) {
      for (Count* count : {&words[word], &features[NameOf(word)]}) {
        ++(lead.won() ? count->won : count->lost);
      }
    }
  }
  report.scored = static_cast<int64_t>(promised.size());
  int64_t won = 0;
  double brier = 0;
  double pairs = 0;
  double ordered = 0;
  for (const auto& [p, is_won] : promised) {
    won += is_won ? 1 : 0;
    brier += (p - (is_won ? 1 : 0)) * (p - (is_won ? 1 : 0));
    for (const auto& [q, other_won] : promised) {
      if (!is_won || other_won) continue;
      pairs += 1;
      ordered += p > q ? 1 : p == q ? 0.5 : 0;
    }
  }
  report.won = Share(won, report.scored);
  if (pairs > 0) report.auc = ordered / pairs;
  if (report.scored > 0) report.brier_score = brier / static_cast<double>(report.scored);
  double error = 0;
  for (int i = 0; i < 10; ++i) {
    CalibrationBin bin;
    bin.low = i / 10.0;
    bin.high = (i + 1) / 10.0;
    int64_t count = 0;
    int64_t count_won = 0;
    double sum = 0;
    for (const auto& [p, is_won] : promised) {
      const int64_t permille = std::llround(p * 1000);
      if (permille < i * 100 || (permille >= (i + 1) * 100 && i < 9)) continue;
      ++count;
      count_won += is_won ? 1 : 0;
      sum += p;
    }
    bin.won = Share(count_won, count);
    if (count > 0) bin.mean_probability = sum / static_cast<double>(count);
    error += std::abs(sum - static_cast<double>(count_won));
    report.bins.push_back(bin);
  }
  if (report.scored > 0) report.calibration_error = error / static_cast<double>(report.scored);
  for (const auto& [word, count] : words) {
    const Count& of_feature = features[NameOf(word)];
    report.features.push_back({NameOf(word), word.substr(word.find('=') + 1),
                               static_cast<int64_t>(count.won), static_cast<int64_t>(count.lost),
                               LogOdds(count.won, count.lost, of_feature.won, of_feature.lost)});
  }
  const std::pair<const char*, Stance> kStances[] = {
      {"PURSUE", Stance::kPursue}, {"STEADY", Stance::kSteady}, {"LET_GO", Stance::kLetGo}};
  for (const auto& [name, stance] : kStances) {
    const Ends& ends = stances[name];
    if (ends.closed == 0) continue;
    report.stances.push_back(
        {stance, ends.closed, Share(ends.won, ends.closed), {currency_code, ends.revenue}});
  }
  const std::pair<const char*, AdviceAction> kActions[] = {{"PURSUE", AdviceAction::kPursue},
                                                           {"STEADY", AdviceAction::kSteady},
                                                           {"NURTURE", AdviceAction::kNurture},
                                                           {"DECLINE", AdviceAction::kDecline}};
  for (const auto& [name, action] : kActions) {
    const Ends& ends = advice[name];
    if (ends.closed == 0) continue;
    report.advice.push_back({action,
                             ends.closed,
                             Share(ends.won, ends.closed),
                             ends.declined,
                             {currency_code, ends.revenue}});
  }
  return report;
}

std::vector<std::string> Differences(const LoadReport& report, const LoadReport& naive) {
  Comparison compare;
  compare.Exact("start", report.window.start == naive.window.start, true);
  compare.Exact("end", report.window.end == naive.window.end, true);
  compare.Same("total", report.total, naive.total);
  compare.Exact("hours", report.hours.size(), naive.hours.size());
  for (size_t i = 0; i < std::min(report.hours.size(), naive.hours.size()); ++i) {
    compare.Same("hour " + std::to_string(i), report.hours[i].arrivals, naive.hours[i].arrivals);
  }
  compare.Exact("busiest", report.busiest.size(), naive.busiest.size());
  for (size_t i = 0; i < std::min(report.busiest.size(), naive.busiest.size()); ++i) {
    compare.Exact("busy hour", report.busiest[i].start_time, naive.busiest[i].start_time);
    compare.Exact("busy arrivals", report.busiest[i].arrivals, naive.busiest[i].arrivals);
  }
  compare.Exact("sellers", report.sellers.size(), naive.sellers.size());
  for (size_t i = 0; i < std::min(report.sellers.size(), naive.sellers.size()); ++i) {
    const SellerLoad& a = report.sellers[i];
    const SellerLoad& b = naive.sellers[i];
    compare.Exact("seller", a.seller, b.seller);
    compare.Exact(a.seller + " leads", a.open_leads, b.open_leads);
    compare.Exact(a.seller + " units", a.open_work_units, b.open_work_units);
    compare.Exact(a.seller + " capacity", a.capacity.value_or(-1), b.capacity.value_or(-1));
  }
  return compare.lines;
}

std::vector<std::string> Differences(const ScoreReport& report, const ScoreReport& naive) {
  Comparison compare;
  compare.Exact("scored", report.scored, naive.scored);
  compare.Same("won", report.won, naive.won);
  compare.Near("auc", report.auc, naive.auc);
  compare.Near("calibration error", report.calibration_error, naive.calibration_error);
  compare.Near("brier score", report.brier_score, naive.brier_score);
  compare.Exact("bins", report.bins.size(), naive.bins.size());
  for (size_t i = 0; i < std::min(report.bins.size(), naive.bins.size()); ++i) {
    compare.Near("bin low", report.bins[i].low, naive.bins[i].low);
    compare.Near("bin mean", report.bins[i].mean_probability, naive.bins[i].mean_probability);
    compare.Same("bin", report.bins[i].won, naive.bins[i].won);
  }
  compare.Exact("features", report.features.size(), naive.features.size());
  for (size_t i = 0; i < std::min(report.features.size(), naive.features.size()); ++i) {
    const FeatureFigures& a = report.features[i];
    const FeatureFigures& b = naive.features[i];
    compare.Exact("feature", a.feature + '=' + a.value, b.feature + '=' + b.value);
    compare.Exact(a.feature + " won", a.won, b.won);
    compare.Exact(a.feature + " not won", a.not_won, b.not_won);
    compare.Near(a.feature + " log odds", a.log_odds, b.log_odds);
  }
  compare.Exact("stances", report.stances.size(), naive.stances.size());
  for (size_t i = 0; i < std::min(report.stances.size(), naive.stances.size()); ++i) {
    compare.Exact("stance", static_cast<int>(report.stances[i].stance),
                  static_cast<int>(naive.stances[i].stance));
    compare.Same("stance", report.stances[i].won, naive.stances[i].won);
    compare.Exact("stance revenue", report.stances[i].revenue.minor_units,
                  naive.stances[i].revenue.minor_units);
  }
  compare.Exact("advice", report.advice.size(), naive.advice.size());
  for (size_t i = 0; i < std::min(report.advice.size(), naive.advice.size()); ++i) {
    compare.Exact("action", static_cast<int>(report.advice[i].action),
                  static_cast<int>(naive.advice[i].action));
    compare.Same("advice", report.advice[i].won, naive.advice[i].won);
    compare.Exact("advice declined", report.advice[i].declined, naive.advice[i].declined);
    compare.Exact("advice revenue", report.advice[i].revenue.minor_units,
                  naive.advice[i].revenue.minor_units);
  }
  return compare.lines;
}

}  // namespace sales::naive
