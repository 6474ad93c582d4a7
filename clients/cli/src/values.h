// Amounts, times, durations and ids as people and files write them.
#ifndef SALES_CLIENTS_CLI_SRC_VALUES_H_
#define SALES_CLIENTS_CLI_SRC_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"

namespace salesctl {

// How many decimals the currency's amounts have: 2 for EUR, 0 for JPY, 3 for KWD.
int MinorDigits(const std::string& currency_code);

// "1234.5" with 2 digits is 123450. Exact: no floating point, digits beyond `minor_digits` must be
// zeros. Unset if it is no such number or too large.
std::optional<int64_t> ParseDecimal(const std::string& text, int minor_digits,
                                    char decimal_mark = '.');

// 123450 EUR is "1 234.50 EUR".
std::string FormatMoney(int64_t minor_units, const std::string& currency_code);
// 8000 is "8 000".
std::string FormatCount(int64_t count);
// numerator / denominator with so many decimals, exact and rounded half away from zero: 61/4 with
// one decimal is "15.3". The denominator is above 0.
std::string FormatQuotient(int64_t numerator, int64_t denominator, int decimals);

// A time in a file. `format` is "rfc3339", "date" (midnight in the zone) or a pattern of strptime,
// read in the zone.
std::optional<absl::Time> ParseTime(const std::string& text, const std::string& format,
                                    absl::TimeZone zone);

google::protobuf::Duration ToDuration(absl::Duration duration);
// "3d 4h", "12m 5s", "0.8s": two units are enough for people.
std::string FormatDuration(const google::protobuf::Duration& duration);

// An id made of any text, always the same: lower case, spaces as '-'. Where other characters had
// to go or the text is too long, a digest of the text at the end keeps different texts apart.
// Empty only for an empty text.
std::string Slug(const std::string& text);

bool IsUtf8(const std::string& text);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_VALUES_H_
