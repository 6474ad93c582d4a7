#include "src/decide/contact_paths.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/types/span.h"
#include "sales/limits.h"
#include "src/decide/attribution.h"
#include "src/decide/civil.h"
#include "src/decide/markov_chain.h"

namespace sales {
namespace {

// What a conversion is in shares.
constexpr int64_t kWholeConversion = 1'000'000'000;

struct PathItem {
  int64_t time = 0;
  std::string_view channel;
  // Unset for recorded touches.
  const PathLead* lead = nullptr;

  friend bool operator==(const PathItem& a, const PathItem& b) {
    return a.time == b.time && a.channel == b.channel && (a.lead == nullptr) == (b.lead == nullptr);
  }
};

bool IsEarlierLead(const PathLead* a, const PathLead* b) {
  return std::tie(a->receive_time, a->create_time, a->id) <
         std::tie(b->receive_time, b->create_time, b->id);
}

// A contact's touches in their order.
class Paths {
 public:
  explicit Paths(ContactTouches contact) : contact_(std::move(contact)) {
    std::vector<RecordedTouch>& touches = contact_.touches;
    std::sort(touches.begin(), touches.end(), IsEarlier);
    if (touches.size() > limits::path_touches_max) touches.resize(limits::path_touches_max);
    std::sort(contact_.leads.begin(), contact_.leads.end(),
              [](const PathLead& a, const PathLead& b) { return a.id < b.id; });
    const size_t count = std::min<size_t>(contact_.leads.size(), limits::path_leads_max);
    for (size_t i = 0; i < count; ++i) leads_.push_back(&contact_.leads[i]);
    for (size_t i = count; i < contact_.leads.size(); ++i) further_.push_back(&contact_.leads[i]);
    std::sort(leads_.begin(), leads_.end(), IsEarlierLead);
    Order();
  }
  Paths(const Paths&) = delete;
  Paths& operator=(const Paths&) = delete;

  const std::vector<PathItem>& items() const { return items_; }
  // Those that have a path of their own, by id in no order.
  const std::vector<const PathLead*>& leads() const { return leads_; }
  const std::vector<const PathLead*>& further() const { return further_; }

  // How many items are before the win.
  size_t LengthOf(const PathLead& lead) const {
    const int64_t win = ToMicros(lead.win_time);
    return static_cast<size_t>(
        std::upper_bound(items_.begin(), items_.end(), win,
                         [](int64_t time, const PathItem& item) { return time < item.time; }) -
        items_.begin());
  }
  bool HasWin() const {
    return std::any_of(leads_.begin(), leads_.end(),
                       [](const PathLead* lead) { return lead->won; });
  }

 private:
  void Order() {
    items_.reserve(contact_.touches.size() + leads_.size());
    auto lead = leads_.begin();
    const auto add_leads = [&](int64_t before) {
      for (; lead != leads_.end() && ToMicros((*lead)->receive_time) < before; ++lead) {
        items_.push_back({ToMicros((*lead)->receive_time), (*lead)->channel, *lead});
      }
    };
    for (const RecordedTouch& touch : contact_.touches) {
      const int64_t time = ToMicros(touch.occur_time);
      add_leads(time);
      items_.push_back({time, touch.channel, nullptr});
    }
    for (; lead != leads_.end(); ++lead) {
      items_.push_back({ToMicros((*lead)->receive_time), (*lead)->channel, *lead});
    }
  }

  ContactTouches contact_;
  std::vector<const PathLead*> leads_;
  std::vector<const PathLead*> further_;
  std::vector<PathItem> items_;
};

// Counts paths with a sign.
class PathCounter {
 public:
  PathCounter(int64_t sign, absl::TimeZone zone, TallyTable& table)
      : sign_(sign), zone_(zone), table_(table) {}

  // The path of a contact of whom no lead is won.
  void CountLost(const Paths& paths) {
    if (paths.items().empty()) return;
    const PathItem& last = paths.items().back();
    std::string funnel;
    for (const PathItem& item : paths.items()) {
      if (item.lead != nullptr) funnel = item.lead->funnel;
    }
    Place(FromMicros(last.time), funnel);
    if (OneChannel(paths.items())) {
      Add(Metric::kLonePaths, std::string(last.channel), 0, 1);
    } else {
      CountSteps(paths.items(), kPathEnd);
    }
  }

  void CountWon(const Paths& paths, const PathLead& lead) {
    std::vector<PathItem> items(paths.items().begin(),
                                paths.items().begin() + static_cast<int64_t>(paths.LengthOf(lead)));
    const bool has_own = std::any_of(items.begin(), items.end(),
                                     [&](const PathItem& item) { return item.lead == &lead; });
    // A lead may be recorded as won before it was received.
    if (!has_own) items.push_back({ToMicros(lead.win_time), lead.channel, &lead});
    Place(lead.win_time, lead.funnel);
    if (OneChannel(items)) return CountLone(lead);
    CountSteps(items, kPathWon);
    CountCredits(items, lead.won_value);
  }

  // A lead that is credited to its own channel.
  void CountFurther(const PathLead& lead) {
    if (!lead.won) return;
    Place(lead.win_time, lead.funnel);
    CountLone(lead);
  }

 private:
  static bool OneChannel(absl::Span<const PathItem> items) {
    return std::all_of(items.begin(), items.end(),
                       [&](const PathItem& item) { return item.channel == items.front().channel; });
  }

  void Place(absl::Time time, const std::string& funnel) {
    cell_.day = DayOf(time, zone_);
    cell_.funnel = funnel;
  }

  void Add(Metric metric, std::string detail, int64_t bucket, int64_t n) {
    if (n == 0) return;
    cell_.metric = metric;
    cell_.detail = std::move(detail);
    cell_.bucket = bucket;
    AddToCell(cell_, sign_ * n, table_);
  }

  void CountLone(const PathLead& lead) {
    Add(Metric::kLoneWins, lead.channel, 0, 1);
    Add(Metric::kLoneRevenue, lead.channel, 0, lead.won_value);
  }

  void CountSteps(absl::Span<const PathItem> items, const char* end) {
    std::string from = kPathStart;
    for (const PathItem& item : items) {
      if (from == item.channel) continue;
      const std::string to(item.channel);
      Add(Metric::kPathSteps, from + '>' + to, 0, 1);
      from = to;
    }
    Add(Metric::kPathSteps, from + '>' + end, 0, 1);
  }

  void CountCredits(absl::Span<const PathItem> items, int64_t won_value) {
    std::vector<int64_t> times;
    times.reserve(items.size());
    for (const PathItem& item : items) times.push_back(item.time);
    for (const TouchModel model : kTouchModels) {
      const std::vector<uint64_t> weights = TouchWeights(model, times);
      std::map<std::string_view, uint64_t> by_channel;
      for (size_t i = 0; i < items.size(); ++i) by_channel[items[i].channel] += weights[i];
      std::vector<uint64_t> shares;
      shares.reserve(by_channel.size());
      for (const auto& [channel, weight] : by_channel) shares.push_back(weight);
      const std::vector<int64_t> credits = Apportion(kWholeConversion, shares);
      const std::vector<int64_t> revenue = Apportion(won_value, shares);
      size_t i = 0;
      for (const auto& [channel, weight] : by_channel) {
        Add(Metric::kCredit, std::string(channel), static_cast<int64_t>(model), credits[i]);
        Add(Metric::kCreditRevenue, std::string(channel), static_cast<int64_t>(model), revenue[i]);
        ++i;
      }
    }
  }

  int64_t sign_;
  absl::TimeZone zone_;
  TallyTable& table_;
  Cell cell_;
};

// The lead of that id and content, as a win with the same path; null if there is none.
const PathLead* SameWin(const PathLead& lead, const Paths& paths, const Paths& others,
                        size_t common) {
  if (paths.LengthOf(lead) > common || others.LengthOf(lead) > common) return nullptr;
  // Received after the win: rare enough to be counted anew.
  if (lead.receive_time > lead.win_time) return nullptr;
  const auto& leads = others.leads();
  const auto found = std::lower_bound(leads.begin(), leads.end(), &lead, IsEarlierLead);
  if (found == leads.end() || !(**found == lead)) return nullptr;
  return *found;
}

void CountAll(const Paths& paths, const Paths& others, size_t common, int64_t sign,
              absl::TimeZone zone, TallyTable& table) {
  PathCounter counter(sign, zone, table);
  for (const PathLead* lead : paths.leads()) {
    if (lead->won && SameWin(*lead, paths, others, common) == nullptr) {
      counter.CountWon(paths, *lead);
    }
  }
  if (!paths.HasWin()) counter.CountLost(paths);
  for (const PathLead* lead : paths.further()) counter.CountFurther(*lead);
}

}  // namespace

bool IsEarlier(const RecordedTouch& a, const RecordedTouch& b) {
  return std::tie(a.occur_time, a.revision, a.channel, a.campaign) <
         std::tie(b.occur_time, b.revision, b.channel, b.campaign);
}

PathLead PathLeadOf(const std::string& id, const Track& track) {
  // Times to the microsecond, as they are kept.
  const auto kept = [](absl::Time time) { return FromMicros(ToMicros(time)); };
  PathLead lead;
  lead.id = id;
  lead.channel = track.channel;
  lead.funnel = track.funnel;
  lead.receive_time = kept(track.receive_time);
  lead.create_time = kept(track.create_time);
  lead.won = track.state == LeadState::kWon && track.close_time.has_value();
  if (!lead.won) return lead;
  lead.win_time = kept(*track.close_time);
  lead.won_value = track.won_value;
  return lead;
}

void AddPathDifference(ContactTouches before, ContactTouches after, absl::TimeZone zone,
                       TallyTable& table) {
  const Paths old_paths(std::move(before));
  const Paths new_paths(std::move(after));
  const auto& a = old_paths.items();
  const auto& b = new_paths.items();
  size_t common = 0;
  while (common < a.size() && common < b.size() && a[common] == b[common]) ++common;
  CountAll(old_paths, new_paths, common, -1, zone, table);
  CountAll(new_paths, old_paths, common, 1, zone, table);
}

}  // namespace sales
