#include "src/decide/report_plan.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/numeric/int128.h"
#include "src/decide/statistics.h"

namespace sales {
namespace {

constexpr int kQuartersOfYear = 4;
constexpr int kMonthsOfQuarter = 3;

// amount * part / whole, rounded half away from zero; the greatest amount where it is greater.
int64_t Share(int64_t amount, int64_t part, int64_t whole) {
  const absl::int128 product = absl::int128(amount) * part;
  const absl::int128 quotient = (product + whole / 2) / whole;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  return quotient > kMost ? kMost : static_cast<int64_t>(quotient);
}

PlanAmount AmountOf(const std::optional<Money>& target, int64_t fact,
                    const std::string& currency_code, int64_t elapsed, int64_t total) {
  PlanAmount amount;
  amount.target = target;
  amount.fact = {currency_code, fact};
  if (target.has_value() && total > 0) {
    amount.due = Money{currency_code, Share(target->minor_units, elapsed, total)};
  }
  if (elapsed > 0) amount.projection = Money{currency_code, Share(fact, total, elapsed)};
  return amount;
}

PlanCount CountOf(const std::optional<int64_t>& target, int64_t fact, int64_t elapsed,
                  int64_t total) {
  const auto scaled = [](int64_t count, int64_t part, int64_t whole) {
    return static_cast<double>(count) * static_cast<double>(part) / static_cast<double>(whole);
  };
  PlanCount count;
  count.target = target;
  count.fact = fact;
  if (target.has_value() && total > 0) count.due = scaled(*target, elapsed, total);
  if (elapsed > 0) count.projection = scaled(fact, total, elapsed);
  return count;
}

}  // namespace

Window DaysOf(int64_t quarter) {
  const auto start = [](int64_t number) {
    return absl::CivilDay(number / kQuartersOfYear,
                          static_cast<int>(number % kQuartersOfYear) * kMonthsOfQuarter + 1, 1);
  };
  return {start(quarter), start(quarter + 1)};
}

int64_t QuarterOf(absl::CivilDay day) {
  return day.year() * kQuartersOfYear + (day.month() - 1) / kMonthsOfQuarter;
}

PlanPace PaceOf(int64_t quarter, absl::Time at, absl::TimeZone zone,
                const WorkingTime& working_time) {
  const Window days = DaysOf(quarter);
  const absl::Time start = absl::FromCivil(*days.start, zone);
  const absl::Time end = absl::FromCivil(*days.end, zone);
  PlanPace pace;
  pace.total = working_time.Elapsed(start, end);
  pace.elapsed = working_time.Elapsed(start, std::clamp(at, start, end));
  return pace;
}

PlanProgress MakePlanProgress(const Plan& plan, const std::string& currency_code,
                              const PlanPace& pace, const SpeedSums& facts) {
  const TallySum& sums = facts.sums;
  const PlanTargets& targets = plan.targets;
  const int64_t elapsed = absl::ToInt64Microseconds(pace.elapsed);
  const int64_t total = absl::ToInt64Microseconds(pace.total);
  const int64_t received = sums.Get(Metric::kReceived);
  PlanProgress progress;
  progress.plan = plan.id;
  progress.quarter = plan.quarter;
  progress.team = plan.team;
  progress.seller = plan.seller;
  progress.elapsed = pace.elapsed;
  progress.total = pace.total;
  progress.revenue =
      AmountOf(targets.revenue, sums.Get(Metric::kClosedRevenue), currency_code, elapsed, total);
  progress.won = CountOf(targets.won, sums.Get(Metric::kClosed, LeadStateName(LeadState::kWon)),
                         elapsed, total);
  progress.leads = CountOf(targets.leads, received, elapsed, total);
  progress.conversion = {targets.conversion, MakeRate(sums.Get(Metric::kWon), received)};
  progress.response_within_limit = {
      targets.response_within_limit,
      SpeedFiguresOf(sums, RunKind::kResponse, facts.waiting.responses).within_limit};
  progress.proposal_within_limit = {
      targets.proposal_within_limit,
      SpeedFiguresOf(sums, RunKind::kProposal, facts.waiting.proposals).within_limit};
  return progress;
}

}  // namespace sales
