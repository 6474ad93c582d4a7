#include "service/src/trace.h"

#include <sys/random.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

constexpr size_t kVersionDigits = 2;
constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
constexpr size_t kFlagDigits = 2;
// "00-TRACE-SPAN-FLAGS".
constexpr size_t kTraceAt = kVersionDigits + 1;
constexpr size_t kSpanAt = kTraceAt + kTraceDigits + 1;
constexpr size_t kFlagsAt = kSpanAt + kSpanDigits + 1;
constexpr size_t kTraceparentBytes = kFlagsAt + kFlagDigits;

bool IsHex(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(const std::string& text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string::npos;
}

// Later versions may append fields, which are not looked at.
bool HasTheForm(const std::string& text) {
  if (text.size() < kTraceparentBytes) return false;
  const std::string version = text.substr(0, kVersionDigits);
  if (!IsHex(version) || version == "ff") return false;
  if (text.size() > kTraceparentBytes && (version == "00" || text[kTraceparentBytes] != '-')) {
    return false;
  }
  return text[kTraceAt - 1] == '-' && text[kSpanAt - 1] == '-' && text[kFlagsAt - 1] == '-';
}

bool IsSmallOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsKeyPart(absl::string_view text, size_t bytes_max, bool digit_first) {
  if (text.empty() || text.size() > bytes_max || !IsSmallOrDigit(text[0])) return false;
  if (!digit_first && text[0] <= '9') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsSmallOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/';
  });
}

// "vendor", or "tenant@system".
bool IsKey(absl::string_view text) {
  const size_t at = text.find('@');
  if (at == absl::string_view::npos) return IsKeyPart(text, 256, /*digit_first=*/false);
  return IsKeyPart(text.substr(0, at), 241, /*digit_first=*/true) &&
         IsKeyPart(text.substr(at + 1), 14, /*digit_first=*/false);
}

bool IsValue(absl::string_view text) {
  if (text.empty() || text.size() > 256 || text.back() == ' ') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

bool IsTracestate(const std::string& text) {
  std::set<absl::string_view> keys;
  for (absl::string_view member : absl::StrSplit(text, ',')) {
    while (absl::ConsumePrefix(&member, " ") || absl::ConsumePrefix(&member, "\t")) {
    }
    while (absl::ConsumeSuffix(&member, " ") || absl::ConsumeSuffix(&member, "\t")) {
    }
    if (member.empty()) continue;
    const size_t equals = member.find('=');
    if (equals == absl::string_view::npos || !IsKey(member.substr(0, equals)) ||
        !IsValue(member.substr(equals + 1)) || !keys.insert(member.substr(0, equals)).second) {
      return false;
    }
  }
  return !keys.empty() && keys.size() <= limits::trace_state_members_max;
}

// Of sixteen digits.
std::string RandomId() {
  uint64_t random = 0;
  // Eight bytes are given whole once the system has any; all zeros is no id.
  while (random == 0) {
    if (getrandom(&random, sizeof random, 0) != sizeof random) random = 0;
  }
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(&random), sizeof random));
}

std::string Joined(const std::vector<std::string>& values) {
  std::string joined;
  for (const std::string& value : values) {
    if (joined.size() + value.size() > limits::trace_state_bytes_max) return "";
    joined += (joined.empty() ? "" : ",") + value;
  }
  return joined;
}

}  // namespace

std::string TraceContext::Traceparent() const {
  if (empty()) return "";
  return "00-" + trace_id + "-" + span_id + (sampled ? "-01" : "-00");
}

TraceContext TraceFrom(const std::vector<std::string>& traceparents,
                       const std::vector<std::string>& tracestates) {
  if (traceparents.size() != 1 || !HasTheForm(traceparents[0])) return {};
  const std::string& text = traceparents[0];
  const std::string flags = text.substr(kFlagsAt, kFlagDigits);
  TraceContext trace;
  trace.trace_id = text.substr(kTraceAt, kTraceDigits);
  trace.parent_span_id = text.substr(kSpanAt, kSpanDigits);
  if (!IsId(trace.trace_id) || !IsId(trace.parent_span_id) || !IsHex(flags)) return {};
  // The last bit of the last digit.
  trace.sampled = std::string("13579bdf").find(flags[1]) != std::string::npos;
  trace.span_id = RandomId();
  std::string tracestate = Joined(tracestates);
  if (IsTracestate(tracestate)) trace.tracestate = std::move(tracestate);
  return trace;
}

TraceContext NewTrace() {
  TraceContext trace;
  trace.trace_id = RandomId() + RandomId();
  trace.span_id = RandomId();
  return trace;
}

}  // namespace sales::service
