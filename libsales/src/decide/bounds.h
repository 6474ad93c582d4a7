// The checks that every verb makes of what it is given, before it looks at the record.
//
// Each takes the path of the field ("contact.identities[0].value") and gives OK or an error about
// it. No error says the value: it may be personal.
#ifndef SALES_SRC_DECIDE_BOUNDS_H_
#define SALES_SRC_DECIDE_BOUNDS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/contact.h"
#include "sales/money.h"

namespace sales {

// Whether it has the form of an id: 1 to 63 of a-z 0-9 . _ -, beginning with a letter or digit.
bool IsId(std::string_view text);

// Whether it is well-formed UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

// FIELD_REQUIRED if empty, ID_INVALID if it has not the form of an id.
absl::Status CheckId(std::string_view field, std::string_view text);
// The same, but it may be empty.
absl::Status CheckOptionalId(std::string_view field, std::string_view text);

// TEXT_TOO_LONG (metadata `limit`), TEXT_INVALID (not UTF-8, or with NUL).
absl::Status CheckText(std::string_view field, std::string_view text, int bytes_max);
// The same, and FIELD_REQUIRED if it is empty or white space only.
absl::Status CheckRequiredText(std::string_view field, std::string_view text, int bytes_max);

// The code of a decline, loss and so on: FIELD_REQUIRED, FIELD_INVALID. It has the form of an id.
absl::Status CheckReasonCode(std::string_view field, std::string_view text);

// MONEY_INVALID (metadata `limit`), CURRENCY_MISMATCH.
absl::Status CheckMoney(std::string_view field, const Money& money, std::string_view currency_code);

// TIME_OUT_OF_RANGE outside [1970, 2200).
absl::Status CheckTime(std::string_view field, absl::Time time);
absl::Status CheckDay(std::string_view field, absl::CivilDay day);
// The same, and TIME_IN_FUTURE if it is later than limits::future_seconds_max after now.
absl::Status CheckOccurTime(std::string_view field, absl::Time time, absl::Time now);

// FIELD_INVALID (metadata `min`, `max`) outside [min, max].
absl::Status CheckRange(std::string_view field, int64_t value, int64_t min, int64_t max);

// LIST_TOO_LONG (metadata `limit`).
absl::Status CheckList(std::string_view field, size_t size, int max);

// Keys have the form of an id; LIST_TOO_LONG, ID_INVALID, TEXT_TOO_LONG, TEXT_INVALID.
absl::Status CheckAttributes(std::string_view field,
                             const std::map<std::string, std::string>& attributes);

// LIST_TOO_LONG, FIELD_REQUIRED, ID_INVALID.
absl::Status CheckLabels(std::string_view field, const std::vector<std::string>& labels);

// Kind, value and source: a source is needed by MESSENGER and EXTERNAL and allowed there only.
// ENUM_UNKNOWN, FIELD_REQUIRED, FIELD_INVALID, ID_INVALID, TEXT_TOO_LONG, TEXT_INVALID. Whether the
// value has a normal form is no matter of this check.
absl::Status CheckIdentity(std::string_view field, const Identity& identity);
absl::Status CheckIdentities(std::string_view field, const std::vector<Identity>& identities);

// Both may be empty. TEXT_TOO_LONG, TEXT_INVALID.
absl::Status CheckActor(std::string_view actor);
absl::Status CheckRequestId(std::string_view request_id);

// PAGE_SIZE_INVALID unless from 0 to limits::page_size_max.
absl::Status CheckPageSize(int page_size);
// The size that is meant: 0 is limits::page_size_default.
int PageSizeOf(int page_size);

// FIELD_REQUIRED, FIELD_INVALID unless it is a code of ISO 4217 in use.
absl::Status CheckCurrencyCode(std::string_view field, std::string_view code);
// How many decimal digits a minor unit is below the major one: 2 for EUR, 0 for JPY; nothing for an
// unknown code.
std::optional<int> MinorUnitDigits(std::string_view currency_code);

// FIELD_INVALID unless it is empty or a region that has telephone numbers ("NL").
absl::Status CheckRegion(std::string_view field, std::string_view region);

// Loads an IANA zone ("Europe/Amsterdam", "UTC"). FIELD_REQUIRED, TIME_ZONE_UNKNOWN: for paths and
// for names whose meaning depends on the machine, too.
absl::StatusOr<absl::TimeZone> LoadZone(std::string_view field, std::string_view name);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_BOUNDS_H_
