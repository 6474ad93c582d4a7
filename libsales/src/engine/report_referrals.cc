#include "src/decide/report_referrals.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/engine/report_scope.h"
#include "src/store/referral_rows.h"
#include "src/store/tally_rows.h"

namespace sales {
namespace {

using internal::ReadScope;
using internal::ReportBasis;

// So few leads of a window are all looked at: of more, only those who sent most and those below
// them.
constexpr int64_t kScannedMax = 2'000;
// A window of more years is looked for in all of them together.
constexpr int64_t kYearsMax = 3;

std::vector<ReferredLead> LeadsThen(const ReportBasis& basis, const Window& window) {
  std::vector<ReferredLead> leads;
  basis.past->fold.ForEach([&](const std::string&, const Track& track) {
    if (track.referrer.empty() || track.generation == 0 ||
        !InWindow(window, absl::CivilDay(basis.zone.At(track.receive_time).cs))) {
      return;
    }
    const bool won = track.state == LeadState::kWon;
    leads.push_back(
        {track.referrer, track.contact, track.generation, won, won ? track.won_value : 0});
  });
  return leads;
}

// The first instant of a window, and the one after it.
struct Times {
  absl::Time from;
  absl::Time to;
};

Times TimesOf(const Window& window, absl::TimeZone zone) {
  const auto begin_of = [&](const std::optional<absl::CivilDay>& day, int64_t unset) {
    return day.has_value() ? absl::FromCivil(*day, zone) : FromMicros(unset);
  };
  return {begin_of(window.start, limits::time_micros_min),
          begin_of(window.end, limits::time_micros_max)};
}

// Those who sent somebody in the window: whose last day before a day of it lies before it.
int64_t NewInWindow(const store::TallyGroup& group, const Window& window) {
  int64_t referrers = 0;
  for (const auto& [last_day, n] : group.counts) {
    const bool is_first =
        last_day == kNoDay || (window.start.has_value() && last_day < *window.start - kTotalsDay);
    if (is_first) referrers += n;
  }
  return referrers;
}

absl::Status ReadTotals(ReadScope& scope, const Window& window, ReferralTotals& totals) {
  constexpr Sheet kSheets[] = {Sheet::kReferrals};
  const std::set<std::string, std::less<>> whole = {""};
  store::TallyRange range;
  range.keys = &whole;
  range.window = window;
  range.sheets = kSheets;
  return store::ReadTallies(scope.db, scope.workspace(), range,
                            [&](const store::TallyGroup& group) {
                              if (group.metric == Metric::kReferrers) {
                                totals.contacts_count += NewInWindow(group, window);
                                return;
                              }
                              for (const auto& [generation, n] : group.counts) {
                                ReferralSum& sum = totals.generations[generation];
                                if (group.metric == Metric::kReferred) sum.leads += n;
                                if (group.metric == Metric::kReferredWon) sum.won += n;
                                if (group.metric == Metric::kReferredRevenue) sum.revenue += n;
                              }
                            });
}

// Looks for those who sent most in a window among those who sent most in its years: nobody sent
// more in the window than in these, so the others need not be looked at.
class MostInWindow {
 public:
  MostInWindow(ReadScope& scope, const Times& times, size_t contacts_max)
      : scope_(scope), times_(times), contacts_max_(contacts_max) {
    const auto [first, last] = store::YearsOf(times.from, times.to);
    if (last - first >= kYearsMax) {
      years_ = {store::kAllYears};
    } else {
      for (int64_t year = first; year <= last; ++year) years_.push_back(year);
    }
  }

  absl::StatusOr<std::vector<std::string>> Find() {
    constexpr int64_t kGrowth = 4;
    for (auto looked_at = static_cast<int64_t>(contacts_max_) * 2;; looked_at *= kGrowth) {
      SALES_ASSIGN_OR_RETURN(const bool found, LookAt(looked_at));
      if (!found) continue;
      std::vector<std::string> contacts;
      for (const auto& [leads, contact] : most_) contacts.emplace_back(contact);
      return contacts;
    }
  }

 private:
  // Looks at so many of each year; false: somebody else may have sent more.
  absl::StatusOr<bool> LookAt(int64_t count) {
    in_window_.clear();
    // What nobody else can have sent more than, and whose ids come after this one if he did.
    int64_t others_max = 0;
    std::string last;
    using ByYear = std::vector<std::vector<store::ReferrerCount>>;
    SALES_ASSIGN_OR_RETURN(
        const ByYear by_year,
        store::MostReferring(scope_.db, scope_.workspace(), years_, times_.from, times_.to, count));
    for (const std::vector<store::ReferrerCount>& some : by_year) {
      for (const store::ReferrerCount& one : some) in_window_[one.referrer] = one.in_time;
      if (static_cast<int64_t>(some.size()) < count) continue;
      others_max += some.back().leads;
      last = std::max(last, some.back().referrer);
    }
    Sort();
    if (others_max == 0) return true;
    if (most_.size() < contacts_max_) return false;
    const auto& [leads, contact] = most_.back();
    return leads > others_max || (leads == others_max && contact <= last);
  }

  void Sort() {
    most_.clear();
    for (const auto& [contact, leads] : in_window_) {
      if (leads > 0) most_.emplace_back(leads, contact);
    }
    std::sort(most_.begin(), most_.end(), [](const auto& a, const auto& b) {
      return SentMore(a.first, a.second, b.first, b.second);
    });
    if (most_.size() > contacts_max_) most_.resize(contacts_max_);
  }

  ReadScope& scope_;
  const Times times_;
  const size_t contacts_max_;
  std::vector<int64_t> years_;
  absl::flat_hash_map<std::string, int64_t> in_window_;
  // With how many each sent; the ids are in `in_window_`.
  std::vector<std::pair<int64_t, std::string_view>> most_;
};

// What those listed sent in the window, and what whoever was sent so sent in turn: a generation at
// a time.
absl::StatusOr<std::vector<ReferredLead>> LeadsBelow(ReadScope& scope, const Times& times,
                                                     const std::vector<std::string>& contacts) {
  std::vector<ReferredLead> leads;
  absl::flat_hash_set<std::string> seen(contacts.begin(), contacts.end());
  std::vector<std::string> senders = contacts;
  while (!senders.empty()) {
    std::vector<std::string> sent;
    for (size_t i = 0; i < senders.size(); i += limits::page_size_max) {
      SALES_RETURN_IF_ERROR(
          store::ScanSent(scope.db, scope.workspace(),
                          absl::MakeConstSpan(senders).subspan(i, limits::page_size_max),
                          times.from, times.to, [&](store::ReferredRow row) {
                            if (seen.insert(row.contact).second) sent.push_back(row.contact);
                            leads.push_back({std::move(row.referrer), std::move(row.contact), 0,
                                             row.won, row.revenue});
                          }));
    }
    senders = std::move(sent);
  }
  return leads;
}

absl::StatusOr<std::vector<ReferredLead>> LeadsNow(ReadScope& scope, const Times& times) {
  std::vector<ReferredLead> leads;
  SALES_RETURN_IF_ERROR(store::ScanReferred(
      scope.db, scope.workspace(), times.from, times.to, [&](store::ReferredRow row) {
        leads.push_back({std::move(row.referrer), std::move(row.contact), row.generation, row.won,
                         row.revenue});
      }));
  return leads;
}

absl::StatusOr<ReferralReport> ReportNow(ReadScope& scope, const ReportBasis& basis,
                                         const ReferralQuery& query) {
  ReferralTotals totals;
  SALES_RETURN_IF_ERROR(ReadTotals(scope, query.window, totals));
  int64_t sent = 0;
  for (const auto& [generation, sum] : totals.generations) sent += sum.leads;
  const Times times = TimesOf(query.window, basis.zone);
  if (sent <= kScannedMax) {
    SALES_ASSIGN_OR_RETURN(const std::vector<ReferredLead> leads, LeadsNow(scope, times));
    return MakeReferralReport(query, scope.currency_code(), basis.revision, leads);
  }
  MostInWindow most(scope, times, static_cast<size_t>(query.contacts_max));
  SALES_ASSIGN_OR_RETURN(totals.contacts, most.Find());
  SALES_ASSIGN_OR_RETURN(const std::vector<ReferredLead> leads,
                         LeadsBelow(scope, times, totals.contacts));
  return MakeReferralReport(query, scope.currency_code(), basis.revision, totals, leads);
}

}  // namespace

absl::StatusOr<ReferralReport> Desk::ReportReferrals(const ReferralQuery& asked) const {
  SALES_RETURN_IF_ERROR(CheckRange("contacts_max", asked.contacts_max, 0, limits::page_size_max));
  ReferralQuery query = asked;
  query.contacts_max = PageSizeOf(asked.contacts_max);
  ReferralReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    ReportQuery common;
    common.window = query.window;
    common.as_of_revision = query.as_of_revision;
    SALES_ASSIGN_OR_RETURN(const ReportBasis basis, internal::BasisOf(scope, common));
    if (basis.past != nullptr) {
      report = MakeReferralReport(query, scope.currency_code(), basis.revision,
                                  LeadsThen(basis, query.window));
      return absl::OkStatus();
    }
    SALES_ASSIGN_OR_RETURN(report, ReportNow(scope, basis, query));
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
