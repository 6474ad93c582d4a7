// The paths of a contact: what touched him before a lead of his was won, or before nothing came of
// it.
//
// A contact's touches are those recorded of campaigns, and his leads, each at its receive time with
// its channel. A won lead's path is what touched the contact up to the win, the lead's own capture
// always among it. A contact of whom no lead is won has one path without conversion. Touches are in
// the order of time; at one instant recorded touches come before leads, and each in the order of
// recording.
#ifndef SALES_SRC_DECIDE_CONTACT_PATHS_H_
#define SALES_SRC_DECIDE_CONTACT_PATHS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/decide/tally.h"
#include "src/decide/track.h"

namespace sales {

// A touch that was recorded of a campaign.
struct RecordedTouch {
  std::string channel;
  std::string campaign;
  absl::Time occur_time;
  int64_t revision = 0;

  friend bool operator==(const RecordedTouch& a, const RecordedTouch& b) {
    return a.occur_time == b.occur_time && a.revision == b.revision && a.channel == b.channel &&
           a.campaign == b.campaign;
  }
};
// By time, then in the order of recording.
bool IsEarlier(const RecordedTouch& a, const RecordedTouch& b);

// What a path needs of a lead.
struct PathLead {
  std::string id;
  std::string channel;
  std::string funnel;
  absl::Time receive_time;
  absl::Time create_time;
  bool won = false;
  // Of won leads.
  absl::Time win_time;
  int64_t won_value = 0;

  friend bool operator==(const PathLead& a, const PathLead& b) {
    return a.id == b.id && a.channel == b.channel && a.funnel == b.funnel &&
           a.receive_time == b.receive_time && a.create_time == b.create_time && a.won == b.won &&
           a.win_time == b.win_time && a.won_value == b.won_value;
  }
};
PathLead PathLeadOf(const std::string& id, const Track& track);

// In any order. The earliest limits::path_touches_max touches count, and the leads with the first
// limits::path_leads_max ids: later touches are left out, and a further lead that is won is
// credited to its own channel.
struct ContactTouches {
  std::vector<RecordedTouch> touches;
  std::vector<PathLead> leads;
};

// Adds what the paths `after` count, and takes away what those `before` did. What is the same in
// both costs next to nothing.
void AddPathDifference(ContactTouches before, ContactTouches after, absl::TimeZone zone,
                       TallyTable& table);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_CONTACT_PATHS_H_
