#include "src/decide/tally.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sales/limits.h"
#include "src/decide/hours.h"

namespace sales {
namespace {

constexpr int64_t kMicrosInSecond = 1'000'000;
constexpr char kEscape = '%';

// Sheets and details have characters of their own, which an actor may have too.
void AppendEscaped(std::string_view text, std::string& out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {kEscape, kDigits[byte / 16], kDigits[byte % 16]};
  }
}

// The metrics of a kind of run.
struct RunMetrics {
  Metric asked;
  Metric dropped;
  Metric done;
  Metric time;
  Metric time_sum;
  Metric within;
};
constexpr RunMetrics kResponseMetrics = {Metric::kResponseAsked,   Metric::kResponseDropped,
                                         Metric::kResponseDone,    Metric::kResponseTime,
                                         Metric::kResponseTimeSum, Metric::kResponseWithin};
constexpr RunMetrics kProposalMetrics = {Metric::kProposalAsked,   Metric::kProposalDropped,
                                         Metric::kProposalDone,    Metric::kProposalTime,
                                         Metric::kProposalTimeSum, Metric::kProposalWithin};

absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone) {
  return absl::CivilDay(zone.At(time).cs);
}

bool SameVisit(const Visit& a, const Visit& b) {
  return a.enter_time == b.enter_time && a.leave_time == b.leave_time && a.stage == b.stage;
}

// How many of the first visits are the same in both.
size_t CommonVisits(const Track& a, const Track& b) {
  const size_t size = std::min(a.visits.size(), b.visits.size());
  size_t common = 0;
  while (common < size && SameVisit(a.visits[common], b.visits[common])) ++common;
  return common;
}

template <typename T>
size_t CommonParts(const std::vector<T>& a, const std::vector<T>& b) {
  const size_t size = std::min(a.size(), b.size());
  size_t common = 0;
  while (common < size && a[common] == b[common]) ++common;
  return common;
}

// The first parts that two tracks do not have in common; nothing of those before is counted.
struct FirstParts {
  size_t visit = 0;
  size_t run = 0;
  size_t decline = 0;
};

bool SameDimensions(const Track& a, const Track& b) {
  return a.channel == b.channel && a.campaign == b.campaign && a.seller == b.seller &&
         a.funnel == b.funnel;
}

bool SameCount(const TrackCount& a, const TrackCount& b) {
  return a.metric == b.metric && a.state == b.state && a.bucket == b.bucket && a.day == b.day &&
         a.hour == b.hour && a.group == b.group && a.close == b.close && a.stage == b.stage;
}

// Collects the counts of one track.
class Counter {
 public:
  Counter(const Track& track, absl::TimeZone zone, TrackCounts& counts)
      : track_(track),
        zone_(zone),
        counts_(counts),
        received_(zone.At(track.receive_time).cs),
        day_(received_) {}

  void CountLead() {
    const bool won = track_.state == LeadState::kWon;
    Add({Metric::kReceived});
    Add({.metric = Metric::kArrivals, .bucket = HourMarkOf(track_.receive_time, received_, zone_)});
    if (track_.new_contact) Add({Metric::kNewContacts});
    Add({.metric = Metric::kState, .state = track_.state});
    Add({.metric = Metric::kLeft, .stage = track_.stage, .state = track_.state});
    if (track_.qualified) Add({Metric::kQualified});
    if (won) {
      Add({Metric::kWon});
      Add({.metric = Metric::kRevenue, .n = track_.won_value});
      Add({.metric = Metric::kWonExpected, .n = track_.expected_value});
    } else {
      Add({.metric = Metric::kFurthest, .stage = track_.furthest});
      Add({.metric = Metric::kFurthestExpected,
           .stage = track_.furthest,
           .n = track_.expected_value});
    }
    if (track_.first_response_time.has_value()) {
      AddDuration({.metric = Metric::kResponse, .day = day_}, Metric::kResponseSum,
                  *track_.first_response_time - track_.receive_time);
    }
    Add({.metric = Metric::kReturned, .n = track_.returned});
    Add({.metric = Metric::kReturnedWon, .n = track_.returned_won});
    Add({.metric = Metric::kReturnedRevenue, .n = track_.returned_revenue});
    if (track_.close_time.has_value() && track_.state != LeadState::kOpen) CountClose(won);
    if (track_.state == LeadState::kOpen) CountPipeline();
    if (!track_.referrer.empty() && track_.generation > 0) CountReferral(won);
  }

  void CountVisit(size_t index) {
    const Visit& visit = track_.visits[index];
    AddOn(DayOf(visit.enter_time, zone_), {.metric = Metric::kEntries, .stage = visit.stage});
    if (!EnteredBefore(index)) Add({.metric = Metric::kEntered, .stage = visit.stage});
    if (visit.leave_time.has_value()) {
      AddDuration({.metric = Metric::kStageTime, .stage = visit.stage, .day = day_},
                  Metric::kStageTimeSum, *visit.leave_time - visit.enter_time);
    }
  }

  void CountRun(const Run& run) {
    const bool response = run.kind == RunKind::kResponse;
    const RunMetrics& metrics = response ? kResponseMetrics : kProposalMetrics;
    const int hour = response ? HourOfWeek(run.start, zone_) : -1;
    TrackCount count;
    count.day = DayOf(run.start, zone_);
    count.bucket = run.due.has_value() ? kWithinLimit : kNoLimit;
    const auto add = [&](Metric metric) {
      count.metric = metric;
      AddOn(count.day, count);
    };
    const auto add_of_hour = [&](Metric metric) {
      if (!response) return;
      count.stage = HourName(hour);
      add(metric);
      count.stage = {};
    };
    add(metrics.asked);
    add_of_hour(Metric::kResponseAskedHour);
    if (run.open()) return;
    if (run.dropped) {
      add(metrics.dropped);
      add_of_hour(Metric::kResponseDroppedHour);
      return;
    }
    count.hour = hour;
    if (run.due.has_value() && *run.stop > *run.due) count.bucket = kLate;
    add(metrics.done);
    const auto* const threshold =
        std::lower_bound(std::begin(kSpeedThresholds), std::end(kSpeedThresholds), run.elapsed);
    if (threshold != std::end(kSpeedThresholds)) {
      count.bucket = threshold - std::begin(kSpeedThresholds);
      add(metrics.within);
    }
    count.metric = metrics.time;
    AddDuration(count, metrics.time_sum, run.elapsed);
  }

  void CountDecline(const Decline& decline) {
    AddGroup(kByReason, decline.reason, decline);
    AddGroup(kByDecider, decline.actor, decline);
    AddGroup(kByStage, decline.stage, decline);
  }

 private:
  // Of a lead without value and expected close, kLeft tells everything.
  void CountPipeline() {
    const int64_t close = track_.expected_close;
    const absl::CivilDay day = CloseDay(close).value_or(kTotalsDay);
    if (close != 0) {
      AddOn(day, {.metric = Metric::kPipelineLeads, .stage = track_.stage, .bucket = close});
    }
    if (track_.expected_value <= 0) return;
    AddOn(day, {.metric = Metric::kPipelineValue,
                .stage = track_.stage,
                .bucket = close,
                .n = track_.expected_value});
    AddOn(day, {.metric = Metric::kPipelineValued, .stage = track_.stage, .bucket = close});
    AddOn(day, {.metric = Metric::kPipelineValues,
                .stage = track_.stage,
                .close = close,
                .bucket = AmountBucket(track_.expected_value)});
  }

  void CountReferral(bool won) {
    Add({.metric = Metric::kReferred, .bucket = track_.generation});
    if (!won) return;
    Add({.metric = Metric::kReferredWon, .bucket = track_.generation});
    Add({.metric = Metric::kReferredRevenue, .bucket = track_.generation, .n = track_.won_value});
  }

  void CountClose(bool won) {
    const absl::CivilDay close_day = DayOf(*track_.close_time, zone_);
    AddOn(close_day, {.metric = Metric::kClosed, .state = track_.state});
    CountForetold(close_day, won);
    if (!won) return;
    AddOn(close_day, {.metric = Metric::kClosedRevenue, .n = track_.won_value});
    Add({.metric = Metric::kDaysToWin, .bucket = close_day - day_});
  }

  // What scores, stances and advice said of a lead that is judged now.
  void CountForetold(absl::CivilDay day, bool won) {
    if (!won && track_.state != LeadState::kDeclined && track_.state != LeadState::kLost) return;
    CountLabelled(day, Metric::kStanceClosed, Metric::kStanceRevenue, track_.stance);
    CountLabelled(day, Metric::kAdviceClosed, Metric::kAdviceRevenue, track_.advice);
    if (track_.scored_features.empty()) return;
    int permille = 0;
    if (absl::SimpleAtoi(track_.promised, &permille)) {
      AddOn(day,
            {.metric = won ? Metric::kPromisedWon : Metric::kPromisedNotWon, .bucket = permille});
    }
    CountFeature(day, won, "");
    for (std::string_view rest = track_.scored_features; !rest.empty();) {
      const size_t end = rest.find(' ');
      CountFeature(day, won, rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }

  void CountFeature(absl::CivilDay day, bool won, std::string_view feature) {
    AddOn(day, {.metric = won ? Metric::kFeatureWon : Metric::kFeatureNotWon, .stage = feature});
    AddOn(kTotalsDay, {.metric = won ? Metric::kFeatureWonTotal : Metric::kFeatureNotWonTotal,
                       .stage = feature});
  }

  void CountLabelled(absl::CivilDay day, Metric closed, Metric revenue, std::string_view label) {
    if (label.empty()) return;
    AddOn(day, {.metric = closed, .stage = label, .state = track_.state});
    AddOn(day, {.metric = revenue, .stage = label, .n = track_.won_value});
  }

  bool EnteredBefore(size_t index) const {
    for (size_t i = 0; i < index; ++i) {
      if (track_.visits[i].stage == track_.visits[index].stage) return true;
    }
    return false;
  }

  // Counts the duration in its bucket, and in the sum.
  void AddDuration(TrackCount count, Metric sum, absl::Duration duration) {
    const auto add = [&](Metric metric, int64_t bucket, int64_t n) {
      count.metric = metric;
      count.bucket = bucket;
      count.n = n;
      AddOn(count.day, count);
    };
    add(count.metric, DurationBucket(duration), 1);
    const int64_t micros = std::max<int64_t>(absl::ToInt64Microseconds(duration), 0);
    add(sum, kSumMicros, micros % kMicrosInSecond);
    add(sum, kSumSeconds, micros / kMicrosInSecond);
  }

  void AddGroup(char group, std::string_view key, const Decline& decline) {
    const absl::CivilDay day = DayOf(decline.time, zone_);
    const auto add = [&](DeclineCount what, int64_t n) {
      AddOn(day,
            {.metric = Metric::kDecline, .stage = key, .bucket = what, .n = n, .group = group});
    };
    add(kDeclined, 1);
    add(kArguedBetter, int64_t{decline.better});
    add(kArguedPrice, int64_t{decline.price});
    add(kArguedDiffer, int64_t{decline.differ});
    add(kArguedFully, int64_t{decline.better && decline.price && decline.differ});
    if (decline.return_time.has_value()) {
      const absl::Duration after = *decline.return_time - decline.time;
      add(after <= absl::Hours(24 * 90)    ? kReturnedIn90
          : after <= absl::Hours(24 * 180) ? kReturnedIn180
          : after <= absl::Hours(24 * 365) ? kReturnedIn365
                                           : kReturnedLater,
          1);
    }
    add(kReferredLeads, decline.referrals);
    add(kDescendantsWon, decline.won);
    add(kDescendantsRevenue, decline.revenue);
  }

  void Add(TrackCount count) { AddOn(day_, count); }

  void AddOn(absl::CivilDay day, TrackCount count) {
    if (count.n == 0) return;
    count.day = day;
    counts_.push_back(count);
  }

  const Track& track_;
  absl::TimeZone zone_;
  TrackCounts& counts_;
  absl::CivilSecond received_;
  absl::CivilDay day_;
};

// The counts of a track, parts from the first ones on.
TrackCounts CountsFrom(const Track& track, const FirstParts& first, absl::TimeZone zone) {
  TrackCounts counts;
  if (track.state == LeadState::kUnspecified) return counts;
  Counter counter(track, zone, counts);
  counter.CountLead();
  for (size_t i = first.visit; i < track.visits.size(); ++i) counter.CountVisit(i);
  for (size_t i = first.run; i < track.runs.size(); ++i) counter.CountRun(track.runs[i]);
  for (size_t i = first.decline; i < track.declines.size(); ++i) {
    counter.CountDecline(track.declines[i]);
  }
  return counts;
}

// Whether of a funnel only the tallies of everything have counts of the metric.
bool IsOfAllOnly(Metric metric) {
  return metric == Metric::kResponseAskedHour || metric == Metric::kResponseDroppedHour;
}

// Takes `before` away from `after`; what is left of either stays in `after`, partly negative.
void Subtract(const TrackCounts& before, TrackCounts& after) {
  const size_t size = after.size();
  for (const TrackCount& count : before) {
    size_t i = 0;
    while (i < size && !SameCount(after[i], count)) ++i;
    if (i < size) {
      after[i].n = WrappedSum(after[i].n, -count.n);
    } else {
      after.push_back(count);
      after.back().n = -count.n;
    }
  }
}

// Whether it is counted for the whole workspace only, whatever the funnel.
bool IsOfWhole(Metric metric) {
  return metric >= Metric::kFeatureWon && metric <= Metric::kReferrers;
}

// Adds the counts times `sign` to every dimension that the track has.
void AddCounts(const Track& track, const TrackCounts& counts, int64_t sign, TallyTable& table) {
  Cell cell;
  auto add_all = [&](bool of_whole = false) {
    const bool of_all = cell.dimension == Dimension::kAll;
    const bool of_hour = cell.dimension == Dimension::kHour;
    for (const TrackCount& count : counts) {
      if (count.n == 0 || IsOfWhole(count.metric) != of_whole) continue;
      if (!of_all && IsOfAllOnly(count.metric)) continue;
      if (of_hour) {
        if (count.hour < 0) continue;
        cell.key = HourName(count.hour);
      }
      cell.day = count.day;
      cell.metric = count.metric;
      cell.bucket = count.bucket;
      SetDetail(count, cell.detail);
      AddToCell(cell, sign * count.n, table);
    }
  };
  add_all(/*of_whole=*/true);
  cell.funnel = track.funnel;
  add_all();
  cell.dimension = Dimension::kChannel;
  cell.key = track.channel;
  add_all();
  if (!track.campaign.empty()) {
    cell.dimension = Dimension::kCampaign;
    cell.key += '/';
    cell.key += track.campaign;
    add_all();
  }
  if (!track.seller.empty()) {
    cell.dimension = Dimension::kSeller;
    cell.key = track.seller;
    add_all();
  }
  cell.dimension = Dimension::kHour;
  add_all();
}

void AddToCampaign(Metric metric, const std::string& channel, const std::string& campaign,
                   absl::CivilDay day, int64_t n, TallyTable& table) {
  if (n == 0) return;
  Cell cell;
  cell.metric = metric;
  cell.day = day;
  AddToCell(cell, n, table);
  cell.dimension = Dimension::kChannel;
  cell.key = channel;
  AddToCell(cell, n, table);
  if (campaign.empty()) return;
  cell.dimension = Dimension::kCampaign;
  cell.key = CampaignKey(channel, campaign);
  AddToCell(cell, n, table);
}

}  // namespace

Sheet SheetOf(Metric metric) {
  switch (metric) {
    case Metric::kStageTime:
    case Metric::kStageTimeSum:
      return Sheet::kStageTimes;
    case Metric::kResponse:
    case Metric::kResponseSum:
    case Metric::kDaysToWin:
      return Sheet::kLeadTimes;
    case Metric::kFeatureWon:
    case Metric::kFeatureNotWon:
    case Metric::kPromisedWon:
    case Metric::kPromisedNotWon:
    case Metric::kStanceClosed:
    case Metric::kStanceRevenue:
    case Metric::kAdviceClosed:
    case Metric::kAdviceRevenue:
      return Sheet::kScore;
    case Metric::kFeatureWonTotal:
    case Metric::kFeatureNotWonTotal:
      return Sheet::kScoreTotals;
    case Metric::kResponseDone:
    case Metric::kResponseTime:
    case Metric::kResponseTimeSum:
    case Metric::kResponseWithin:
    case Metric::kProposalAsked:
    case Metric::kProposalDropped:
    case Metric::kProposalDone:
    case Metric::kProposalTime:
    case Metric::kProposalTimeSum:
    case Metric::kProposalWithin:
      return Sheet::kSpeed;
    case Metric::kDecline:
      return Sheet::kDeclines;
    case Metric::kPipelineLeads:
    case Metric::kPipelineValue:
    case Metric::kPipelineValued:
      return Sheet::kPipeline;
    case Metric::kPipelineValues:
      return Sheet::kPipelineValues;
    case Metric::kReferred:
    case Metric::kReferredWon:
    case Metric::kReferredRevenue:
    case Metric::kReferrers:
      return Sheet::kReferrals;
    case Metric::kPathSteps:
    case Metric::kCredit:
    case Metric::kCreditRevenue:
      return Sheet::kAttribution;
    default:
      return Sheet::kCounts;
  }
}

TrackCounts CountsOf(const Track& track, absl::TimeZone zone) {
  return CountsFrom(track, {}, zone);
}

int HourOfWeek(absl::Time time, absl::TimeZone zone) {
  const absl::CivilSecond civil = zone.At(time).cs;
  return static_cast<int>(absl::GetWeekday(civil)) * 24 + civil.hour();
}

std::string_view HourName(int hour) {
  static const std::vector<std::string>* const names = [] {
    auto* all = new std::vector<std::string>();
    for (int i = 0; i < kHoursOfWeek; ++i) all->push_back(std::to_string(i));
    return all;
  }();
  return (*names)[static_cast<size_t>(hour)];
}

int ParseHour(std::string_view name) {
  int hour = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), hour);
  const bool valid = error == std::errc() && end == name.data() + name.size();
  return valid && hour >= 0 && hour < kHoursOfWeek ? hour : -1;
}

std::pair<char, std::string> SplitGroup(std::string_view detail) {
  if (detail.size() < 2 || detail[1] != '/') return {0, std::string(detail)};
  std::string key;
  for (size_t i = 2; i < detail.size(); ++i) {
    int byte = 0;
    const char* const digits = detail.data() + i + 1;
    if (detail[i] != kEscape || i + 2 >= detail.size() ||
        std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
      key += detail[i];
      continue;
    }
    key += static_cast<char>(byte);
    i += 2;
  }
  return {detail[0], std::move(key)};
}

void SetDetail(const TrackCount& count, std::string& detail) {
  if (count.group != 0) {
    detail.assign(1, count.group);
    detail += '/';
    AppendEscaped(count.stage, detail);
    return;
  }
  detail.assign(count.stage);
  if (count.metric == Metric::kPipelineValues) absl::StrAppend(&detail, ">", count.close);
  if (count.state == LeadState::kUnspecified) return;
  if (count.metric == Metric::kLeft || IsOfWhole(count.metric)) detail += '/';
  detail += LeadStateName(count.state);
}

void AddDifference(const Track& before, const Track& after, absl::TimeZone zone,
                   TallyTable& table) {
  if (SameDimensions(before, after)) {
    const FirstParts common = {CommonVisits(before, after), CommonParts(before.runs, after.runs),
                               CommonParts(before.declines, after.declines)};
    TrackCounts counts = CountsFrom(after, common, zone);
    Subtract(CountsFrom(before, common, zone), counts);
    AddCounts(after, counts, 1, table);
    return;
  }
  AddCounts(before, CountsOf(before, zone), -1, table);
  AddCounts(after, CountsOf(after, zone), 1, table);
}

std::string CampaignKey(const std::string& channel, const std::string& campaign) {
  return channel + '/' + campaign;
}

void AddSpend(const std::string& channel, const std::string& campaign, absl::CivilDay day,
              int64_t minor_units, TallyTable& table) {
  AddToCampaign(Metric::kSpend, channel, campaign, day, minor_units, table);
}

void AddReachedContacts(const std::string& channel, const std::string& campaign, absl::CivilDay day,
                        int64_t count, TallyTable& table) {
  AddToCampaign(Metric::kReachedContacts, channel, campaign, day, count, table);
}

void AddReferrer(std::optional<absl::CivilDay> before, absl::CivilDay day, int64_t n,
                 TallyTable& table) {
  if (before == day) return;
  Cell cell;
  cell.metric = Metric::kReferrers;
  cell.day = day;
  cell.bucket = before.has_value() ? *before - kTotalsDay : kNoDay;
  AddToCell(cell, n, table);
}

void AddToCell(const Cell& cell, int64_t n, TallyTable& table) {
  auto [entry, inserted] = table.try_emplace(cell, n);
  if (inserted) return;
  entry->second = WrappedSum(entry->second, n);
  if (entry->second == 0) table.erase(entry);
}

}  // namespace sales
