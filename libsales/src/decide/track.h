// What reports know of a lead: a fold of its events, and nothing else.
//
// A write compares the track before and after itself: the difference is what its event says
// (Changes), and what it adds to the tallies (decide/tally.h). So a fold over the events gives the
// same track, and the same tallies, again.
#ifndef SALES_SRC_DECIDE_TRACK_H_
#define SALES_SRC_DECIDE_TRACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/lead.h"
#include "src/decide/runs.h"

namespace sales {

struct Track {
  std::string contact;
  std::string funnel;
  std::string channel;
  std::string campaign;
  std::string seller;
  std::string stage;
  LeadState state = LeadState::kUnspecified;
  // The furthest stage ever entered, in the order of the policy at the time.
  std::string furthest;
  // Whether a qualifying stage was ever entered or passed, or the lead was ever won.
  bool qualified = false;
  // Whether the lead is its contact's first.
  bool new_contact = false;
  // Minor units; 0 where unset.
  int64_t expected_value = 0;
  int64_t won_value = 0;
  // The day it is expected to close, counted from 1969-12-31; 0: none.
  int64_t expected_close = 0;
  // The event's occur_time at capture, and its record_time.
  absl::Time receive_time;
  absl::Time create_time;
  std::optional<absl::Time> close_time;
  std::optional<absl::Time> first_response_time;
  // The reason code of the last outcome.
  std::string reason;
  // The declined lead that this one came out of.
  std::string returned_from;
  // In their order, a space between two.
  std::string labels;
  // What came out of this one after it was declined: leads, won leads and their value.
  int64_t returned = 0;
  int64_t returned_won = 0;
  int64_t returned_revenue = 0;
  // The stance and the advice given last, by name ("PURSUE").
  std::string stance;
  std::string advice;
  // Of the present outcome, where leads are scored (decide/score.h): the probability of a win that
  // the outcomes before it promised, in permille, and the features that the lead had then.
  std::string promised;
  std::string scored_features;
  // Who sent the contact, if he was sent, and the generation of the referral: 1 where nobody had
  // sent the referrer.
  std::string referrer;
  int64_t generation = 0;
  // In the order in which they were asked for.
  std::vector<Run> runs;
  std::vector<Decline> declines;
  std::vector<Visit> visits;
};

// The difference of two tracks, visits aside, a change a field; `before` of a new lead is Track{}.
// Field names: contact, funnel, channel, campaign, seller, stage, state, furthest, qualified,
// new_contact, expected_value, won_value, expected_close, close_time, first_response_time, reason,
// returned_from, labels, stance, advice, promised, scored_features, returned, returned_won,
// returned_revenue, referrer, generation; and for each run and decline that differs "run" and
// "decline", as runs.h writes them. Values: states by name ("OPEN"), flags "true" or empty, times
// in microseconds since the epoch, unset and zero as empty.
std::vector<Change> TrackChanges(const Track& before, const Track& after);

// As Track::expected_close.
int64_t CloseNumber(const std::optional<absl::CivilDay>& day);
// The inverse; nullopt for 0.
std::optional<absl::CivilDay> CloseDay(int64_t number);

// Applies one event. Changes of fields that no track has are passed over. The rules of visits:
// a new stage while the state is or becomes OPEN begins a visit at the occur time; leaving OPEN
// ends it; becoming OPEN again begins one in the stage.
absl::Status ApplyEvent(const Event& event, Track& track);

// "OPEN"; empty for kUnspecified.
const char* LeadStateName(LeadState state);
// The state of that name; kUnspecified for none, nullopt for a name that no state has.
std::optional<LeadState> ParseLeadState(std::string_view name);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_TRACK_H_
