// The record of one workspace, folded out of its events: what its tallies must equal, and what
// reports are made of that tallies are not kept for.
#ifndef SALES_SRC_DECIDE_FOLD_H_
#define SALES_SRC_DECIDE_FOLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/report.h"
#include "src/decide/contact_paths.h"
#include "src/decide/packed_tracks.h"
#include "src/decide/report_channels.h"
#include "src/decide/report_filter.h"
#include "src/decide/tally.h"
#include "src/decide/tally_sum.h"
#include "src/decide/track.h"

namespace sales {

class Fold {
 public:
  // The zone is the workspace's, in which days are counted.
  explicit Fold(absl::TimeZone zone) : zone_(zone) {}

  // Begins with a lead as its compacted events left it, instead of its capture.
  void Begin(const std::string& lead, const Track& track) { tracks_.Set(lead, track); }
  // Folds one more event; events come in their order. Errors: STORE_CORRUPT if the event cannot
  // follow those before it.
  absl::Status Add(const Event& event);

  int64_t lead_count() const { return tracks_.size(); }
  std::optional<Track> Find(const std::string& lead) const;
  // Calls `visit` with each lead's id and track, in the order of capture.
  void ForEach(const std::function<void(const std::string&, const Track&)>& visit) const;

  // What the tallies must be.
  TallyTable Tallies() const;
  // Those of paths alone.
  TallyTable PathTallies() const;

  // Calls `visit` with each count of the selected leads in the window, and its detail.
  void ForEachCount(const Selection& selection, const Window& window,
                    const std::function<void(const Track& track, const TrackCount& count,
                                             const std::string& detail)>& visit) const;
  // The sums of what the selected leads count in the window.
  TallySum Sum(const Selection& selection, const Window& window) const;
  ChannelSums SumChannels(const Selection& selection, const Window& window) const;

 private:
  absl::Status AddMergeEvent(const Event& event);
  // As a merge moves touches: those that the other has already stay.
  void MoveTouches(const std::string& from, const std::string& to);
  void GiveTouchesBack(const std::string& merged, const std::string& kept);
  void AddPaths(TallyTable& table) const;
  void AddReferrers(TallyTable& table) const;
  absl::Status AddSpendEvent(const Event& event);
  absl::Status AddTouchEvent(const Event& event);
  absl::Status AddLeadEvent(const Event& event);

  absl::TimeZone zone_;
  PackedTracks tracks_;
  // Spend and reach, which are of no lead.
  TallyTable campaign_tallies_;
  // By contact.
  std::map<std::string, std::vector<RecordedTouch>> touches_;
  // What each merged contact gave away.
  std::map<std::string, std::vector<RecordedTouch>> moved_touches_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_FOLD_H_
