#include "src/decide/runs.h"

#include <charconv>
#include <cstddef>

namespace sales {
namespace {

constexpr char kResponseLetter = 'R';
constexpr char kProposalLetter = 'P';
constexpr std::string_view kDropped = "x";

void Append(int64_t number, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
}

// Cuts the text up to the next ':' off the front.
std::string_view Cut(std::string_view& text) {
  const size_t at = text.find(':');
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return head;
}

bool Read(std::string_view text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// An offset from the start, which may be unset.
bool ReadAfter(std::string_view text, absl::Time start, std::optional<absl::Time>& time) {
  time.reset();
  if (text.empty()) return true;
  int64_t micros = 0;
  if (!Read(text, micros)) return false;
  time = start + absl::Microseconds(micros);
  return true;
}

}  // namespace

std::string EncodeRun(const Run& run) {
  std::string out(1, run.kind == RunKind::kResponse ? kResponseLetter : kProposalLetter);
  out += ':';
  Append(absl::ToUnixMicros(run.start), out);
  out += ':';
  if (run.due.has_value()) Append(absl::ToInt64Microseconds(*run.due - run.start), out);
  out += ':';
  if (!run.stop.has_value()) return out;
  Append(absl::ToInt64Microseconds(*run.stop - run.start), out);
  out += ':';
  if (run.dropped) return out.append(kDropped);
  Append(absl::ToInt64Microseconds(run.elapsed), out);
  return out;
}

std::optional<Run> DecodeRun(std::string_view text) {
  Run run;
  const std::string_view kind = Cut(text);
  if (kind.size() != 1 || (kind[0] != kResponseLetter && kind[0] != kProposalLetter)) {
    return std::nullopt;
  }
  run.kind = kind[0] == kResponseLetter ? RunKind::kResponse : RunKind::kProposal;
  int64_t micros = 0;
  if (!Read(Cut(text), micros)) return std::nullopt;
  run.start = absl::FromUnixMicros(micros);
  if (!ReadAfter(Cut(text), run.start, run.due)) return std::nullopt;
  if (!ReadAfter(Cut(text), run.start, run.stop)) return std::nullopt;
  if (!run.stop.has_value()) return run;
  run.dropped = text == kDropped;
  if (run.dropped) return run;
  if (!Read(text, micros)) return std::nullopt;
  run.elapsed = absl::Microseconds(micros);
  return run;
}

std::string EncodeDecline(const Decline& decline) {
  std::string out;
  Append(absl::ToUnixMicros(decline.time), out);
  out += ':' + decline.reason + ':' + decline.stage + ':';
  if (decline.better) out += 'b';
  if (decline.price) out += 'p';
  if (decline.differ) out += 'd';
  out += ':';
  if (decline.return_time.has_value()) Append(absl::ToUnixMicros(*decline.return_time), out);
  for (const int64_t number : {decline.referrals, decline.won, decline.revenue}) {
    out += ':';
    Append(number, out);
  }
  // Last, for it may hold anything.
  return out + ':' + decline.actor;
}

std::optional<Decline> DecodeDecline(std::string_view text) {
  Decline decline;
  int64_t micros = 0;
  if (!Read(Cut(text), micros)) return std::nullopt;
  decline.time = absl::FromUnixMicros(micros);
  decline.reason = std::string(Cut(text));
  decline.stage = std::string(Cut(text));
  for (const char letter : Cut(text)) {
    decline.better |= letter == 'b';
    decline.price |= letter == 'p';
    decline.differ |= letter == 'd';
  }
  const std::string_view returned = Cut(text);
  if (!returned.empty()) {
    if (!Read(returned, micros)) return std::nullopt;
    decline.return_time = absl::FromUnixMicros(micros);
  }
  for (int64_t* const number : {&decline.referrals, &decline.won, &decline.revenue}) {
    if (!Read(Cut(text), *number)) return std::nullopt;
  }
  decline.actor = std::string(text);
  return decline;
}

}  // namespace sales
