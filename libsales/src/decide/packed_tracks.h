// Tracks of many leads in little memory: words that recur (stages, channels, …) are kept once.
#ifndef SALES_SRC_DECIDE_PACKED_TRACKS_H_
#define SALES_SRC_DECIDE_PACKED_TRACKS_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "src/decide/track.h"

namespace sales {

class PackedTracks {
 public:
  PackedTracks() = default;
  PackedTracks(PackedTracks&&) = default;
  PackedTracks& operator=(PackedTracks&&) = default;

  // Keeps the track, instead of the lead's former one. Times are kept to the microsecond.
  void Set(const std::string& lead, const Track& track);
  bool Find(const std::string& lead, Track& track) const;
  // In the order in which leads were first set: days that follow each other are counted together.
  void ForEach(const std::function<void(const std::string&, const Track&)>& visit) const;
  int64_t size() const { return static_cast<int64_t>(tracks_.size()); }

 private:
  using Word = uint32_t;

  struct PackedVisit {
    int64_t enter_micros = 0;
    // Unset: kNever.
    int64_t leave_micros = 0;
    Word stage = 0;
  };

  struct PackedTrack {
    std::string lead;
    std::string contact;
    std::string returned_from;
    std::string referrer;
    std::vector<PackedVisit> visits;
    std::vector<Run> runs;
    std::vector<Decline> declines;
    int64_t expected_value = 0;
    int64_t won_value = 0;
    int64_t returned = 0;
    int64_t returned_won = 0;
    int64_t returned_revenue = 0;
    int64_t generation = 0;
    int64_t expected_close = 0;
    int64_t receive_micros = 0;
    int64_t create_micros = 0;
    int64_t close_micros = 0;
    int64_t first_response_micros = 0;
    Word funnel = 0;
    Word channel = 0;
    Word campaign = 0;
    Word seller = 0;
    Word stage = 0;
    Word furthest = 0;
    Word reason = 0;
    Word labels = 0;
    Word stance = 0;
    Word advice = 0;
    Word promised = 0;
    Word scored_features = 0;
    LeadState state = LeadState::kUnspecified;
    bool qualified = false;
    bool new_contact = false;
  };

  Word WordOf(const std::string& text);
  void Pack(const Track& track, PackedTrack& packed);
  void Unpack(const PackedTrack& packed, Track& track) const;

  std::vector<std::string> texts_;
  absl::flat_hash_map<std::string, Word> words_;
  std::deque<PackedTrack> tracks_;
  // Keyed by the lead's id in the track, which stays where it is.
  absl::flat_hash_map<absl::string_view, PackedTrack*> by_lead_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_PACKED_TRACKS_H_
