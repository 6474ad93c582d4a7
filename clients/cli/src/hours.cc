#include "clients/cli/src/hours.h"

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace salesctl {
namespace {

// 1 for Monday to 7 for Sunday.
std::optional<int> WeekdayOf(const std::string& word) {
  constexpr const char* kNames[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const std::string lower = absl::AsciiStrToLower(word);
  for (int i = 0; i < 7; ++i) {
    if (lower == kNames[i]) return i + 1;
  }
  return std::nullopt;
}

// "mon-wed,sat"; a range may go over the end of the week: "sat-mon".
std::optional<std::vector<int>> WeekdaysOf(const std::string& text) {
  std::vector<int> days;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, ','))) {
    const std::vector<std::string> ends = absl::StrSplit(part, '-');
    const std::optional<int> first = WeekdayOf(ends.front());
    const std::optional<int> last = WeekdayOf(ends.back());
    if (ends.size() > 2 || !first.has_value() || !last.has_value()) return std::nullopt;
    for (int day = *first;; day = day % 7 + 1) {
      days.push_back(day);
      if (day == *last) break;
    }
  }
  return days;
}

std::optional<std::vector<sales::v1::WorkHours>> HoursOf(const std::string& text) {
  std::vector<sales::v1::WorkHours> hours;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, ','))) {
    const std::vector<std::string> ends = absl::StrSplit(part, '-');
    if (ends.size() != 2) return std::nullopt;
    sales::v1::WorkHours& added = hours.emplace_back();
    added.set_start(ends[0]);
    added.set_end(ends[1]);
  }
  return hours;
}

}  // namespace

bool AddWeekHours(const std::string& text, sales::v1::Calendar& calendar) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  if (words.size() != 2) return false;
  const auto days = WeekdaysOf(words[0]);
  const auto hours = HoursOf(words[1]);
  if (!days.has_value() || !hours.has_value()) return false;
  for (const int day : *days) {
    for (const sales::v1::WorkHours& each : *hours) {
      sales::v1::WeekdayHours& added = *calendar.add_week();
      added.set_weekday(static_cast<sales::v1::WeekdayHours::Weekday>(day));
      *added.mutable_hours() = each;
    }
  }
  return true;
}

bool AddException(const std::string& text, sales::v1::Calendar& calendar) {
  const size_t mark = text.find('#');
  const std::vector<std::string> words =
      absl::StrSplit(text.substr(0, mark), ' ', absl::SkipEmpty());
  if (words.empty() || words.size() > 2) return false;
  sales::v1::CalendarException exception;
  exception.set_date(words[0]);
  if (mark != std::string::npos) {
    exception.set_title(std::string(absl::StripAsciiWhitespace(text.substr(mark + 1))));
  }
  if (words.size() == 2) {
    const auto hours = HoursOf(words[1]);
    if (!hours.has_value()) return false;
    for (const sales::v1::WorkHours& each : *hours) *exception.add_hours() = each;
  }
  *calendar.add_exceptions() = exception;
  return true;
}

}  // namespace salesctl
