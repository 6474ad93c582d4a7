// Holidays out of iCalendar texts (RFC 5545).
#include <libical/ical.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/calendar.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr int64_t kEventDaysMax = 366;
constexpr int64_t kDaySeconds = 86'400;

struct ComponentFree {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, ComponentFree>;

struct IteratorFree {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};
using Recurrence = std::unique_ptr<icalrecur_iterator, IteratorFree>;

absl::CivilDay DayFrom(const icaltimetype& time) {
  return absl::CivilDay(time.year, time.month, time.day);
}

absl::Status Invalid(const char* description) {
  return FieldError(Reason::kIcalendarInvalid, "icalendar", description);
}

// The name of a content line: what stands before its parameters and its value.
std::string NameOf(const std::string& text, size_t begin, size_t end) {
  std::string name;
  for (size_t i = begin; i < end && text[i] != ':' && text[i] != ';'; ++i) {
    const char c = text[i];
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

// The text with its folded lines joined, as parsers see it.
std::string Unfold(const std::string& folded) {
  std::string text;
  for (size_t i = 0; i < folded.size(); ++i) {
    const char next = i + 1 < folded.size() ? folded[i + 1] : '\0';
    if (folded[i] == '\r') continue;
    if (folded[i] == '\n' && (next == ' ' || next == '\t')) {
      ++i;
    } else {
      text += folded[i];
    }
  }
  return text;
}

// Whether components that begin end and the other way round. libical would complain to standard
// error, which is not ours.
bool IsBalanced(const std::string& folded) {
  const std::string text = Unfold(folded);
  int depth = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string name = NameOf(text, begin, end);
    if (name == "BEGIN") ++depth;
    if (name == "END" && --depth < 0) return false;
    begin = end + 1;
  }
  return depth == 0;
}

// Collects the days of the events of one text.
class HolidayReader {
 public:
  explicit HolidayReader(absl::CivilDay last) : last_(last) {}

  absl::Status ReadCalendar(icalcomponent* calendar) {
    for (icalcomponent* event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != nullptr;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
      SALES_RETURN_IF_ERROR(ReadEvent(event));
    }
    return absl::OkStatus();
  }

  HolidayList Take() {
    HolidayList list;
    list.events_skipped = skipped_;
    for (auto& [day, title] : days_) list.days.push_back({day, std::move(title), {}});
    return list;
  }

 private:
  absl::Status ReadEvent(icalcomponent* event) {
    const icaltimetype start = icalcomponent_get_dtstart(event);
    const bool all_day =
        !icaltime_is_null_time(start) && icaltime_is_valid_time(start) && icaltime_is_date(start);
    if (!all_day || icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED) {
      ++skipped_;
      return absl::OkStatus();
    }
    const char* const summary = icalcomponent_get_summary(event);
    std::string title = summary == nullptr ? "" : summary;
    if (!CheckText("summary", title, limits::display_name_bytes_max).ok()) title.clear();
    std::set<absl::CivilDay> starts;
    if (InRange(DayFrom(start))) starts.insert(DayFrom(start));
    SALES_RETURN_IF_ERROR(FollowRules(event, start, starts));
    AddDates(event, starts);
    const int64_t length = LengthOf(event, start);
    bool closes = false;
    for (const absl::CivilDay first : starts) {
      for (int64_t i = 0; i < length; ++i) {
        if (!InRange(first + i)) continue;
        closes = true;
        days_.emplace(first + i, title);
        if (days_.size() > static_cast<size_t>(limits::calendar_exceptions_max)) {
          return Invalid("closes more days than a calendar may have exceptions");
        }
      }
    }
    if (!closes) ++skipped_;
    return absl::OkStatus();
  }

  // The days on which the event begins again by its rules, the bound of all of them kept.
  absl::Status FollowRules(icalcomponent* event, const icaltimetype& start,
                           std::set<absl::CivilDay>& starts) {
    for (icalproperty* property = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
         property != nullptr;
         property = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY)) {
      const icalrecurrencetype rule = icalproperty_get_rrule(property);
      if (rule.freq < ICAL_DAILY_RECURRENCE || rule.freq > ICAL_YEARLY_RECURRENCE) {
        return Invalid("an all-day event recurs within a day");
      }
      const Recurrence iterator(icalrecur_iterator_new(rule, start));
      if (iterator == nullptr) return Invalid("has a rule of recurrence that cannot be followed");
      for (icaltimetype next = icalrecur_iterator_next(iterator.get());
           !icaltime_is_null_time(next) && DayFrom(next) <= last_;
           next = icalrecur_iterator_next(iterator.get())) {
        if (++occurrences_ > limits::occurrences_max)
          return Invalid("has events that recur too often");
        if (InRange(DayFrom(next))) starts.insert(DayFrom(next));
      }
    }
    return absl::OkStatus();
  }

  // What is added and taken out day by day.
  static void AddDates(icalcomponent* event, std::set<absl::CivilDay>& starts) {
    for (icalproperty* property = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
         property != nullptr;
         property = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
      const icaltimetype time = icalproperty_get_rdate(property).time;
      if (!icaltime_is_null_time(time) && InRange(DayFrom(time))) starts.insert(DayFrom(time));
    }
    for (icalproperty* property = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
         property != nullptr;
         property = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY)) {
      starts.erase(DayFrom(icalproperty_get_exdate(property)));
    }
  }

  // In days; the end of an all-day event is the day after its last.
  static int64_t LengthOf(icalcomponent* event, const icaltimetype& start) {
    int64_t days = 1;
    if (icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY) != nullptr) {
      const icaltimetype end = icalcomponent_get_dtend(event);
      if (!icaltime_is_null_time(end)) days = DayFrom(end) - DayFrom(start);
    } else if (icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY) != nullptr) {
      days = icaldurationtype_as_int(icalcomponent_get_duration(event)) / kDaySeconds;
    }
    return std::clamp<int64_t>(days, 1, kEventDaysMax);
  }

  static bool InRange(absl::CivilDay day) { return CheckDay("day", day).ok(); }

  const absl::CivilDay last_;
  std::map<absl::CivilDay, std::string> days_;
  int occurrences_ = 0;
  int skipped_ = 0;
};

}  // namespace

absl::StatusOr<HolidayList> ReadHolidays(const std::string& icalendar, absl::CivilDay last) {
  SALES_RETURN_IF_ERROR(CheckRequiredText("icalendar", icalendar, limits::icalendar_bytes_max));
  if (!IsBalanced(icalendar)) return Invalid("is no iCalendar text");
  const Component root(icalparser_parse_string(icalendar.c_str()));
  if (root == nullptr) return Invalid("is no iCalendar text");
  HolidayReader reader(last);
  if (icalcomponent_isa(root.get()) == ICAL_VCALENDAR_COMPONENT) {
    SALES_RETURN_IF_ERROR(reader.ReadCalendar(root.get()));
    return reader.Take();
  }
  // Several calendars one after another have a root of their own.
  icalcomponent* calendar = icalcomponent_get_first_component(root.get(), ICAL_VCALENDAR_COMPONENT);
  if (calendar == nullptr) return Invalid("holds no calendar");
  for (; calendar != nullptr;
       calendar = icalcomponent_get_next_component(root.get(), ICAL_VCALENDAR_COMPONENT)) {
    SALES_RETURN_IF_ERROR(reader.ReadCalendar(calendar));
  }
  return reader.Take();
}

}  // namespace sales
