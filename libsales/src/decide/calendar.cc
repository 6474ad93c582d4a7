// Working time in closed form.
//
// A zone's offset changes a few hundred times between 1970 and 2200. Between two changes, the wall
// clock runs as time does, and the hours of work are those of a week that repeats itself, but for
// some special days. So the working time up to an instant is a sum of three parts, each found by a
// search among sorted numbers: what was worked before the last change of the offset, whole weeks
// and days, and the part of a day.
#include "src/decide/calendar.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr int64_t kMinute = 60'000'000;
constexpr int64_t kDay = 24 * 60 * kMinute;
constexpr int kDayMinutes = 24 * 60;
constexpr int kYearsAhead = 10;

// Local days are counted from this Monday, well before anything that can be asked for.
constexpr absl::CivilDay kFirstDay(1968, 12, 30);
constexpr absl::CivilDay kEpoch(1970, 1, 1);

// [begin, end) in microseconds since a local midnight.
struct Span {
  int64_t begin = 0;
  int64_t end = 0;
};

// The hours of a day, from midnight to midnight.
struct DayHours {
  // In order, without overlaps.
  std::vector<Span> spans;
  int64_t total = 0;

  // What is worked up to a time of the day.
  int64_t Before(int64_t time_of_day) const {
    int64_t sum = 0;
    for (const Span& span : spans) {
      if (span.begin >= time_of_day) break;
      sum += std::min(span.end, time_of_day) - span.begin;
    }
    return sum;
  }

  // The earliest time of the day at which so much is worked; `worked` is from 1 to the total.
  int64_t TimeOf(int64_t worked) const {
    for (const Span& span : spans) {
      const int64_t length = span.end - span.begin;
      if (worked <= length) return span.begin + worked;
      worked -= length;
    }
    return kDay;
  }
};

// The day's part of the intervals that begin on it, and of those that began the day before.
DayHours MakeDay(const std::vector<WorkInterval>& own, const std::vector<WorkInterval>& before) {
  std::vector<Span> parts;
  parts.reserve(own.size() + before.size());
  for (const WorkInterval& interval : own) {
    parts.push_back({interval.start_minute * kMinute,
                     std::min<int64_t>(interval.end_minute, kDayMinutes) * kMinute});
  }
  for (const WorkInterval& interval : before) {
    if (interval.end_minute <= kDayMinutes) continue;
    parts.push_back({0, (interval.end_minute - kDayMinutes) * kMinute});
  }
  std::sort(parts.begin(), parts.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  DayHours day;
  for (const Span& part : parts) {
    if (!day.spans.empty() && part.begin <= day.spans.back().end) {
      day.spans.back().end = std::max(day.spans.back().end, part.end);
    } else {
      day.spans.push_back(part);
    }
  }
  for (const Span& span : day.spans) day.total += span.end - span.begin;
  return day;
}

// Hours on the wall clock, whatever the zone.
class LocalHours {
 public:
  LocalHours(const WorkWeek& week, std::vector<CalendarException> exceptions)
      : week_hours_(week), exceptions_(std::move(exceptions)) {
    for (size_t i = 0; i < 7; ++i) {
      week_[i] = MakeDay(week[i], week[(i + 6) % 7]);
      week_before_[i + 1] = week_before_[i] + week_[i].total;
    }
    std::sort(exceptions_.begin(), exceptions_.end(),
              [](const CalendarException& a, const CalendarException& b) { return a.day < b.day; });
    // An exception changes its day, and the next one by what reaches past midnight.
    for (const CalendarException& exception : exceptions_) {
      const int64_t day = exception.day - kFirstDay;
      AddSpecial(day);
      AddSpecial(day + 1);
    }
  }

  // What is worked before a local instant, in microseconds since the first day's midnight, not
  // before it.
  int64_t Before(int64_t local) const {
    const int64_t day = local / kDay;
    return BeforeDay(day) + HoursOf(day).Before(local % kDay);
  }

  // The earliest local instant before which so much is worked. Somebody works so long.
  int64_t InstantOf(int64_t worked) const {
    // The last special day before whose midnight less is worked.
    const auto after = std::partition_point(
        special_.begin(), special_.end(),
        [&](const Special& special) { return BeforeDay(special.day) < worked; });
    if (after == special_.begin()) return RegularInstantOf(0, worked);
    const Special& special = *std::prev(after);
    const int64_t rest = worked - BeforeDay(special.day);
    if (rest <= special.hours.total) return special.day * kDay + special.hours.TimeOf(rest);
    return RegularInstantOf(special.day + 1, rest - special.hours.total);
  }

 private:
  struct Special {
    int64_t day = 0;
    DayHours hours;
    // How much more than in a regular week is worked on the special days before this one.
    int64_t more_before = 0;
  };

  const std::vector<WorkInterval>& BeginningOn(int64_t day) const {
    const absl::CivilDay civil = kFirstDay + day;
    const auto found =
        std::lower_bound(exceptions_.begin(), exceptions_.end(), civil,
                         [](const CalendarException& a, absl::CivilDay b) { return a.day < b; });
    if (found != exceptions_.end() && found->day == civil) return found->intervals;
    return week_hours_[static_cast<size_t>(day % 7)];
  }

  void AddSpecial(int64_t day) {
    if (!special_.empty() && special_.back().day >= day) return;
    Special special;
    special.day = day;
    special.hours = MakeDay(BeginningOn(day), BeginningOn(day - 1));
    special.more_before = more_;
    more_ += special.hours.total - Regular(day).total;
    special_.push_back(std::move(special));
  }

  const DayHours& Regular(int64_t day) const { return week_[static_cast<size_t>(day % 7)]; }

  std::vector<Special>::const_iterator SpecialFrom(int64_t day) const {
    return std::lower_bound(special_.begin(), special_.end(), day,
                            [](const Special& a, int64_t b) { return a.day < b; });
  }

  const DayHours& HoursOf(int64_t day) const {
    const auto found = SpecialFrom(day);
    return found != special_.end() && found->day == day ? found->hours : Regular(day);
  }

  int64_t BeforeDay(int64_t day) const {
    const auto found = SpecialFrom(day);
    return day / 7 * week_before_[7] + week_before_[static_cast<size_t>(day % 7)] +
           (found != special_.end() ? found->more_before : more_);
  }

  // The same from a day on after which only regular days come, as far as `worked` reaches.
  int64_t RegularInstantOf(int64_t day, int64_t worked) const {
    if (week_before_[7] == 0) return day * kDay;
    const int64_t weeks = (worked - 1) / week_before_[7];
    day += weeks * 7;
    worked -= weeks * week_before_[7];
    for (; worked > Regular(day).total; ++day) worked -= Regular(day).total;
    return day * kDay + Regular(day).TimeOf(worked);
  }

  const WorkWeek week_hours_;
  std::vector<CalendarException> exceptions_;
  DayHours week_[7];
  // What is worked in a regular week before each weekday, and in all of it.
  int64_t week_before_[8] = {};
  std::vector<Special> special_;
  int64_t more_ = 0;
};

absl::Status HoursInvalid(const std::string& field, const std::string& description) {
  return FieldError(Reason::kHoursInvalid, field, description);
}

// `whose` begins the sentence: "Monday's hours".
absl::Status CheckIntervals(const std::string& field, const std::string& whose,
                            const std::vector<WorkInterval>& intervals) {
  SALES_RETURN_IF_ERROR(CheckList(field, intervals.size(), limits::day_intervals_max));
  for (size_t i = 0; i < intervals.size(); ++i) {
    const WorkInterval& interval = intervals[i];
    if (interval.start_minute < 0 || interval.start_minute >= kDayMinutes) {
      return HoursInvalid(field, whose + " must begin from 00:00 to 23:59");
    }
    const int length = interval.end_minute - interval.start_minute;
    if (length <= 0 || length > kDayMinutes ||
        (length == kDayMinutes && interval.start_minute != 0)) {
      return HoursInvalid(field, whose + " must end after they begin, and less than a day later");
    }
    if (i > 0 && interval.start_minute < intervals[i - 1].end_minute) {
      return HoursInvalid(field, whose + " overlap, or are not in the order of the day");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckWeek(const WorkWeek& week) {
  constexpr const char* kWhose[] = {"Monday's hours",   "Tuesday's hours", "Wednesday's hours",
                                    "Thursday's hours", "Friday's hours",  "Saturday's hours",
                                    "Sunday's hours"};
  for (size_t i = 0; i < week.size(); ++i) {
    SALES_RETURN_IF_ERROR(CheckIntervals("week", kWhose[i], week[i]));
  }
  return absl::OkStatus();
}

absl::Status CheckExceptions(const std::vector<CalendarException>& exceptions) {
  SALES_RETURN_IF_ERROR(
      CheckList("exceptions", exceptions.size(), limits::calendar_exceptions_max));
  std::vector<absl::CivilDay> days;
  for (size_t i = 0; i < exceptions.size(); ++i) {
    const std::string field = "exceptions[" + std::to_string(i) + "]";
    SALES_RETURN_IF_ERROR(CheckDay(field, exceptions[i].day));
    SALES_RETURN_IF_ERROR(CheckText(field, exceptions[i].title, limits::display_name_bytes_max));
    SALES_RETURN_IF_ERROR(CheckIntervals(field, "the day's hours", exceptions[i].intervals));
    days.push_back(exceptions[i].day);
  }
  std::sort(days.begin(), days.end());
  if (std::adjacent_find(days.begin(), days.end()) == days.end()) return absl::OkStatus();
  return HoursInvalid("exceptions", "hold a day twice");
}

absl::Status CheckHasWork(const WorkingTime& working_time, absl::Time from) {
  const absl::CivilSecond civil = absl::UTCTimeZone().At(from).cs;
  const absl::CivilSecond until(civil.year() + kYearsAhead, civil.month(), civil.day(),
                                civil.hour(), civil.minute(), civil.second());
  if (working_time.Elapsed(from, absl::FromCivil(until, absl::UTCTimeZone())) >
      absl::ZeroDuration()) {
    return absl::OkStatus();
  }
  return MakeError(Reason::kCalendarEmpty, "Nobody works in the next ten years.");
}

// The hours in a zone.
class WorkingTime::Hours {
 public:
  Hours(const Calendar& calendar, absl::TimeZone zone)
      : local_(calendar.week, calendar.exceptions) {
    first_ = limits::time_micros_min;
    last_ = limits::time_micros_max;
    int64_t offset = OffsetAt(FromMicros(first_), zone);
    AddPiece(first_, offset);
    absl::Time at = FromMicros(first_);
    absl::TimeZone::CivilTransition change;
    while (zone.NextTransition(at, &change)) {
      // The wall clock jumps from `from`, as it runs before the change.
      const int64_t seconds = (change.from - absl::CivilSecond(kEpoch)) - offset;
      at = absl::FromUnixSeconds(seconds);
      if (ToMicros(at) >= last_) break;
      offset = OffsetAt(at, zone);
      AddPiece(ToMicros(at), offset);
    }
    total_ = Before(last_);
  }

  // What is worked before an instant.
  int64_t Before(int64_t micros) const {
    micros = std::clamp(micros, first_, last_);
    const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), micros,
                                        [](int64_t a, const Piece& b) { return a < b.begin; });
    const Piece& piece = *std::prev(after);
    return piece.before + local_.Before(micros + piece.shift) - piece.local_before;
  }

  // The earliest instant before which so much is worked; from 1 to total().
  int64_t InstantOf(int64_t worked) const {
    const auto after = std::lower_bound(pieces_.begin(), pieces_.end(), worked,
                                        [](const Piece& a, int64_t b) { return a.before < b; });
    const Piece& piece = *std::prev(after);
    return local_.InstantOf(piece.local_before + worked - piece.before) - piece.shift;
  }

  int64_t total() const { return total_; }

 private:
  // The time from one change of the zone's offset to the next.
  struct Piece {
    int64_t begin = 0;
    // From instants to local ones, which are counted from the first day's midnight.
    int64_t shift = 0;
    int64_t before = 0;
    int64_t local_before = 0;
  };

  static int64_t OffsetAt(absl::Time time, absl::TimeZone zone) { return zone.At(time).offset; }

  void AddPiece(int64_t begin, int64_t offset) {
    Piece piece;
    piece.begin = begin;
    piece.shift = offset * 1'000'000 + (kEpoch - kFirstDay) * kDay;
    piece.local_before = local_.Before(begin + piece.shift);
    if (!pieces_.empty()) {
      const Piece& last = pieces_.back();
      piece.before = last.before + local_.Before(begin + last.shift) - last.local_before;
    }
    pieces_.push_back(piece);
  }

  const LocalHours local_;
  std::vector<Piece> pieces_;
  int64_t first_ = 0;
  int64_t last_ = 0;
  int64_t total_ = 0;
};

absl::StatusOr<WorkingTime> WorkingTime::Of(const Calendar& calendar) {
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone, LoadZone("time_zone", calendar.time_zone));
  SALES_RETURN_IF_ERROR(CheckWeek(calendar.week));
  SALES_RETURN_IF_ERROR(CheckExceptions(calendar.exceptions));
  WorkingTime working_time;
  working_time.hours_ = std::make_shared<const Hours>(calendar, zone);
  if (working_time.hours_->total() > 0) return working_time;
  return MakeError(Reason::kCalendarEmpty, "The calendar has no working hours.");
}

absl::Duration WorkingTime::Elapsed(absl::Time from, absl::Time to) const {
  if (to <= from) return absl::ZeroDuration();
  if (hours_ == nullptr) return absl::Microseconds(ToMicros(to) - ToMicros(from));
  return absl::Microseconds(hours_->Before(ToMicros(to)) - hours_->Before(ToMicros(from)));
}

absl::StatusOr<absl::Time> WorkingTime::Add(absl::Time from, absl::Duration duration) const {
  const int64_t micros = absl::ToInt64Microseconds(duration);
  if (micros < 0) return FieldError(Reason::kFieldInvalid, "duration", "is below 0");
  if (micros == 0) return from;
  if (hours_ == nullptr) return from + absl::Microseconds(micros);
  SALES_RETURN_IF_ERROR(CheckHasWork(*this, from));
  const int64_t before = hours_->Before(ToMicros(from));
  // Not added up, for the sum may be more than there are numbers.
  if (micros > hours_->total() - before) {
    return MakeError(Reason::kCalendarEmpty, "The calendar has not so much working time left.");
  }
  return FromMicros(hours_->InstantOf(before + micros));
}

}  // namespace sales
