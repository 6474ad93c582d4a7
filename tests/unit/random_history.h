// Random histories of a workspace: the same seed gives the same events.
#ifndef SALES_TESTS_UNIT_RANDOM_HISTORY_H_
#define SALES_TESTS_UNIT_RANDOM_HISTORY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "src/decide/track.h"

namespace sales::testing {

// A policy of five stages, the third of which qualifies.
FunnelPolicy FiveStages();

class RandomHistory {
 public:
  explicit RandomHistory(uint32_t seed) : random_(seed), policy_(FiveStages()) {}

  // Adds one event: a capture, a change of a lead, spend or a touch.
  void Step();

  // Called with the track before and after each event of a lead.
  std::function<void(const Track&, const Track&)> on_track;

  const std::vector<Event>& events() const { return events_; }
  const FunnelPolicy& policy() const { return policy_; }
  const std::map<std::string, Track>& tracks() const { return tracks_; }

 private:
  int64_t Below(int64_t end) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(end));
  }
  std::string OneOf(const std::vector<std::string>& words) { return words[Below(words.size())]; }

  void Capture();
  void Spend();
  void Touch();
  void ChangeTeam();
  void ChangeRuns(Track& track);
  void ChangeLead();
  void Move(Track& track, EventType& type);
  void Close(Track& track, EventType& type);
  void Enter(const std::string& stage, Track& track);
  Event NewEvent(EventType type);
  void Record(const std::string& lead, EventType type, Track after);

  std::mt19937 random_;
  FunnelPolicy policy_;
  // New Year's Eve and, an hour a step, the changes to and from daylight-saving time.
  absl::Time now_ = absl::FromUnixSeconds(1767200000);
  std::vector<Event> events_;
  std::map<std::string, Track> tracks_;
};

}  // namespace sales::testing

#endif  // SALES_TESTS_UNIT_RANDOM_HISTORY_H_
