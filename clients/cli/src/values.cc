#include "clients/cli/src/values.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

#include "absl/numeric/int128.h"

namespace salesctl {
namespace {

constexpr size_t id_bytes_max = 63;

// FNV-1a: short, and the same on every machine.
uint64_t DigestOf(const std::string& text) {
  uint64_t digest = 14695981039346656037ULL;
  for (const unsigned char byte : text) digest = (digest ^ byte) * 1099511628211ULL;
  return digest;
}

std::string Grouped(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

int MinorDigits(const std::string& currency_code) {
  static constexpr std::array<const char*, 17> kWhole = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                         "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                                         "VND", "VUV", "XAF", "XOF", "XPF"};
  static constexpr std::array<const char*, 7> kThousandths = {"BHD", "IQD", "JOD", "KWD",
                                                              "LYD", "OMR", "TND"};
  static constexpr std::array<const char*, 2> kTenThousandths = {"CLF", "UYW"};
  const auto is_in = [&currency_code](const auto& codes) {
    return std::find(codes.begin(), codes.end(), currency_code) != codes.end();
  };
  if (is_in(kWhole)) return 0;
  if (is_in(kThousandths)) return 3;
  return is_in(kTenThousandths) ? 4 : 2;
}

std::optional<int64_t> ParseDecimal(const std::string& text, int minor_digits, char decimal_mark) {
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++at;
  int64_t units = 0;
  int digits = 0;
  int decimals = -1;
  for (; at < text.size(); ++at) {
    if (text[at] == decimal_mark && decimals < 0 && digits > 0) {
      decimals = 0;
      continue;
    }
    if (!IsDigit(text[at])) return std::nullopt;
    ++digits;
    if (decimals >= 0 && ++decimals > minor_digits) {
      if (text[at] != '0') return std::nullopt;
      continue;
    }
    if (__builtin_mul_overflow(units, int64_t{10}, &units)) return std::nullopt;
    if (__builtin_add_overflow(units, int64_t{text[at] - '0'}, &units)) return std::nullopt;
  }
  if (digits == 0 || decimals == 0) return std::nullopt;
  for (int missing = minor_digits - std::max(decimals, 0); missing > 0; --missing) {
    if (__builtin_mul_overflow(units, int64_t{10}, &units)) return std::nullopt;
  }
  return negative ? -units : units;
}

std::string FormatMoney(int64_t minor_units, const std::string& currency_code) {
  const int decimals = MinorDigits(currency_code);
  const bool negative = minor_units < 0;
  // The magnitude of the least number has no positive of its own type.
  const uint64_t magnitude =
      negative ? 0 - static_cast<uint64_t>(minor_units) : static_cast<uint64_t>(minor_units);
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= static_cast<size_t>(decimals)) {
    digits.insert(0, static_cast<size_t>(decimals) + 1 - digits.size(), '0');
  }
  const size_t whole = digits.size() - static_cast<size_t>(decimals);
  std::string out = (negative ? "-" : "") + Grouped(digits.substr(0, whole));
  if (decimals > 0) out += "." + digits.substr(whole);
  if (!currency_code.empty()) out += " " + currency_code;
  return out;
}

std::string FormatCount(int64_t count) {
  const std::string digits = std::to_string(count);
  return count < 0 ? "-" + Grouped(digits.substr(1)) : Grouped(digits);
}

std::string FormatQuotient(int64_t numerator, int64_t denominator, int decimals) {
  absl::int128 scaled = numerator < 0 ? -absl::int128(numerator) : absl::int128(numerator);
  for (int i = 0; i < decimals; ++i) scaled *= 10;
  const absl::int128 rounded = (2 * scaled + denominator) / (2 * absl::int128(denominator));
  std::string digits = std::to_string(static_cast<int64_t>(rounded));
  const auto places = static_cast<size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::string out = numerator < 0 && rounded > 0 ? "-" : "";
  out += digits.substr(0, digits.size() - places);
  if (decimals > 0) out += "." + digits.substr(digits.size() - places);
  return out;
}

std::optional<absl::Time> ParseTime(const std::string& text, const std::string& format,
                                    absl::TimeZone zone) {
  std::string pattern = format;
  if (format == "rfc3339") pattern = absl::RFC3339_full;
  if (format == "date") pattern = "%Y-%m-%d";
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(pattern, text, zone, &time, &error)) return std::nullopt;
  // "infinite-future" and its like are times to Abseil but not to a record.
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
  return time;
}

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration proto;
  absl::Duration rest = duration;
  proto.set_seconds(absl::IDivDuration(rest, absl::Seconds(1), &rest));
  proto.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  return proto;
}

std::string FormatDuration(const google::protobuf::Duration& duration) {
  const int64_t seconds = duration.seconds();
  struct UnitOfTime {
    int64_t seconds;
    const char* name;
  };
  static constexpr UnitOfTime kUnits[] = {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}};
  if (seconds < 0) {
    google::protobuf::Duration positive;
    positive.set_seconds(-seconds);
    return "-" + FormatDuration(positive);
  }
  if (seconds < 10) {
    char text[32];
    std::snprintf(text, sizeof text, "%lld.%llds", static_cast<long long>(seconds),
                  static_cast<long long>(duration.nanos() / 100'000'000));
    return text;
  }
  for (size_t i = 0; i < 3; ++i) {
    if (seconds < kUnits[i].seconds) continue;
    std::string text = std::to_string(seconds / kUnits[i].seconds) + kUnits[i].name;
    const int64_t rest = seconds % kUnits[i].seconds / kUnits[i + 1].seconds;
    if (rest > 0) text += " " + std::to_string(rest) + kUnits[i + 1].name;
    return text;
  }
  return std::to_string(seconds) + "s";
}

std::string Slug(const std::string& text) {
  std::string id;
  bool lossy = false;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      id += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || IsDigit(c) || c == '.' || c == '_' || c == '-') {
      id += c;
    } else if (c == ' ') {
      id += '-';
    } else {
      lossy = true;
    }
  }
  const size_t start = id.find_first_not_of("._-");
  if (start == std::string::npos) {
    lossy = !text.empty();
    id.clear();
  } else if (start > 0) {
    lossy = true;
    id.erase(0, start);
  }
  if (!lossy && id.size() <= id_bytes_max) return id;
  char digest[20];
  std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(DigestOf(text)));
  const std::string tail(digest, 10);
  if (id.empty()) return "x-" + tail;
  return id.substr(0, id_bytes_max - tail.size() - 1) + "-" + tail;
}

bool IsUtf8(const std::string& text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  for (utf8proc_ssize_t at = 0; at < size;) {
    if (bytes[at] < 0x80) {
      ++at;
      continue;
    }
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(bytes + at, size - at, &code);
    if (used <= 0) return false;
    at += used;
  }
  return true;
}

}  // namespace salesctl
