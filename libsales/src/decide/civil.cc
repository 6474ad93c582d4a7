#include "src/decide/civil.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace sales {
namespace {

// Takes exactly `digits` digits off the front.
std::optional<int> TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool TakeChar(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<absl::CivilDay> TakeDay(std::string_view& text) {
  const std::optional<int> year = TakeNumber(text, 4);
  if (!year.has_value() || !TakeChar(text, '-')) return std::nullopt;
  const std::optional<int> month = TakeNumber(text, 2);
  if (!month.has_value() || !TakeChar(text, '-')) return std::nullopt;
  const std::optional<int> day = TakeNumber(text, 2);
  if (!day.has_value()) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  // CivilDay carries over what the calendar has not (the 31st of June); that is not what was meant.
  if (civil.year() != *year || civil.month() != *month || civil.day() != *day) return std::nullopt;
  return civil;
}

// Seconds since midnight.
std::optional<int> TakeTimeOfDay(std::string_view& text) {
  const std::optional<int> hour = TakeNumber(text, 2);
  if (!hour.has_value() || *hour > 23 || !TakeChar(text, ':')) return std::nullopt;
  const std::optional<int> minute = TakeNumber(text, 2);
  if (!minute.has_value() || *minute > 59 || !TakeChar(text, ':')) return std::nullopt;
  const std::optional<int> second = TakeNumber(text, 2);
  if (!second.has_value() || *second > 59) return std::nullopt;
  return (*hour * 60 + *minute) * 60 + *second;
}

// The microseconds of ".123"; 0 without a point.
std::optional<int> TakeFraction(std::string_view& text) {
  if (!TakeChar(text, '.')) return 0;
  int micros = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits < 6) micros = micros * 10 + (text[digits] - '0');
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (size_t i = digits; i < 6; ++i) micros *= 10;
  text.remove_prefix(digits);
  return micros;
}

// Seconds east of UTC.
std::optional<int> TakeOffset(std::string_view& text) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return 0;
  const bool west = TakeChar(text, '-');
  if (!west && !TakeChar(text, '+')) return std::nullopt;
  const std::optional<int> hours = TakeNumber(text, 2);
  if (!hours.has_value() || *hours > 23 || !TakeChar(text, ':')) return std::nullopt;
  const std::optional<int> minutes = TakeNumber(text, 2);
  if (!minutes.has_value() || *minutes > 59) return std::nullopt;
  const int seconds = (*hours * 60 + *minutes) * 60;
  return west ? -seconds : seconds;
}

}  // namespace

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  const std::optional<absl::CivilDay> day = TakeDay(text);
  if (!text.empty()) return std::nullopt;
  return day;
}

std::string FormatDay(absl::CivilDay day) {
  char buffer[32];
  const int size = std::snprintf(buffer, sizeof(buffer), "%04lld-%02d-%02d",
                                 static_cast<long long>(day.year()), day.month(), day.day());
  return std::string(buffer, static_cast<size_t>(size));
}

absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone) {
  return absl::CivilDay(zone.At(time).cs);
}

std::optional<absl::Time> ParseInstant(std::string_view text) {
  const std::optional<absl::CivilDay> day = TakeDay(text);
  if (!day.has_value()) return std::nullopt;
  if (!TakeChar(text, 'T') && !TakeChar(text, 't')) return std::nullopt;
  const std::optional<int> seconds = TakeTimeOfDay(text);
  if (!seconds.has_value()) return std::nullopt;
  const std::optional<int> micros = TakeFraction(text);
  if (!micros.has_value()) return std::nullopt;
  const std::optional<int> offset = TakeOffset(text);
  if (!offset.has_value() || !text.empty()) return std::nullopt;
  const int64_t days = *day - absl::CivilDay(1970, 1, 1);
  return absl::FromUnixSeconds(days * 86'400 + *seconds - *offset) + absl::Microseconds(*micros);
}

std::string FormatInstant(absl::Time time) {
  const absl::TimeZone::CivilInfo civil = absl::UTCTimeZone().At(time);
  char buffer[64];
  int size = std::snprintf(buffer, sizeof(buffer), "%04lld-%02d-%02dT%02d:%02d:%02d",
                           static_cast<long long>(civil.cs.year()), civil.cs.month(),
                           civil.cs.day(), civil.cs.hour(), civil.cs.minute(), civil.cs.second());
  std::string text(buffer, static_cast<size_t>(size));
  const int64_t micros = civil.subsecond / absl::Microseconds(1);
  if (micros != 0) {
    size = std::snprintf(buffer, sizeof(buffer), ".%06lld", static_cast<long long>(micros));
    text.append(buffer, static_cast<size_t>(size));
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

int64_t ToMicros(absl::Time time) { return absl::ToUnixMicros(time); }
absl::Time FromMicros(int64_t micros) { return absl::FromUnixMicros(micros); }

}  // namespace sales
