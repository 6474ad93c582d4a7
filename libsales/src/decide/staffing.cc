#include "src/decide/staffing.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <utility>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/erlang.h"
#include "src/decide/errors.h"
#include "src/decide/hours.h"
#include "src/decide/staffing_draws.h"
#include "src/decide/statistics.h"
#include "src/decide/tally.h"

namespace sales {
namespace {

constexpr int64_t kHourMicros = 3'600'000'000;
constexpr int64_t kFurtherMax = 1'000;
constexpr double kLow = 0.025;
constexpr double kHigh = 0.975;
constexpr double kP90 = 0.9;

absl::Status CheckDuration(const char* field, absl::Duration duration, absl::Duration min) {
  if (duration >= min && duration <= absl::Hours(limits::handling_hours_max)) {
    return absl::OkStatus();
  }
  return WithMetadata(
      WithMetadata(FieldError(Reason::kFieldInvalid, field, "is too short or too long"), "min",
                   absl::FormatDuration(min)),
      "max", absl::FormatDuration(absl::Hours(limits::handling_hours_max)));
}

// The hours in which arrivals fall, one after another, with their place in the week.
class Hours {
 public:
  Hours(absl::Time first, absl::Time last, absl::TimeZone zone) {
    const absl::CivilDay end = DayOf(last, zone) + 1;
    for (absl::CivilDay day = DayOf(first, zone); day <= end; ++day) {
      for (const DayHour& hour : HoursOfDay(day, zone)) {
        start_micros_.push_back(ToMicros(hour.start_time));
        kinds_.push_back(HourOfWeek(day, hour.hour_mark));
      }
    }
  }

  int KindOf(size_t index) const {
    if (index < kinds_.size()) return kinds_[index];
    const size_t over = index - kinds_.size() + 1;
    return static_cast<int>((static_cast<size_t>(kinds_.back()) + over) % kHoursOfWeek);
  }
  int64_t EndOf(size_t index) const {
    if (index + 1 < start_micros_.size()) return start_micros_[index + 1];
    return start_micros_.back() +
           static_cast<int64_t>(index + 2 - start_micros_.size()) * kHourMicros;
  }

 private:
  std::vector<int64_t> start_micros_;
  std::vector<int> kinds_;
};

struct RoundFigures {
  double service_level = 0;
  int64_t wait_sum = 0;
};

class Simulator {
 public:
  Simulator(const StaffingQuery& query, const std::vector<HourStaffing>& hours,
            const std::vector<absl::Time>& arrivals, absl::TimeZone zone)
      : mean_micros_(static_cast<double>(absl::ToInt64Microseconds(query.handling_time))),
        limit_micros_(absl::ToInt64Microseconds(query.wait_limit)),
        seed_(query.simulation_seed),
        hours_(arrivals.front(), arrivals.back(), zone) {
    for (const HourStaffing& hour : hours) sellers_.push_back(hour.sellers);
    arrivals_.reserve(arrivals.size());
    for (const absl::Time arrival : arrivals) arrivals_.push_back(ToMicros(arrival));
  }

  // One round with so many sellers more in every hour; adds the waits to `waits`, which may be
  // null. The round's draws are the same however many there are more.
  RoundFigures Run(int round, int64_t further, std::map<int64_t, int64_t>* waits) const {
    // Every round has a stream of its own: the seeds are draws themselves.
    StaffingDraws seeds(seed_ + static_cast<uint64_t>(round));
    StaffingDraws draws(seeds.Next());
    std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> busy_until;
    RoundFigures figures;
    size_t hour = 0;
    int64_t now = 0;
    int64_t in_time = 0;
    for (const int64_t arrival : arrivals_) {
      now = std::max(now, arrival);
      now = StartOf(now, further, hour, busy_until);
      const int64_t wait = now - arrival;
      const auto handling = static_cast<int64_t>(draws.Exponential() * mean_micros_);
      busy_until.push(now + handling);
      in_time += wait <= limit_micros_ ? 1 : 0;
      figures.wait_sum += wait;
      if (waits != nullptr) ++(*waits)[DurationBucket(absl::Microseconds(wait))];
    }
    figures.service_level = static_cast<double>(in_time) / static_cast<double>(arrivals_.size());
    return figures;
  }

 private:
  using Heap = std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>>;

  // The first instant from `now` on at which a seller is free. Some hour of the week has one.
  int64_t StartOf(int64_t now, int64_t further, size_t& hour, Heap& busy_until) const {
    while (true) {
      while (hours_.EndOf(hour) <= now) ++hour;
      while (!busy_until.empty() && busy_until.top() <= now) busy_until.pop();
      const int64_t sellers = sellers_[static_cast<size_t>(hours_.KindOf(hour))] + further;
      if (static_cast<int64_t>(busy_until.size()) < sellers) return now;
      const int64_t next_hour = hours_.EndOf(hour);
      now = busy_until.empty() ? next_hour : std::min(busy_until.top(), next_hour);
    }
  }

  const double mean_micros_;
  const int64_t limit_micros_;
  const uint64_t seed_;
  const Hours hours_;
  std::vector<int64_t> sellers_;
  std::vector<int64_t> arrivals_;
};

// The mean service level of the rounds; unset where the simulation is given up.
std::optional<double> MeanLevel(const Simulator& simulator, int rounds, int64_t further,
                                absl::FunctionRef<bool()> proceed) {
  double sum = 0;
  for (int round = 0; round < rounds; ++round) {
    if (!proceed()) return std::nullopt;
    sum += simulator.Run(round, further, nullptr).service_level;
  }
  return sum / rounds;
}

// The fewest further sellers for the goal: doubled until enough, then halved between.
int64_t FurtherSellers(const Simulator& simulator, const StaffingQuery& query,
                       absl::FunctionRef<bool()> proceed) {
  const auto enough = [&](int64_t further) {
    const std::optional<double> level =
        MeanLevel(simulator, query.simulation_rounds, further, proceed);
    return !level.has_value() || *level >= query.goal;
  };
  int64_t too_few = 0;
  int64_t reached = 1;
  while (!enough(reached)) {
    if (reached >= kFurtherMax) return kFurtherMax;
    too_few = reached;
    reached = std::min(2 * reached, kFurtherMax);
  }
  while (reached - too_few > 1) {
    const int64_t middle = too_few + (reached - too_few) / 2;
    (enough(middle) ? reached : too_few) = middle;
  }
  return reached;
}

absl::Status Unreachable(int hour_of_week) {
  return WithMetadata(
      WithMetadata(FieldError(Reason::kStaffingGoalUnreachable, "goal",
                              "is reached by no number of sellers that is looked at"),
                   "hour_of_week", std::to_string(hour_of_week)),
      "limit", std::to_string(limits::staffing_sellers_max));
}

}  // namespace

absl::Status CheckStaffing(const StaffingQuery& query) {
  SALES_RETURN_IF_ERROR(CheckDuration("handling_time", query.handling_time, absl::Seconds(1)));
  SALES_RETURN_IF_ERROR(CheckDuration("wait_limit", query.wait_limit, absl::ZeroDuration()));
  // A goal that is no number is not above 0 either.
  if (!(query.goal > 0 && query.goal < 1)) {
    return FieldError(Reason::kFieldInvalid, "goal", "must be above 0 and below 1");
  }
  return CheckRange("simulation_rounds", query.simulation_rounds, 0, limits::staffing_rounds_max);
}

absl::StatusOr<StaffingPlan> PlanSellers(const StaffingQuery& query,
                                         const std::vector<HourLoad>& hours) {
  StaffingPlan plan;
  const double handling = absl::ToDoubleSeconds(query.handling_time);
  for (const HourLoad& hour : hours) {
    HourStaffing& staffing = plan.hours.emplace_back();
    staffing.hour_of_week = hour.hour_of_week;
    staffing.arrivals_per_hour = hour.arrivals.mean;
    staffing.offered_load = hour.arrivals.mean * handling / absl::ToDoubleSeconds(absl::Hours(1));
    const std::optional<SellersNeeded> needed =
        FewestSellers(staffing.offered_load, handling, absl::ToDoubleSeconds(query.wait_limit),
                      query.goal, limits::staffing_sellers_max);
    if (!needed.has_value()) return Unreachable(hour.hour_of_week);
    staffing.sellers = needed->sellers;
    staffing.service_level = needed->service_level;
    plan.seller_hours += needed->sellers;
    plan.sellers_at_peak = std::max(plan.sellers_at_peak, needed->sellers);
  }
  return plan;
}

StaffingSimulation SimulateSellers(const StaffingQuery& query,
                                   const std::vector<HourStaffing>& hours,
                                   const std::vector<absl::Time>& arrivals, absl::TimeZone zone,
                                   absl::FunctionRef<bool()> proceed) {
  StaffingSimulation simulation;
  simulation.rounds = query.simulation_rounds;
  simulation.arrivals = static_cast<int64_t>(arrivals.size());
  const bool any_sellers = std::any_of(hours.begin(), hours.end(),
                                       [](const HourStaffing& hour) { return hour.sellers > 0; });
  if (arrivals.empty() || query.simulation_rounds == 0 || !any_sellers) return simulation;
  const Simulator simulator(query, hours, arrivals, zone);
  std::map<int64_t, int64_t> waits;
  std::map<double, int64_t> levels;
  double level_sum = 0;
  absl::Duration wait_sum;
  for (int round = 0; round < query.simulation_rounds; ++round) {
    if (!proceed()) return simulation;
    const RoundFigures figures = simulator.Run(round, 0, &waits);
    ++levels[figures.service_level];
    level_sum += figures.service_level;
    wait_sum += absl::Microseconds(figures.wait_sum);
  }
  simulation.service_level = level_sum / query.simulation_rounds;
  const std::vector<WeightedValue> ordered(levels.begin(), levels.end());
  simulation.low = Quantile(ordered, kLow);
  simulation.high = Quantile(ordered, kHigh);
  simulation.mean_wait = wait_sum / (simulation.arrivals * query.simulation_rounds);
  std::vector<WeightedValue> ordered_waits;
  ordered_waits.reserve(waits.size());
  for (const auto& [bucket, count] : waits) {
    ordered_waits.emplace_back(absl::ToDoubleMicroseconds(BucketDuration(bucket)), count);
  }
  simulation.p90_wait = absl::Microseconds(Quantile(ordered_waits, kP90));
  if (simulation.service_level < query.goal) {
    simulation.further_sellers = FurtherSellers(simulator, query, proceed);
  }
  return simulation;
}

}  // namespace sales
