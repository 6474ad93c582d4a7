#include "src/decide/packed_tracks.h"

#include <limits>
#include <optional>

namespace sales {
namespace {

// Stands for a time that is not set.
constexpr int64_t kNever = std::numeric_limits<int64_t>::min();

int64_t MicrosOf(const std::optional<absl::Time>& time) {
  return time.has_value() ? absl::ToUnixMicros(*time) : kNever;
}

std::optional<absl::Time> TimeOf(int64_t micros) {
  if (micros == kNever) return std::nullopt;
  return absl::FromUnixMicros(micros);
}

}  // namespace

PackedTracks::Word PackedTracks::WordOf(const std::string& text) {
  auto [entry, added] = words_.try_emplace(text, static_cast<Word>(texts_.size()));
  if (added) texts_.push_back(text);
  return entry->second;
}

void PackedTracks::Set(const std::string& lead, const Track& track) {
  const auto entry = by_lead_.find(lead);
  if (entry != by_lead_.end()) {
    Pack(track, *entry->second);
    return;
  }
  PackedTrack& packed = tracks_.emplace_back();
  packed.lead = lead;
  by_lead_.emplace(packed.lead, &packed);
  Pack(track, packed);
}

bool PackedTracks::Find(const std::string& lead, Track& track) const {
  const auto entry = by_lead_.find(lead);
  if (entry == by_lead_.end()) return false;
  Unpack(*entry->second, track);
  return true;
}

void PackedTracks::ForEach(
    const std::function<void(const std::string&, const Track&)>& visit) const {
  Track track;
  for (const PackedTrack& packed : tracks_) {
    Unpack(packed, track);
    visit(packed.lead, track);
  }
}

void PackedTracks::Pack(const Track& track, PackedTrack& packed) {
  packed.contact = track.contact;
  packed.returned_from = track.returned_from;
  packed.referrer = track.referrer;
  packed.runs = track.runs;
  packed.declines = track.declines;
  packed.generation = track.generation;
  packed.visits.clear();
  packed.visits.reserve(track.visits.size());
  for (const Visit& visit : track.visits) {
    packed.visits.push_back(
        {absl::ToUnixMicros(visit.enter_time), MicrosOf(visit.leave_time), WordOf(visit.stage)});
  }
  packed.expected_value = track.expected_value;
  packed.won_value = track.won_value;
  packed.returned = track.returned;
  packed.returned_won = track.returned_won;
  packed.returned_revenue = track.returned_revenue;
  packed.expected_close = track.expected_close;
  packed.create_micros = absl::ToUnixMicros(track.create_time);
  packed.receive_micros = absl::ToUnixMicros(track.receive_time);
  packed.close_micros = MicrosOf(track.close_time);
  packed.first_response_micros = MicrosOf(track.first_response_time);
  packed.funnel = WordOf(track.funnel);
  packed.channel = WordOf(track.channel);
  packed.campaign = WordOf(track.campaign);
  packed.seller = WordOf(track.seller);
  packed.stage = WordOf(track.stage);
  packed.furthest = WordOf(track.furthest);
  packed.reason = WordOf(track.reason);
  packed.labels = WordOf(track.labels);
  packed.stance = WordOf(track.stance);
  packed.advice = WordOf(track.advice);
  packed.promised = WordOf(track.promised);
  packed.scored_features = WordOf(track.scored_features);
  packed.state = track.state;
  packed.qualified = track.qualified;
  packed.new_contact = track.new_contact;
}

void PackedTracks::Unpack(const PackedTrack& packed, Track& track) const {
  track.contact = packed.contact;
  track.returned_from = packed.returned_from;
  track.referrer = packed.referrer;
  track.runs = packed.runs;
  track.declines = packed.declines;
  track.generation = packed.generation;
  track.visits.resize(packed.visits.size());
  for (size_t i = 0; i < packed.visits.size(); ++i) {
    track.visits[i].stage = texts_[packed.visits[i].stage];
    track.visits[i].enter_time = absl::FromUnixMicros(packed.visits[i].enter_micros);
    track.visits[i].leave_time = TimeOf(packed.visits[i].leave_micros);
  }
  track.expected_value = packed.expected_value;
  track.won_value = packed.won_value;
  track.returned = packed.returned;
  track.returned_won = packed.returned_won;
  track.returned_revenue = packed.returned_revenue;
  track.expected_close = packed.expected_close;
  track.create_time = absl::FromUnixMicros(packed.create_micros);
  track.receive_time = absl::FromUnixMicros(packed.receive_micros);
  track.close_time = TimeOf(packed.close_micros);
  track.first_response_time = TimeOf(packed.first_response_micros);
  track.funnel = texts_[packed.funnel];
  track.channel = texts_[packed.channel];
  track.campaign = texts_[packed.campaign];
  track.seller = texts_[packed.seller];
  track.stage = texts_[packed.stage];
  track.furthest = texts_[packed.furthest];
  track.reason = texts_[packed.reason];
  track.labels = texts_[packed.labels];
  track.stance = texts_[packed.stance];
  track.advice = texts_[packed.advice];
  track.promised = texts_[packed.promised];
  track.scored_features = texts_[packed.scored_features];
  track.state = packed.state;
  track.qualified = packed.qualified;
  track.new_contact = packed.new_contact;
}

}  // namespace sales
