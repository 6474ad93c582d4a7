#include "src/decide/tally.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "sales/limits.h"

namespace sales {
namespace {

// Neighbouring buckets of durations: no duration is further than 1 % from the middle of its own.
constexpr double kGamma = 1.01 / 0.99;
constexpr int64_t kMicrosInSecond = 1'000'000;

absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone) {
  return absl::CivilDay(zone.At(time).cs);
}

// Where the buckets of amounts begin, ascending, and after the last of them.
const std::vector<int64_t>& AmountBounds() {
  static const std::vector<int64_t>* const bounds = [] {
    auto* made = new std::vector<int64_t>;
    int64_t bound = 1;
    while (bound <= limits::money_minor_units_max) {
      made->push_back(bound);
      // The middle of [bound, 101/99 bound) is no further than 1 % from either end.
      bound += std::max<int64_t>(1, bound * 2 / 99);
    }
    made->push_back(bound);
    return made;
  }();
  return *bounds;
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

bool SameDimensions(const Track& a, const Track& b) {
  return a.channel == b.channel && a.campaign == b.campaign && a.seller == b.seller &&
         a.funnel == b.funnel;
}

bool SameCount(const TrackCount& a, const TrackCount& b) {
  return a.metric == b.metric && a.state == b.state && a.bucket == b.bucket && a.day == b.day &&
         a.close == b.close && a.stage == b.stage;
}

// Collects the counts of one track.
class Counter {
 public:
  Counter(const Track& track, absl::TimeZone zone, TrackCounts& counts)
      : track_(track), zone_(zone), counts_(counts), day_(DayOf(track.receive_time, zone)) {}

  void CountLead() {
    const bool won = track_.state == LeadState::kWon;
    Add({Metric::kReceived});
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
      AddDuration(Metric::kResponse, Metric::kResponseSum, "",
                  *track_.first_response_time - track_.receive_time);
    }
    Add({.metric = Metric::kReturned, .n = track_.returned});
    Add({.metric = Metric::kReturnedWon, .n = track_.returned_won});
    Add({.metric = Metric::kReturnedRevenue, .n = track_.returned_revenue});
    if (track_.close_time.has_value() && track_.state != LeadState::kOpen) CountClose(won);
    if (track_.state == LeadState::kOpen) CountPipeline();
  }

  void CountVisit(size_t index) {
    const Visit& visit = track_.visits[index];
    AddOn(DayOf(visit.enter_time, zone_), {.metric = Metric::kEntries, .stage = visit.stage});
    if (!EnteredBefore(index)) Add({.metric = Metric::kEntered, .stage = visit.stage});
    if (visit.leave_time.has_value()) {
      AddDuration(Metric::kStageTime, Metric::kStageTimeSum, visit.stage,
                  *visit.leave_time - visit.enter_time);
    }
  }

 private:
  // Of a lead without value and expected close, kLeft tells everything.
  void CountPipeline() {
    const int64_t close = track_.expected_close;
    if (close != 0) {
      Add({.metric = Metric::kPipelineLeads, .stage = track_.stage, .bucket = close});
    }
    if (track_.expected_value <= 0) return;
    Add({.metric = Metric::kPipelineValue,
         .stage = track_.stage,
         .bucket = close,
         .n = track_.expected_value});
    Add({.metric = Metric::kPipelineValues,
         .stage = track_.stage,
         .close = close,
         .bucket = AmountBucket(track_.expected_value)});
  }

  void CountClose(bool won) {
    const absl::CivilDay close_day = DayOf(*track_.close_time, zone_);
    AddOn(close_day, {.metric = Metric::kClosed, .state = track_.state});
    if (!won) return;
    AddOn(close_day, {.metric = Metric::kClosedRevenue, .n = track_.won_value});
    Add({.metric = Metric::kDaysToWin, .bucket = close_day - day_});
  }

  bool EnteredBefore(size_t index) const {
    for (size_t i = 0; i < index; ++i) {
      if (track_.visits[i].stage == track_.visits[index].stage) return true;
    }
    return false;
  }

  void AddDuration(Metric buckets, Metric sum, std::string_view stage, absl::Duration duration) {
    Add({.metric = buckets, .stage = stage, .bucket = DurationBucket(duration)});
    const int64_t micros = std::max<int64_t>(absl::ToInt64Microseconds(duration), 0);
    Add({.metric = sum, .stage = stage, .bucket = kSumMicros, .n = micros % kMicrosInSecond});
    Add({.metric = sum, .stage = stage, .bucket = kSumSeconds, .n = micros / kMicrosInSecond});
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
  absl::CivilDay day_;
};

// The counts of a track, visits from `first_visit` on.
TrackCounts CountsFrom(const Track& track, size_t first_visit, absl::TimeZone zone) {
  TrackCounts counts;
  if (track.state == LeadState::kUnspecified) return counts;
  Counter counter(track, zone, counts);
  counter.CountLead();
  for (size_t i = first_visit; i < track.visits.size(); ++i) counter.CountVisit(i);
  return counts;
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

// Adds the counts times `sign` to every dimension that the track has.
void AddCounts(const Track& track, const TrackCounts& counts, int64_t sign, TallyTable& table) {
  Cell cell;
  cell.funnel = track.funnel;
  auto add_all = [&] {
    for (const TrackCount& count : counts) {
      if (count.n == 0) continue;
      cell.day = count.day;
      cell.metric = count.metric;
      cell.bucket = count.bucket;
      SetDetail(count, cell.detail);
      AddToCell(cell, sign * count.n, table);
    }
  };
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
    case Metric::kPipelineLeads:
    case Metric::kPipelineValue:
    case Metric::kPipelineValues:
      return Sheet::kPipeline;
    case Metric::kPathSteps:
    case Metric::kCredit:
    case Metric::kCreditRevenue:
      return Sheet::kAttribution;
    default:
      return Sheet::kCounts;
  }
}

TrackCounts CountsOf(const Track& track, absl::TimeZone zone) { return CountsFrom(track, 0, zone); }

void SetDetail(const TrackCount& count, std::string& detail) {
  detail.assign(count.stage);
  if (count.metric == Metric::kPipelineValues) absl::StrAppend(&detail, ">", count.close);
  if (count.state == LeadState::kUnspecified) return;
  if (count.metric == Metric::kLeft) detail += '/';
  detail += LeadStateName(count.state);
}

void AddDifference(const Track& before, const Track& after, absl::TimeZone zone,
                   TallyTable& table) {
  if (SameDimensions(before, after)) {
    const size_t common = CommonVisits(before, after);
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

void AddToCell(const Cell& cell, int64_t n, TallyTable& table) {
  auto [entry, inserted] = table.try_emplace(cell, n);
  if (inserted) return;
  entry->second = WrappedSum(entry->second, n);
  if (entry->second == 0) table.erase(entry);
}

int64_t AmountBucket(int64_t amount) {
  const std::vector<int64_t>& bounds = AmountBounds();
  const int64_t known = std::min(amount, limits::money_minor_units_max);
  return std::upper_bound(bounds.begin(), bounds.end(), known) - bounds.begin();
}

int64_t BucketAmount(int64_t bucket) {
  const std::vector<int64_t>& bounds = AmountBounds();
  if (bucket < 1 || bucket >= static_cast<int64_t>(bounds.size())) return 0;
  const auto index = static_cast<size_t>(bucket);
  return (bounds[index - 1] + bounds[index] - 1) / 2;
}

int64_t DurationBucket(absl::Duration duration) {
  static const double log_gamma = std::log(kGamma);
  const int64_t micros = absl::ToInt64Microseconds(duration);
  if (micros <= 0) return 0;
  return 1 + static_cast<int64_t>(std::ceil(std::log(static_cast<double>(micros)) / log_gamma));
}

absl::Duration BucketDuration(int64_t bucket) {
  if (bucket <= 0) return absl::ZeroDuration();
  return absl::Microseconds(2 * std::pow(kGamma, static_cast<double>(bucket - 1)) / (kGamma + 1));
}

}  // namespace sales
