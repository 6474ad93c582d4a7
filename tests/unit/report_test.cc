// The reports, from tallies and from a fold, against what a naive computation makes of the events.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "sales/error.h"
#include "src/decide/fold.h"
#include "src/decide/report_channels.h"
#include "src/decide/report_funnel.h"
#include "tests/rigs/naive_report.h"
#include "tests/unit/random_history.h"

namespace sales {
namespace {

constexpr int kSteps = 2'500;

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

// Without filters, and with each and some together; over everything and over parts of it.
std::vector<ReportQuery> Queries() {
  // Channel, campaign, seller, team, label.
  std::vector<ReportFilter> filters = {{},
                                       {"ads", "", ""},
                                       {"ads", "spring", ""},
                                       {"", "", "anna"},
                                       {"calls", "", "boris"},
                                       {"nobody", "", ""},
                                       {"", "", "", "north"},
                                       {"", "", "anna", "north"},
                                       {"ads", "", "", "south"},
                                       {"", "", "", "", "vip"},
                                       {"calls", "", "boris", "", "slow"}};
  std::vector<Window> windows = {{},
                                 {absl::CivilDay(2026, 1, 20), absl::CivilDay(2026, 3, 30)},
                                 {absl::CivilDay(2026, 3, 29), absl::CivilDay(2026, 3, 30)},
                                 {std::nullopt, absl::CivilDay(2026, 2, 1)},
                                 {absl::CivilDay(2026, 4, 1), std::nullopt},
                                 {absl::CivilDay(2030, 1, 1), std::nullopt}};
  std::vector<ReportQuery> queries;
  for (const ReportFilter& filter : filters) {
    for (const Window& window : windows) {
      ReportQuery query;
      query.filter = filter;
      query.window = window;
      query.include_campaigns = true;
      queries.push_back(query);
    }
  }
  return queries;
}

class Reports : public ::testing::TestWithParam<uint32_t> {
 protected:
  Reports() : history_(GetParam()) {
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &record_.zone));
    record_.currency_code = "EUR";
    record_.audiences = {{{"ads", "spring"}, 900}, {{"ads", "autumn"}, 0}, {{"calls", "cold"}, 5}};
    for (int i = 0; i < kSteps; ++i) history_.Step();
    record_.events = history_.events();
  }

  Fold FoldOf(int64_t revision_max) const {
    Fold fold(record_.zone);
    for (const Event& event : record_.events) {
      if (event.revision > revision_max) break;
      EXPECT_TRUE(fold.Add(event).ok());
    }
    return fold;
  }

  Selection SelectionOf(const ReportQuery& query) const {
    Selection selection{query.funnel, query.filter, {}};
    for (const Event& event : record_.events) {
      if (event.type != EventType::kSellerUpdated) continue;
      const std::string seller = event.subject.substr(std::string("sellers/").size());
      selection.team.erase(seller);
      if (event.changes[0].after == query.filter.team) selection.team.insert(seller);
    }
    return selection;
  }

  // As the store sums them.
  static TallySum SumAt(const TallyTable& tallies, const TallyPlace& place,
                        const ReportQuery& query) {
    TallySum sum;
    for (const auto& [cell, n] : tallies) {
      if (cell.dimension == place.dimension && place.keys.count(cell.key) > 0 &&
          cell.funnel == query.funnel && InWindow(query.window, cell.day)) {
        sum.Add(cell.metric, cell.detail, cell.bucket, n);
      }
    }
    return sum;
  }

  static ChannelSums ChannelSumsOf(const TallyTable& tallies, const ReportQuery& query) {
    ChannelSums sums;
    for (const auto& [cell, n] : tallies) {
      const bool of_funnel =
          query.funnel.empty() || cell.funnel.empty() || cell.funnel == query.funnel;
      if (!of_funnel || !InWindow(query.window, cell.day)) continue;
      AddCells(query.filter, cell.dimension, cell.key, cell.metric, cell.detail, {{cell.bucket, n}},
               sums);
    }
    return sums;
  }

  void ExpectFunnel(const ReportQuery& query, const FunnelPolicy& policy, const TallySum& sums) {
    const FunnelReport report = MakeFunnelReport(policy, query, record_.currency_code, 0, sums);
    const auto differences =
        naive::Differences(report, naive::ReportFunnel(record_, policy, query));
    EXPECT_TRUE(differences.empty()) << Joined(differences);
  }

  void ExpectChannels(const ReportQuery& query, const ChannelSums& sums) {
    const ChannelReport report =
        MakeChannelReport(query, record_.currency_code, 0, record_.audiences, sums);
    const auto differences = naive::Differences(report, naive::ReportChannels(record_, query));
    EXPECT_TRUE(differences.empty()) << Joined(differences);
  }

  testing::RandomHistory history_;
  naive::Record record_;
};

TEST_P(Reports, OfTheFunnelFromAFoldEqualTheNaiveOnes) {
  const Fold fold = FoldOf(kSteps);
  for (ReportQuery query : Queries()) {
    query.funnel = history_.policy().id;
    ExpectFunnel(query, history_.policy(), fold.Sum(SelectionOf(query), query.window));
  }
}

TEST_P(Reports, OfTheFunnelFromTalliesEqualTheNaiveOnes) {
  const TallyTable tallies = FoldOf(kSteps).Tallies();
  int from_tallies = 0;
  for (ReportQuery query : Queries()) {
    query.funnel = history_.policy().id;
    const auto place = PlaceOf(SelectionOf(query));
    if (!place.has_value()) continue;
    ++from_tallies;
    ExpectFunnel(query, history_.policy(), SumAt(tallies, *place, query));
  }
  EXPECT_EQ(from_tallies, 42);
}

TEST_P(Reports, OfAFunnelWithoutTwoOfItsStagesEqualTheNaiveOnes) {
  FunnelPolicy policy = history_.policy();
  policy.stages.erase(policy.stages.begin() + 3);
  policy.stages.erase(policy.stages.begin() + 1);
  const Fold fold = FoldOf(kSteps);
  for (ReportQuery query : Queries()) {
    query.funnel = policy.id;
    // Which leads qualified was decided under the policy of the time, which qualifies the same.
    ExpectFunnel(query, policy, fold.Sum(SelectionOf(query), query.window));
  }
}

TEST_P(Reports, OfChannelsFromAFoldEqualTheNaiveOnes) {
  const Fold fold = FoldOf(kSteps);
  for (ReportQuery query : Queries()) {
    ExpectChannels(query, fold.SumChannels(SelectionOf(query), query.window));
    query.funnel = "other";
    query.include_campaigns = false;
    ExpectChannels(query, fold.SumChannels(SelectionOf(query), query.window));
  }
}

TEST_P(Reports, OfChannelsFromTalliesEqualTheNaiveOnes) {
  const TallyTable tallies = FoldOf(kSteps).Tallies();
  for (ReportQuery query : Queries()) {
    if (!ChannelTalliesSuffice(query.filter)) continue;
    ExpectChannels(query, ChannelSumsOf(tallies, query));
    query.funnel = "other";
    ExpectChannels(query, ChannelSumsOf(tallies, query));
  }
}

TEST_P(Reports, AsOfAnOlderRevisionEqualTheNaiveOnes) {
  ReportQuery query;
  query.funnel = history_.policy().id;
  query.include_campaigns = true;
  query.as_of_revision = kSteps / 3;
  const Fold fold = FoldOf(query.as_of_revision);
  ExpectFunnel(query, history_.policy(), fold.Sum(SelectionOf(query), query.window));
  ExpectChannels(query, fold.SumChannels(SelectionOf(query), query.window));
}

TEST_P(Reports, OfChannelsSumToTheTotal) {
  ReportQuery query;
  const ChannelReport report =
      MakeChannelReport(query, record_.currency_code, 0, {},
                        FoldOf(kSteps).SumChannels(SelectionOf(query), query.window));
  int64_t leads = 0;
  int64_t revenue = 0;
  int64_t spend = 0;
  for (const ChannelFigures& row : report.rows) {
    leads += row.leads;
    revenue += row.revenue.minor_units;
    spend += row.spend.minor_units;
  }
  EXPECT_EQ(leads, report.total.leads);
  EXPECT_EQ(revenue, report.total.revenue.minor_units);
  EXPECT_EQ(spend, report.total.spend.minor_units);
}

TEST_P(Reports, OfTheFunnelLoseNoLead) {
  ReportQuery query;
  query.funnel = history_.policy().id;
  const FunnelReport report =
      MakeFunnelReport(history_.policy(), query, record_.currency_code, 0,
                       FoldOf(kSteps).Sum(SelectionOf(query), query.window));
  int64_t left = 0;
  for (const FunnelStageFigures& stage : report.stages) {
    const OutcomeCounts& by = stage.left;
    left += by.open + by.nurtured + by.won + by.declined + by.lost + by.disqualified;
  }
  EXPECT_EQ(left, report.received);
  EXPECT_EQ(report.stages.front().reached, report.received);
}

INSTANTIATE_TEST_SUITE_P(OfRandomHistories, Reports, ::testing::Values(1u, 2u));

TEST(FoldOfEvents, KeepsTracksAsTheyWere) {
  testing::RandomHistory history(4);
  Fold fold(absl::UTCTimeZone());
  for (int i = 0; i < kSteps; ++i) history.Step();
  for (const Event& event : history.events()) ASSERT_TRUE(fold.Add(event).ok());
  EXPECT_EQ(fold.lead_count(), static_cast<int64_t>(history.tracks().size()));
  for (const auto& [lead, track] : history.tracks()) {
    const std::optional<Track> folded = fold.Find(lead);
    ASSERT_TRUE(folded.has_value());
    EXPECT_TRUE(TrackChanges(*folded, track).empty());
    EXPECT_EQ(folded->receive_time, track.receive_time);
    ASSERT_EQ(folded->visits.size(), track.visits.size());
    for (size_t i = 0; i < track.visits.size(); ++i) {
      EXPECT_EQ(folded->visits[i].stage, track.visits[i].stage);
      EXPECT_EQ(folded->visits[i].enter_time, track.visits[i].enter_time);
      EXPECT_EQ(folded->visits[i].leave_time, track.visits[i].leave_time);
    }
  }
}

TEST(FoldOfEvents, RefusesALeadThatWasNeverCaptured) {
  Fold fold(absl::UTCTimeZone());
  Event event;
  event.type = EventType::kLeadMoved;
  event.lead = "lead-1";
  EXPECT_EQ(ReasonOf(fold.Add(event)), Reason::kStoreCorrupt);
}

TEST(FoldOfEvents, RefusesASecondCapture) {
  Fold fold(absl::UTCTimeZone());
  Event event;
  event.type = EventType::kLeadCaptured;
  event.lead = "lead-1";
  EXPECT_TRUE(fold.Add(event).ok());
  EXPECT_EQ(ReasonOf(fold.Add(event)), Reason::kStoreCorrupt);
}

TEST(FoldOfEvents, RefusesSpendWithoutItsDay) {
  Fold fold(absl::UTCTimeZone());
  Event event;
  event.type = EventType::kSpendRecorded;
  event.subject = "channels/ads";
  event.changes = {{"amount", "", "5"}};
  EXPECT_EQ(ReasonOf(fold.Add(event)), Reason::kStoreCorrupt);
}

}  // namespace
}  // namespace sales
