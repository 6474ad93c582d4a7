#include "src/store/lead_codec.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "nlohmann/json.hpp"
#include "src/decide/civil.h"
#include "src/decide/errors.h"

namespace sales::store {
namespace {

absl::Status Unreadable() {
  return MakeError(Reason::kStoreCorrupt, "A lead's row cannot be read.");
}

// Cuts the text up to `separator` off the front of `text`.
std::string_view Cut(std::string_view& text, char separator) {
  const size_t at = text.find(separator);
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return head;
}

bool ParseNumber(std::string_view text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

void AppendNumber(int64_t number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out.append(digits, end);
}

}  // namespace

std::string EncodeVisits(const std::vector<Visit>& visits) {
  std::string out;
  out.reserve(visits.size() * 48);
  for (const Visit& visit : visits) {
    out += visit.stage;
    out += ' ';
    AppendNumber(ToMicros(visit.enter_time), out);
    if (visit.leave_time.has_value()) {
      out += ' ';
      AppendNumber(ToMicros(*visit.leave_time), out);
    }
    out += ';';
  }
  return out;
}

absl::StatusOr<std::vector<Visit>> DecodeVisits(std::string_view text) {
  std::vector<Visit> visits;
  while (!text.empty()) {
    std::string_view entry = Cut(text, ';');
    Visit visit;
    visit.stage = std::string(Cut(entry, ' '));
    int64_t micros = 0;
    if (!ParseNumber(Cut(entry, ' '), micros)) return Unreadable();
    visit.enter_time = FromMicros(micros);
    if (!entry.empty()) {
      if (!ParseNumber(entry, micros)) return Unreadable();
      visit.leave_time = FromMicros(micros);
    }
    visits.push_back(std::move(visit));
  }
  return visits;
}

std::string EncodeRuns(const std::vector<Run>& runs) {
  std::string out;
  for (const Run& run : runs) {
    if (!out.empty()) out += ' ';
    out += EncodeRun(run);
  }
  return out;
}

absl::StatusOr<std::vector<Run>> DecodeRuns(std::string_view text) {
  std::vector<Run> runs;
  while (!text.empty()) {
    const std::optional<Run> run = DecodeRun(Cut(text, ' '));
    if (!run.has_value()) return Unreadable();
    runs.push_back(*run);
  }
  return runs;
}

std::string EncodeDeclines(const std::vector<Decline>& declines) {
  std::string out;
  for (const Decline& decline : declines) {
    const std::string text = EncodeDecline(decline);
    AppendNumber(static_cast<int64_t>(text.size()), out);
    out += ' ';
    out += text;
  }
  return out;
}

absl::StatusOr<std::vector<Decline>> DecodeDeclines(std::string_view text) {
  std::vector<Decline> declines;
  while (!text.empty()) {
    int64_t size = 0;
    if (!ParseNumber(Cut(text, ' '), size) || size < 0 ||
        size > static_cast<int64_t>(text.size())) {
      return Unreadable();
    }
    std::optional<Decline> decline = DecodeDecline(text.substr(0, static_cast<size_t>(size)));
    if (!decline.has_value()) return Unreadable();
    declines.push_back(*std::move(decline));
    text.remove_prefix(static_cast<size_t>(size));
  }
  return declines;
}

std::string EncodeActivityCounts(const ActivityCounts& counts) {
  std::string out;
  for (size_t kind = 0; kind < counts.size(); ++kind) {
    for (size_t direction = 0; direction < counts[kind].size(); ++direction) {
      if (counts[kind][direction] == 0) continue;
      AppendNumber(static_cast<int64_t>(kind), out);
      out += ' ';
      AppendNumber(static_cast<int64_t>(direction), out);
      out += ' ';
      AppendNumber(counts[kind][direction], out);
      out += ';';
    }
  }
  return out;
}

absl::StatusOr<ActivityCounts> DecodeActivityCounts(std::string_view text) {
  ActivityCounts counts = {};
  while (!text.empty()) {
    std::string_view entry = Cut(text, ';');
    int64_t kind = 0;
    int64_t direction = 0;
    int64_t count = 0;
    if (!ParseNumber(Cut(entry, ' '), kind) || !ParseNumber(Cut(entry, ' '), direction) ||
        !ParseNumber(entry, count) || kind < 0 || kind >= static_cast<int64_t>(counts.size()) ||
        direction < 0 || direction >= static_cast<int64_t>(counts[0].size())) {
      return Unreadable();
    }
    counts[kind][direction] = count;
  }
  return counts;
}

std::vector<std::string> SplitLabels(std::string_view text) {
  std::vector<std::string> labels;
  while (!text.empty()) labels.emplace_back(Cut(text, ' '));
  return labels;
}

std::string EncodeAttributes(const std::map<std::string, std::string>& attributes) {
  return attributes.empty() ? std::string() : nlohmann::json(attributes).dump();
}

absl::StatusOr<std::map<std::string, std::string>> DecodeAttributes(std::string_view text) {
  std::map<std::string, std::string> attributes;
  if (text.empty()) return attributes;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Unreadable();
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) return Unreadable();
    attributes[key] = value.get<std::string>();
  }
  return attributes;
}

}  // namespace sales::store
