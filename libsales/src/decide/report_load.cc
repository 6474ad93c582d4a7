#include "src/decide/report_load.h"

#include <algorithm>
#include <utility>

namespace sales {
namespace {

constexpr size_t kBusiest = 10;

// The sums that mean and variance are made of.
struct Sums {
  int64_t hours = 0;
  int64_t arrivals = 0;
  // Whole numbers: an hour has fewer than 2^26 arrivals, and a window fewer than 2^21 hours.
  __int128 squares = 0;

  void Add(int64_t n) {
    arrivals += n;
    squares += static_cast<__int128>(n) * n;
  }
};

ArrivalFigures FiguresOf(const Sums& sums) {
  ArrivalFigures figures;
  figures.arrivals = sums.arrivals;
  figures.hours = sums.hours;
  if (sums.hours == 0) return figures;
  const auto hours = static_cast<double>(sums.hours);
  figures.mean = static_cast<double>(sums.arrivals) / hours;
  if (sums.hours > 1) {
    const __int128 spread =
        sums.hours * sums.squares - static_cast<__int128>(sums.arrivals) * sums.arrivals;
    figures.variance = static_cast<double>(spread) / (hours * (hours - 1));
  }
  if (figures.mean > 0) figures.dispersion = figures.variance / figures.mean;
  return figures;
}

struct Hour {
  int64_t arrivals = 0;
  absl::CivilDay day;
  int hour_mark = 0;
};

// Earlier hours of one day come before later ones: a repeated hour comes after the same hour.
bool IsBusier(const Hour& a, const Hour& b) {
  if (a.arrivals != b.arrivals) return a.arrivals > b.arrivals;
  if (a.day != b.day) return a.day < b.day;
  const int hour_a = a.hour_mark % kHoursOfDay;
  const int hour_b = b.hour_mark % kHoursOfDay;
  return hour_a != hour_b ? hour_a < hour_b : a.hour_mark < b.hour_mark;
}

absl::Time StartOf(const Hour& busy, absl::TimeZone zone) {
  for (const DayHour& hour : HoursOfDay(busy.day, zone)) {
    if (hour.hour_mark == busy.hour_mark) return hour.start_time;
  }
  // Not a day's hour by the rules of the zone as they are known now.
  return absl::FromCivil(absl::CivilHour(busy.day) + busy.hour_mark % kHoursOfDay, zone);
}

}  // namespace

void Arrivals::Add(absl::CivilDay day, int64_t hour_mark, int64_t n) {
  if (hour_mark < 0 || hour_mark >= kHourMarks || n == 0) return;
  days_.try_emplace(day, Day{}).first->second[static_cast<size_t>(hour_mark)] += n;
}

Window Arrivals::Span(const Window& window) const {
  Window span = window;
  if (days_.empty()) return span;
  if (!span.start.has_value()) span.start = days_.begin()->first;
  if (!span.end.has_value()) span.end = days_.rbegin()->first + 1;
  return span;
}

void FillArrivals(const Arrivals& arrivals, const Window& window, absl::TimeZone zone,
                  LoadReport& report) {
  report.window = arrivals.Span(window);
  Sums total;
  std::vector<Sums> kinds(kHoursOfWeek);
  std::vector<Hour> busiest;
  for (const auto& [day, marks] : arrivals.days()) {
    for (int mark = 0; mark < kHourMarks; ++mark) {
      const int64_t n = marks[static_cast<size_t>(mark)];
      if (n == 0) continue;
      total.Add(n);
      kinds[static_cast<size_t>(HourOfWeek(day, mark))].Add(n);
      const Hour hour = {n, day, mark};
      if (busiest.size() == kBusiest && !IsBusier(hour, busiest.back())) continue;
      busiest.insert(std::upper_bound(busiest.begin(), busiest.end(), hour, IsBusier), hour);
      if (busiest.size() > kBusiest) busiest.pop_back();
    }
  }
  if (report.window.start.has_value() && report.window.end.has_value()) {
    const std::vector<int64_t> hours = CountHours(*report.window.start, *report.window.end, zone);
    for (size_t i = 0; i < hours.size(); ++i) {
      kinds[i].hours = hours[i];
      total.hours += hours[i];
    }
  }
  report.total = FiguresOf(total);
  for (int i = 0; i < kHoursOfWeek; ++i) {
    report.hours.push_back({i, FiguresOf(kinds[static_cast<size_t>(i)])});
  }
  for (const Hour& hour : busiest) {
    report.busiest.push_back({StartOf(hour, zone), hour.arrivals});
  }
}

}  // namespace sales
