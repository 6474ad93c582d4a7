#include "src/decide/bounds.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/contact.h"
#include "sales/limits.h"
#include "sales/money.h"
#include "src/decide/errors.h"
#include "src/decide/identity.h"

namespace sales {
namespace {

// ISO 4217 codes by the decimal digits of their minor unit, those withdrawn since 2021 included;
// metals, tests and other codes that are no currency left out.
constexpr std::string_view kCurrencies[] = {
    // 0 digits.
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    // 1 digit.
    "",
    // 2 digits.
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
    "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
    "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD "
    "XCG YER ZAR ZMW ZWG ZWL",
    // 3 digits.
    "BHD IQD JOD KWD LYD OMR TND",
    // 4 digits.
    "CLF UYW",
};

absl::Status OutOfLimit(Reason reason, std::string_view field, std::string description,
                        int64_t limit) {
  return WithMetadata(FieldError(reason, std::string(field), std::move(description)), "limit",
                      std::to_string(limit));
}

absl::Status Required(std::string_view field) {
  return FieldError(Reason::kFieldRequired, std::string(field), "it must be filled in");
}

bool IsBlank(std::string_view text) {
  // Most texts begin with a visible character.
  if (!text.empty() && text.front() > ' ' && text.front() < 0x7f) return false;
  return FoldText(text).empty();
}

// How many bytes the well-formed sequence at the front takes; 0 if there is none. Source: Unicode
// 15.0, table 3-7.
size_t SequenceBytes(const unsigned char* at, size_t left) {
  const unsigned char lead = at[0];
  size_t size = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xbf;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) {
    size = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    size = 3;
    if (lead == 0xe0) second_min = 0xa0;
    if (lead == 0xed) second_max = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    size = 4;
    if (lead == 0xf0) second_min = 0x90;
    if (lead == 0xf4) second_max = 0x8f;
  } else {
    return 0;
  }
  if (left < size || at[1] < second_min || at[1] > second_max) return 0;
  for (size_t i = 2; i < size; ++i) {
    if ((at[i] & 0xc0) != 0x80) return 0;
  }
  return size;
}

}  // namespace

bool IsId(std::string_view text) {
  if (text.empty() || text.size() > static_cast<size_t>(limits::id_bytes_max)) return false;
  for (const char c : text) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!alphanumeric && c != '.' && c != '_' && c != '-') return false;
  }
  return text.front() != '.' && text.front() != '_' && text.front() != '-';
}

bool IsUtf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  size_t left = text.size();
  while (left > 0) {
    uint64_t word = 0;
    if (left >= sizeof(word)) {
      std::memcpy(&word, at, sizeof(word));
      if ((word & 0x8080808080808080) == 0) {
        at += sizeof(word);
        left -= sizeof(word);
        continue;
      }
    }
    const size_t size = SequenceBytes(at, left);
    if (size == 0) return false;
    at += size;
    left -= size;
  }
  return true;
}

absl::Status CheckId(std::string_view field, std::string_view text) {
  if (text.empty()) return Required(field);
  return CheckOptionalId(field, text);
}

absl::Status CheckOptionalId(std::string_view field, std::string_view text) {
  if (text.empty() || IsId(text)) return absl::OkStatus();
  return FieldError(Reason::kIdInvalid, std::string(field),
                    "it is not 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or "
                    "digit");
}

absl::Status CheckText(std::string_view field, std::string_view text, int bytes_max) {
  if (text.size() > static_cast<size_t>(bytes_max)) {
    return OutOfLimit(Reason::kTextTooLong, field,
                      "it has more than " + std::to_string(bytes_max) + " bytes", bytes_max);
  }
  if (!IsUtf8(text)) {
    return FieldError(Reason::kTextInvalid, std::string(field), "it is not valid UTF-8");
  }
  if (text.find('\0') != std::string_view::npos) {
    return FieldError(Reason::kTextInvalid, std::string(field), "it has a NUL character");
  }
  return absl::OkStatus();
}

absl::Status CheckRequiredText(std::string_view field, std::string_view text, int bytes_max) {
  SALES_RETURN_IF_ERROR(CheckText(field, text, bytes_max));
  return IsBlank(text) ? Required(field) : absl::OkStatus();
}

absl::Status CheckReasonCode(std::string_view field, std::string_view text) {
  if (text.empty()) return Required(field);
  if (IsId(text)) return absl::OkStatus();
  return FieldError(Reason::kFieldInvalid, std::string(field),
                    "it is no code: 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter "
                    "or digit");
}

absl::Status CheckMoney(std::string_view field, const Money& money,
                        std::string_view currency_code) {
  if (money.currency_code != currency_code) {
    return FieldError(Reason::kCurrencyMismatch, std::string(field) + ".currency_code",
                      "it is not the workspace's currency");
  }
  if (money.minor_units < 0 || money.minor_units > limits::money_minor_units_max) {
    return OutOfLimit(
        Reason::kMoneyInvalid, field,
        "it is not from 0 to " + std::to_string(limits::money_minor_units_max) + " minor units",
        limits::money_minor_units_max);
  }
  return absl::OkStatus();
}

absl::Status CheckTime(std::string_view field, absl::Time time) {
  if (time >= absl::FromUnixMicros(limits::time_micros_min) &&
      time < absl::FromUnixMicros(limits::time_micros_max)) {
    return absl::OkStatus();
  }
  return FieldError(Reason::kTimeOutOfRange, std::string(field),
                    "it is before 1970 or not before 2200");
}

absl::Status CheckDay(std::string_view field, absl::CivilDay day) {
  if (day >= absl::CivilDay(1970, 1, 1) && day < absl::CivilDay(2200, 1, 1)) {
    return absl::OkStatus();
  }
  return FieldError(Reason::kTimeOutOfRange, std::string(field),
                    "it is before 1970 or not before 2200");
}

absl::Status CheckOccurTime(std::string_view field, absl::Time time, absl::Time now) {
  SALES_RETURN_IF_ERROR(CheckTime(field, time));
  if (time <= now + absl::Seconds(limits::future_seconds_max)) return absl::OkStatus();
  return FieldError(Reason::kTimeInFuture, std::string(field),
                    "it is more than " + std::to_string(limits::future_seconds_max) +
                        " seconds ahead of the clock");
}

absl::Status CheckRange(std::string_view field, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return absl::OkStatus();
  const std::string low = std::to_string(min);
  const std::string high = std::to_string(max);
  return WithMetadata(WithMetadata(FieldError(Reason::kFieldInvalid, std::string(field),
                                              "it is not from " + low + " to " + high),
                                   "min", low),
                      "max", high);
}

absl::Status CheckList(std::string_view field, size_t size, int max) {
  if (size <= static_cast<size_t>(max)) return absl::OkStatus();
  return OutOfLimit(Reason::kListTooLong, field,
                    "it has more than " + std::to_string(max) + " entries", max);
}

absl::Status CheckAttributes(std::string_view field,
                             const std::map<std::string, std::string>& attributes) {
  SALES_RETURN_IF_ERROR(CheckList(field, attributes.size(), limits::attributes_max));
  for (const auto& [key, value] : attributes) {
    if (!IsId(key)) {
      return FieldError(Reason::kIdInvalid, std::string(field),
                        "a key is not 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a "
                        "letter or digit");
    }
    absl::Status status = CheckText("", value, limits::attribute_value_bytes_max);
    if (!status.ok()) return UnderField(status, std::string(field) + "[\"" + key + "\"]");
  }
  return absl::OkStatus();
}

absl::Status CheckLabels(std::string_view field, const std::vector<std::string>& labels) {
  SALES_RETURN_IF_ERROR(CheckList(field, labels.size(), limits::labels_max));
  for (size_t i = 0; i < labels.size(); ++i) {
    if (IsId(labels[i])) continue;
    return CheckId(std::string(field) + "[" + std::to_string(i) + "]", labels[i]);
  }
  return absl::OkStatus();
}

absl::Status CheckIdentity(std::string_view field, const Identity& identity) {
  const std::string path(field);
  switch (identity.kind) {
    case IdentityKind::kEmail:
    case IdentityKind::kPhone:
      if (!identity.source.empty()) {
        return FieldError(Reason::kFieldInvalid, path + ".source",
                          "only messenger and external identities have a source");
      }
      break;
    case IdentityKind::kMessenger:
    case IdentityKind::kExternal:
      SALES_RETURN_IF_ERROR(CheckId(path + ".source", identity.source));
      break;
    case IdentityKind::kUnspecified:
      return Required(path + ".kind");
    default:
      return FieldError(Reason::kEnumUnknown, path + ".kind", "it is no kind of identity");
  }
  return CheckRequiredText(path + ".value", identity.value, limits::identity_bytes_max);
}

absl::Status CheckIdentities(std::string_view field, const std::vector<Identity>& identities) {
  SALES_RETURN_IF_ERROR(CheckList(field, identities.size(), limits::identities_max));
  for (size_t i = 0; i < identities.size(); ++i) {
    absl::Status status = CheckIdentity("", identities[i]);
    if (!status.ok()) {
      return UnderField(status, std::string(field) + "[" + std::to_string(i) + "]");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckActor(std::string_view actor) {
  return CheckText("actor", actor, limits::actor_bytes_max);
}

absl::Status CheckRequestId(std::string_view request_id) {
  return CheckText("request_id", request_id, limits::request_id_bytes_max);
}

absl::Status CheckPageSize(int page_size) {
  if (page_size >= 0 && page_size <= limits::page_size_max) return absl::OkStatus();
  return OutOfLimit(Reason::kPageSizeInvalid, "page_size",
                    "it is not from 0 to " + std::to_string(limits::page_size_max),
                    limits::page_size_max);
}

int PageSizeOf(int page_size) { return page_size == 0 ? limits::page_size_default : page_size; }

absl::Status CheckCurrencyCode(std::string_view field, std::string_view code) {
  if (code.empty()) return Required(field);
  if (MinorUnitDigits(code).has_value()) return absl::OkStatus();
  return FieldError(Reason::kFieldInvalid, std::string(field),
                    "it is not an ISO 4217 currency code in capitals, such as EUR");
}

std::optional<int> MinorUnitDigits(std::string_view currency_code) {
  constexpr size_t kCodeBytes = 3;
  if (currency_code.size() != kCodeBytes) return std::nullopt;
  int digits = 0;
  for (const std::string_view codes : kCurrencies) {
    for (size_t at = 0; at < codes.size(); at += kCodeBytes + 1) {
      if (codes.substr(at, kCodeBytes) == currency_code) return digits;
    }
    ++digits;
  }
  return std::nullopt;
}

absl::Status CheckRegion(std::string_view field, std::string_view region) {
  if (region.empty() || IsPhoneRegion(region)) return absl::OkStatus();
  return FieldError(Reason::kFieldInvalid, std::string(field),
                    "it is not a region's two-letter code in capitals, such as NL");
}

absl::StatusOr<absl::TimeZone> LoadZone(std::string_view field, std::string_view name) {
  if (name.empty()) return Required(field);
  constexpr size_t kNameBytesMax = 64;
  // What an IANA name is made of. This keeps out paths, and the zones "Fixed/…" and "libc:…" of the
  // time library; the rest of the list keeps out files beside the zones, and the machine's own
  // zone.
  const bool named = name.size() <= kNameBytesMax && name.front() >= 'A' && name.front() <= 'Z' &&
                     name.find("//") == std::string_view::npos && name.back() != '/' &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                              (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
                              c == '+';
                     });
  absl::TimeZone zone;
  if (!named || name.substr(0, 6) == "Fixed/" || !absl::LoadTimeZone(std::string(name), &zone)) {
    return FieldError(Reason::kTimeZoneUnknown, std::string(field),
                      "it is not an IANA time zone, such as Europe/Amsterdam");
  }
  return zone;
}

}  // namespace sales
