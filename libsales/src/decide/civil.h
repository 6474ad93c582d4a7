// Days and instants as text and as numbers.
#ifndef SALES_SRC_DECIDE_CIVIL_H_
#define SALES_SRC_DECIDE_CIVIL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace sales {

// Reads "2026-01-31" and nothing else: four, two and two digits, a day that the calendar has.
std::optional<absl::CivilDay> ParseDay(std::string_view text);
// The inverse, for years 0 to 9999.
std::string FormatDay(absl::CivilDay day);

// The civil day of an instant.
absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone);

// Reads an RFC 3339 instant with its offset: "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.5+03:00".
// Digits below a microsecond are dropped; leap seconds are not read.
std::optional<absl::Time> ParseInstant(std::string_view text);
// The inverse: in UTC, with as many digits of the second as it needs, at most six.
std::string FormatInstant(absl::Time time);

// Microseconds since the epoch, rounded down.
int64_t ToMicros(absl::Time time);
absl::Time FromMicros(int64_t micros);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_CIVIL_H_
