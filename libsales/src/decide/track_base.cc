#include "src/decide/track_base.h"

#include <cstdint>
#include <utility>

#include "nlohmann/json.hpp"
#include "src/decide/civil.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

using nlohmann::json;

absl::Status Unreadable() {
  return MakeError(Reason::kStoreCorrupt, "What compacted events folded into cannot be read.");
}

bool ReadVisit(const json& value, Visit& visit) {
  if (!value.is_array() || value.size() != 3 || !value[0].is_string() ||
      !value[1].is_number_integer()) {
    return false;
  }
  visit.stage = value[0].get<std::string>();
  visit.enter_time = FromMicros(value[1].get<int64_t>());
  if (value[2].is_null()) return true;
  if (!value[2].is_number_integer()) return false;
  visit.leave_time = FromMicros(value[2].get<int64_t>());
  return true;
}

}  // namespace

std::string EncodeTrack(const Track& track) {
  json changes = json::array();
  for (const Change& change : TrackChanges(Track{}, track)) {
    changes.push_back({change.field, change.after});
  }
  json visits = json::array();
  for (const Visit& visit : track.visits) {
    visits.push_back({visit.stage, ToMicros(visit.enter_time),
                      visit.leave_time.has_value() ? json(ToMicros(*visit.leave_time)) : json()});
  }
  return json{{"receive_time", ToMicros(track.receive_time)},
              {"create_time", ToMicros(track.create_time)},
              {"changes", std::move(changes)},
              {"visits", std::move(visits)}}
      .dump();
}

absl::StatusOr<Track> DecodeTrack(std::string_view text) {
  const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object() || !value.value("receive_time", json()).is_number_integer() ||
      !value.value("create_time", json()).is_number_integer() ||
      !value.value("changes", json()).is_array() || !value.value("visits", json()).is_array()) {
    return Unreadable();
  }
  // As if all had come in one event, but for the visits, which the order of events makes.
  Event event;
  event.type = EventType::kLeadCaptured;
  event.occur_time = FromMicros(value["receive_time"].get<int64_t>());
  event.record_time = FromMicros(value["create_time"].get<int64_t>());
  for (const json& change : value["changes"]) {
    if (!change.is_array() || change.size() != 2 || !change[0].is_string() ||
        !change[1].is_string()) {
      return Unreadable();
    }
    event.changes.push_back({change[0].get<std::string>(), "", change[1].get<std::string>()});
  }
  Track track;
  SALES_RETURN_IF_ERROR(ApplyEvent(event, track));
  track.visits.clear();
  for (const json& visit : value["visits"]) {
    if (!ReadVisit(visit, track.visits.emplace_back())) return Unreadable();
  }
  return track;
}

}  // namespace sales
