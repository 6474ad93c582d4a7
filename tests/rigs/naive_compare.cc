#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "tests/rigs/naive_lives.h"
#include "tests/rigs/naive_report.h"

namespace sales::naive {
namespace {

// Collects the lines of Differences.
class Comparison {
 public:
  void Number(const std::string& name, int64_t actual, int64_t naive) {
    if (actual != naive) Say(name, std::to_string(actual), std::to_string(naive));
  }
  void Text(const std::string& name, const std::string& actual, const std::string& naive) {
    if (actual != naive) Say(name, actual, naive);
  }
  void Real(const std::string& name, double actual, double naive) {
    if (!(std::abs(actual - naive) <= 1e-9 * std::max(1.0, std::abs(naive)))) {
      Say(name, std::to_string(actual), std::to_string(naive));
    }
  }
  void Amount(const std::string& name, const Money& actual, const Money& naive) {
    Text(name + ".currency_code", actual.currency_code, naive.currency_code);
    Number(name + ".minor_units", actual.minor_units, naive.minor_units);
  }
  void Share(const std::string& name, const Rate& actual, const Rate& naive) {
    Number(name + ".numerator", actual.numerator, naive.numerator);
    Number(name + ".denominator", actual.denominator, naive.denominator);
    Real(name + ".value", actual.value, naive.value);
    Real(name + ".low", actual.low, naive.low);
    Real(name + ".high", actual.high, naive.high);
  }
  void Duration(const std::string& name, absl::Duration actual, absl::Duration naive,
                double tolerance) {
    const absl::Duration difference = absl::AbsDuration(actual - naive);
    if (difference > absl::Microseconds(1) + absl::AbsDuration(naive) * tolerance) {
      Say(name, absl::FormatDuration(actual), absl::FormatDuration(naive));
    }
  }
  void Durations(const std::string& name, const DurationFigures& actual,
                 const DurationFigures& naive) {
    Number(name + ".count", actual.count, naive.count);
    Duration(name + ".mean", actual.mean, naive.mean, 0);
    Duration(name + ".median", actual.median, naive.median, 0.01);
    Duration(name + ".p90", actual.p90, naive.p90, 0.01);
  }
  void Outcomes(const std::string& name, const OutcomeCounts& actual, const OutcomeCounts& naive) {
    Number(name + ".open", actual.open, naive.open);
    Number(name + ".nurtured", actual.nurtured, naive.nurtured);
    Number(name + ".won", actual.won, naive.won);
    Number(name + ".declined", actual.declined, naive.declined);
    Number(name + ".lost", actual.lost, naive.lost);
    Number(name + ".disqualified", actual.disqualified, naive.disqualified);
  }
  void OptionalAmount(const std::string& name, const std::optional<Money>& actual,
                      const std::optional<Money>& naive) {
    Number(name + " is set", actual.has_value(), naive.has_value());
    if (actual.has_value() && naive.has_value()) Amount(name, *actual, *naive);
  }
  void Stage(const std::string& name, const FunnelStageFigures& actual,
             const FunnelStageFigures& naive) {
    Text(name + ".stage", actual.stage, naive.stage);
    Text(name + ".display_name", actual.display_name, naive.display_name);
    Number(name + ".qualifying", actual.qualifying, naive.qualifying);
    Number(name + ".entered", actual.entered, naive.entered);
    Number(name + ".reached", actual.reached, naive.reached);
    Share(name + ".step_conversion", actual.step_conversion, naive.step_conversion);
    Share(name + ".reached_share", actual.reached_share, naive.reached_share);
    Amount(name + ".expected_value", actual.expected_value, naive.expected_value);
    Durations(name + ".time_in_stage", actual.time_in_stage, naive.time_in_stage);
    Outcomes(name + ".left", actual.left, naive.left);
  }
  void Figures(const std::string& name, const ChannelFigures& actual, const ChannelFigures& naive) {
    Text(name + ".channel", actual.channel, naive.channel);
    Text(name + ".campaign", actual.campaign, naive.campaign);
    Number(name + ".leads", actual.leads, naive.leads);
    Number(name + ".new_contacts", actual.new_contacts, naive.new_contacts);
    Number(name + ".qualified", actual.qualified, naive.qualified);
    Number(name + ".won", actual.won, naive.won);
    Number(name + ".declined", actual.declined, naive.declined);
    Amount(name + ".revenue", actual.revenue, naive.revenue);
    Amount(name + ".spend", actual.spend, naive.spend);
    Share(name + ".conversion", actual.conversion, naive.conversion);
    Durations(name + ".response", actual.response, naive.response);
    Number(name + ".days_to_win.count", actual.days_to_win.count, naive.days_to_win.count);
    Number(name + ".days_to_win.sum", actual.days_to_win.sum, naive.days_to_win.sum);
    Real(name + ".days_to_win.mean", actual.days_to_win.mean, naive.days_to_win.mean);
    Real(name + ".days_to_win.median", actual.days_to_win.median, naive.days_to_win.median);
    Real(name + ".days_to_win.p90", actual.days_to_win.p90, naive.days_to_win.p90);
    OptionalAmount(name + ".cost_per_lead", actual.cost_per_lead, naive.cost_per_lead);
    OptionalAmount(name + ".cost_per_qualified_lead", actual.cost_per_qualified_lead,
                   naive.cost_per_qualified_lead);
    OptionalAmount(name + ".cost_per_sale", actual.cost_per_sale, naive.cost_per_sale);
    Number(name + ".return_on_spend is set", actual.return_on_spend.has_value(),
           naive.return_on_spend.has_value());
    Real(name + ".return_on_spend", actual.return_on_spend.value_or(0),
         naive.return_on_spend.value_or(0));
    Number(name + ".saturation is set", actual.saturation.has_value(),
           naive.saturation.has_value());
    Share(name + ".saturation", actual.saturation.value_or(Rate{}),
          naive.saturation.value_or(Rate{}));
    Number(name + ".decline_yield.returned", actual.decline_yield.returned,
           naive.decline_yield.returned);
    Number(name + ".decline_yield.won", actual.decline_yield.won, naive.decline_yield.won);
    Amount(name + ".decline_yield.revenue", actual.decline_yield.revenue,
           naive.decline_yield.revenue);
  }

  void Speed(const std::string& name, const SpeedFigures& actual, const SpeedFigures& naive) {
    Number(name + ".asked", actual.asked, naive.asked);
    Number(name + ".done", actual.done, naive.done);
    Number(name + ".open", actual.open, naive.open);
    Number(name + ".overdue", actual.overdue, naive.overdue);
    Number(name + ".dropped", actual.dropped, naive.dropped);
    Share(name + ".within_limit", actual.within_limit, naive.within_limit);
    Durations(name + ".time", actual.time, naive.time);
    Each(name + ".within", actual.within, naive.within,
         [this](const std::string& at, const SpeedWithin& one, const SpeedWithin& other) {
           Duration(at + ".within", one.within, other.within, 0);
           Number(at + ".done", one.done, other.done);
         });
  }
  void Declines(const std::string& name, const DeclineFigures& actual,
                const DeclineFigures& naive) {
    Text(name + ".key", actual.key, naive.key);
    Number(name + ".declined", actual.declined, naive.declined);
    Share(name + ".argued_better", actual.argued_better, naive.argued_better);
    Share(name + ".argued_price", actual.argued_price, naive.argued_price);
    Share(name + ".argued_differ", actual.argued_differ, naive.argued_differ);
    Share(name + ".argued_fully", actual.argued_fully, naive.argued_fully);
    Share(name + ".returned_within_90_days", actual.returned_within_90_days,
          naive.returned_within_90_days);
    Share(name + ".returned_within_180_days", actual.returned_within_180_days,
          naive.returned_within_180_days);
    Share(name + ".returned_within_365_days", actual.returned_within_365_days,
          naive.returned_within_365_days);
    Share(name + ".returned", actual.returned, naive.returned);
    Number(name + ".referrals", actual.referrals, naive.referrals);
    Number(name + ".won", actual.won, naive.won);
    Amount(name + ".revenue", actual.revenue, naive.revenue);
    OptionalAmount(name + ".yield", actual.yield, naive.yield);
  }
  void Referred(const std::string& name, const ReferralYield& actual, const ReferralYield& naive) {
    Number(name + ".leads", actual.leads, naive.leads);
    Number(name + ".won", actual.won, naive.won);
    Amount(name + ".revenue", actual.revenue, naive.revenue);
  }
  // Compares element by element.
  template <typename T, typename Compare>
  void Each(const std::string& name, const std::vector<T>& actual, const std::vector<T>& naive,
            Compare compare) {
    Number(name + ".size", static_cast<int64_t>(actual.size()), static_cast<int64_t>(naive.size()));
    for (size_t i = 0; i < std::min(actual.size(), naive.size()); ++i) {
      compare(name + "[" + std::to_string(i) + "]", actual[i], naive[i]);
    }
  }

  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  void Say(const std::string& name, const std::string& actual, const std::string& naive) {
    lines_.push_back(name + ": " + actual + ", naively " + naive);
  }

  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> Differences(const FunnelReport& report, const FunnelReport& naive) {
  Comparison comparison;
  comparison.Text("funnel", report.funnel, naive.funnel);
  comparison.Number("received", report.received, naive.received);
  comparison.Outcomes("outcomes", report.outcomes, naive.outcomes);
  comparison.Share("overall_conversion", report.overall_conversion, naive.overall_conversion);
  comparison.Share("qualified", report.qualified, naive.qualified);
  comparison.Amount("revenue", report.revenue, naive.revenue);
  comparison.Number("stages", report.stages.size(), naive.stages.size());
  for (size_t i = 0; i < std::min(report.stages.size(), naive.stages.size()); ++i) {
    comparison.Stage("stages." + naive.stages[i].stage, report.stages[i], naive.stages[i]);
  }
  const FunnelPeriod& period = report.period;
  comparison.Number("period.received", period.received, naive.period.received);
  comparison.Number("period.entries", period.entries.size(), naive.period.entries.size());
  for (size_t i = 0; i < std::min(period.entries.size(), naive.period.entries.size()); ++i) {
    comparison.Text("period.entries.stage", period.entries[i].stage, naive.period.entries[i].stage);
    comparison.Number("period.entries." + period.entries[i].stage, period.entries[i].count,
                      naive.period.entries[i].count);
  }
  comparison.Number("period.won", period.won, naive.period.won);
  comparison.Number("period.declined", period.declined, naive.period.declined);
  comparison.Number("period.lost", period.lost, naive.period.lost);
  comparison.Number("period.disqualified", period.disqualified, naive.period.disqualified);
  comparison.Number("period.nurtured", period.nurtured, naive.period.nurtured);
  comparison.Amount("period.revenue", period.revenue, naive.period.revenue);
  return comparison.Take();
}

std::vector<std::string> Differences(const ChannelReport& report, const ChannelReport& naive) {
  Comparison comparison;
  comparison.Figures("total", report.total, naive.total);
  comparison.Number("rows", report.rows.size(), naive.rows.size());
  for (size_t i = 0; i < std::min(report.rows.size(), naive.rows.size()); ++i) {
    const ChannelFigures& row = naive.rows[i];
    comparison.Figures("rows." + row.channel + "." + row.campaign, report.rows[i], row);
  }
  return comparison.Take();
}

std::vector<std::string> Differences(const SpeedReport& report, const SpeedReport& naive) {
  Comparison compare;
  compare.Speed("response", report.response, naive.response);
  compare.Speed("proposal", report.proposal, naive.proposal);
  const auto row = [&](const std::string& name, const SpeedRow& one, const SpeedRow& other) {
    compare.Text(name + ".id", one.id, other.id);
    compare.Speed(name + ".response", one.response, other.response);
    compare.Speed(name + ".proposal", one.proposal, other.proposal);
  };
  compare.Each("sellers", report.sellers, naive.sellers, row);
  compare.Each("channels", report.channels, naive.channels, row);
  compare.Each("hours", report.hours, naive.hours,
               [&](const std::string& name, const SpeedHour& one, const SpeedHour& other) {
                 compare.Number(name + ".hour_of_week", one.hour_of_week, other.hour_of_week);
                 compare.Speed(name + ".response", one.response, other.response);
               });
  return compare.Take();
}

std::vector<std::string> Differences(const DeclineReport& report, const DeclineReport& naive) {
  Comparison compare;
  const auto row = [&](const std::string& name, const DeclineFigures& one,
                       const DeclineFigures& other) { compare.Declines(name, one, other); };
  row("total", report.total, naive.total);
  compare.Each("reasons", report.reasons, naive.reasons, row);
  compare.Each("deciders", report.deciders, naive.deciders, row);
  compare.Each("stages", report.stages, naive.stages, row);
  return compare.Take();
}

std::vector<std::string> Differences(const ReferralReport& report, const ReferralReport& naive) {
  Comparison compare;
  compare.Referred("total", report.total, naive.total);
  compare.Number("contacts_count", report.contacts_count, naive.contacts_count);
  compare.Each(
      "generations", report.generations, naive.generations,
      [&](const std::string& name, const ReferralGeneration& one, const ReferralGeneration& other) {
        compare.Number(name + ".generation", one.generation, other.generation);
        compare.Referred(name + ".yield", one.yield, other.yield);
      });
  compare.Each(
      "contacts", report.contacts, naive.contacts,
      [&](const std::string& name, const ReferrerFigures& one, const ReferrerFigures& other) {
        compare.Text(name + ".contact", one.contact, other.contact);
        compare.Referred(name + ".direct", one.direct, other.direct);
        compare.Referred(name + ".all", one.all, other.all);
      });
  compare.Each("edges", report.edges, naive.edges,
               [&](const std::string& name, const ReferralEdge& one, const ReferralEdge& other) {
                 compare.Text(name + ".referrer", one.referrer, other.referrer);
                 compare.Text(name + ".contact", one.contact, other.contact);
                 compare.Number(name + ".leads", one.leads, other.leads);
               });
  return compare.Take();
}

}  // namespace sales::naive
