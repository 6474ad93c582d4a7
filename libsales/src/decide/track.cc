#include "src/decide/track.h"

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

struct StateName {
  LeadState state;
  const char* name;
};

constexpr StateName kStateNames[] = {
    {LeadState::kOpen, "OPEN"}, {LeadState::kNurtured, "NURTURED"},
    {LeadState::kWon, "WON"},   {LeadState::kDeclined, "DECLINED"},
    {LeadState::kLost, "LOST"}, {LeadState::kDisqualified, "DISQUALIFIED"},
};

template <typename T>
struct Field {
  const char* name;
  T Track::*member;
};

constexpr Field<std::string> kTexts[] = {
    {"contact", &Track::contact},
    {"funnel", &Track::funnel},
    {"channel", &Track::channel},
    {"campaign", &Track::campaign},
    {"seller", &Track::seller},
    {"stage", &Track::stage},
    {"furthest", &Track::furthest},
    {"reason", &Track::reason},
    {"returned_from", &Track::returned_from},
    {"labels", &Track::labels},
    {"stance", &Track::stance},
    {"advice", &Track::advice},
    {"promised", &Track::promised},
    {"scored_features", &Track::scored_features},
    {"referrer", &Track::referrer},
};

constexpr Field<bool> kFlags[] = {
    {"qualified", &Track::qualified},
    {"new_contact", &Track::new_contact},
};

constexpr Field<int64_t> kNumbers[] = {
    {"expected_value", &Track::expected_value},
    {"won_value", &Track::won_value},
    {"returned", &Track::returned},
    {"returned_won", &Track::returned_won},
    {"returned_revenue", &Track::returned_revenue},
    {"generation", &Track::generation},
    {"expected_close", &Track::expected_close},
};

constexpr Field<std::optional<absl::Time>> kTimes[] = {
    {"close_time", &Track::close_time},
    {"first_response_time", &Track::first_response_time},
};

constexpr std::string_view kState = "state";
constexpr std::string_view kRun = "run";
constexpr std::string_view kDecline = "decline";

// The day before the first that a lead may be expected to close on.
constexpr absl::CivilDay kBeforeDays(1969, 12, 31);

// The most changes that an event usually has: those of a capture.
constexpr size_t kUsualChanges = 12;

std::string TextOf(bool flag) { return flag ? "true" : ""; }
std::string TextOf(int64_t number) { return number == 0 ? std::string() : std::to_string(number); }
std::string TextOf(const std::optional<absl::Time>& time) {
  return time.has_value() ? std::to_string(absl::ToUnixMicros(*time)) : std::string();
}

bool ReadText(const std::string& text, bool& flag) {
  flag = text == "true";
  return flag || text.empty();
}

bool ReadText(const std::string& text, int64_t& number) {
  number = 0;
  return text.empty() || absl::SimpleAtoi(absl::string_view(text), &number);
}

bool ReadText(const std::string& text, std::optional<absl::Time>& time) {
  time.reset();
  int64_t micros = 0;
  if (text.empty()) return true;
  if (!ReadText(text, micros)) return false;
  time = absl::FromUnixMicros(micros);
  return true;
}

template <typename T, size_t kCount>
void AddChanges(const Field<T> (&fields)[kCount], const Track& before, const Track& after,
                std::vector<Change>& changes) {
  for (const Field<T>& field : fields) {
    const T& old_value = before.*field.member;
    const T& new_value = after.*field.member;
    if (old_value == new_value) continue;
    if constexpr (std::is_same_v<T, std::string>) {
      changes.push_back({field.name, old_value, new_value});
    } else {
      changes.push_back({field.name, TextOf(old_value), TextOf(new_value)});
    }
  }
}

// Whether a field of that name is among `fields`; `valid` says if its value could be read.
template <typename T, size_t kCount>
bool Apply(const Field<T> (&fields)[kCount], const Change& change, Track& track, bool& valid) {
  for (const Field<T>& field : fields) {
    if (change.field != field.name) continue;
    if constexpr (std::is_same_v<T, std::string>) {
      track.*field.member = change.after;
    } else {
      valid = ReadText(change.after, track.*field.member);
    }
    return true;
  }
  return false;
}

// Parts stay where they are: each differs, or is new.
template <typename T, typename Encode>
void AddPartChanges(std::string_view field, const std::vector<T>& before,
                    const std::vector<T>& after, Encode encode, std::vector<Change>& changes) {
  for (size_t i = 0; i < after.size(); ++i) {
    const bool known = i < before.size();
    if (known && before[i] == after[i]) continue;
    changes.push_back(
        {std::string(field), known ? encode(before[i]) : std::string(), encode(after[i])});
  }
}

// Adds the part, or puts it where the former one is.
template <typename T>
bool ApplyPart(const std::string& before, const std::optional<T>& part,
               const std::optional<T>& former, std::vector<T>& parts) {
  if (!part.has_value()) return false;
  if (before.empty()) {
    parts.push_back(*part);
    return true;
  }
  if (!former.has_value()) return false;
  // The last ones change most.
  for (auto place = parts.rbegin(); place != parts.rend(); ++place) {
    if (!(*place == *former)) continue;
    *place = *part;
    return true;
  }
  return false;
}

// Whether the change could be read, or is of no field of a track.
bool ApplyChange(const Change& change, Track& track) {
  bool valid = true;
  if (change.field == kRun) {
    return ApplyPart(change.before, DecodeRun(change.after), DecodeRun(change.before), track.runs);
  }
  if (change.field == kDecline) {
    return ApplyPart(change.before, DecodeDecline(change.after), DecodeDecline(change.before),
                     track.declines);
  }
  if (Apply(kTexts, change, track, valid)) return true;
  if (change.field == kState) {
    std::optional<LeadState> state = ParseLeadState(change.after);
    if (!state.has_value()) return false;
    track.state = *state;
    return true;
  }
  if (Apply(kNumbers, change, track, valid) || Apply(kTimes, change, track, valid)) return valid;
  Apply(kFlags, change, track, valid);
  return valid;
}

}  // namespace

const char* LeadStateName(LeadState state) {
  for (const StateName& entry : kStateNames) {
    if (entry.state == state) return entry.name;
  }
  return "";
}

std::optional<LeadState> ParseLeadState(std::string_view name) {
  if (name.empty()) return LeadState::kUnspecified;
  for (const StateName& entry : kStateNames) {
    if (name == entry.name) return entry.state;
  }
  return std::nullopt;
}

int64_t CloseNumber(const std::optional<absl::CivilDay>& day) {
  return day.has_value() ? *day - kBeforeDays : 0;
}

std::optional<absl::CivilDay> CloseDay(int64_t number) {
  if (number == 0) return std::nullopt;
  return kBeforeDays + number;
}

std::vector<Change> TrackChanges(const Track& before, const Track& after) {
  std::vector<Change> changes;
  changes.reserve(kUsualChanges);
  AddChanges(kTexts, before, after, changes);
  if (before.state != after.state) {
    changes.push_back(
        {std::string(kState), LeadStateName(before.state), LeadStateName(after.state)});
  }
  AddChanges(kFlags, before, after, changes);
  AddChanges(kNumbers, before, after, changes);
  AddChanges(kTimes, before, after, changes);
  AddPartChanges(kRun, before.runs, after.runs, EncodeRun, changes);
  AddPartChanges(kDecline, before.declines, after.declines, EncodeDecline, changes);
  return changes;
}

absl::Status ApplyEvent(const Event& event, Track& track) {
  const bool was_open = track.state == LeadState::kOpen;
  const std::string old_stage = track.stage;
  if (event.type == EventType::kLeadCaptured) {
    track.receive_time = event.occur_time;
    track.create_time = event.record_time;
  }
  for (const Change& change : event.changes) {
    if (!ApplyChange(change, track)) {
      return MakeError(Reason::kStoreCorrupt, "An event changes the field '" + change.field +
                                                  "' to a value that the field cannot have.");
    }
  }
  const bool is_open = track.state == LeadState::kOpen;
  const bool moved = track.stage != old_stage;
  if (was_open && (!is_open || moved) && !track.visits.empty() &&
      !track.visits.back().leave_time.has_value()) {
    track.visits.back().leave_time = event.occur_time;
  }
  if (is_open && (!was_open || moved)) {
    track.visits.push_back({track.stage, event.occur_time, std::nullopt});
  }
  return absl::OkStatus();
}

}  // namespace sales
