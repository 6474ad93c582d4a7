// A lead as the engine keeps it: what callers see, and what deciding and reporting need besides.
#ifndef SALES_SRC_DECIDE_RECORD_H_
#define SALES_SRC_DECIDE_RECORD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "sales/lead.h"
#include "sales/score.h"
#include "src/decide/track.h"

namespace sales {

// How many activities a lead has, by kind and direction; unspecified ones stay 0.
using ActivityCounts = std::array<std::array<int64_t, 4>, 6>;

// A clock from its start to its stop.
struct ClockRun {
  absl::Time start_time;
  absl::Time stop_time;
};

// What was recorded of a lead because it fell due: of each kind of clock, the start of the one
// whose limit was noted last, and of the last nurture that woke.
struct DueMarks {
  std::optional<absl::Time> response;
  std::optional<absl::Time> proposal;
  std::optional<absl::Time> stage;
  std::optional<absl::Time> rot;
  std::optional<absl::Time> wake;

  friend bool operator==(const DueMarks& a, const DueMarks& b) {
    return a.response == b.response && a.proposal == b.proposal && a.stage == b.stage &&
           a.rot == b.rot && a.wake == b.wake;
  }
};

struct LeadRecord {
  Lead lead;
  std::string furthest;
  bool qualified = false;
  bool new_contact = false;
  int64_t returned = 0;
  int64_t returned_won = 0;
  int64_t returned_revenue = 0;
  // Which decline of lead.returned_from this lead came out of, from 1 on.
  int64_t returned_decline = 0;
  int64_t generation = 0;
  std::vector<Run> runs;
  std::vector<Decline> declines;
  ActivityCounts activity_counts = {};
  // Since when the client waits for an answer; unset: nothing is unanswered.
  std::optional<absl::Time> awaiting_since;
  // The last waiting that ended.
  std::optional<ClockRun> last_response;
  std::optional<absl::Time> last_activity_time;
  // What the client expected of us when it was told last, 1 to 5; 0: it never was.
  int expectation = 0;
  // The advice given last.
  AdviceAction advice = AdviceAction::kUnspecified;
  // Of the present outcome: see Track. Kept by the engine.
  std::string promised;
  std::string scored_features;
  // How many activities were ever planned.
  int64_t planned_count = 0;
  DueMarks due_marks;
  // When the sweep is to look at the lead; kept by the engine. Unset for closed leads.
  std::optional<absl::Time> due_time;
};

// Labels as one text: in their order, a space between two.
std::string JoinLabels(const std::vector<std::string>& labels);

// What reports know of it.
Track TrackOf(const LeadRecord& record);

// Notes in `after` what the write says of declines: a new one, that the contact came again, and
// what a lead brings that was declined before.
void KeepDeclines(const LeadRecord& before, LeadRecord& after);
// Notes when a declined contact came again, if he had not come before.
void NoteReturn(absl::Time at, Decline& decline);

// What a decision may depend on besides the lead and the command.
struct DecideContext {
  const FunnelPolicy& policy;
  // The workspace's.
  const std::string& currency_code;
  absl::TimeZone zone;
  std::string actor;
  // When it is recorded, and when it happened.
  absl::Time now;
  absl::Time occur_time;
};

// What a decision leads to besides the changed record.
struct Effect {
  EventType type = EventType::kUnspecified;
  // What the event says besides the difference of the tracks: "override", "proposal",
  // "requirements", "activity", "expectation", "arguments", "alternatives", "stance" where it is
  // the same again, and what AddFactChanges tells.
  std::vector<Change> changes;
  // To be kept; its id, lead and record time are filled in by the engine.
  std::optional<Activity> activity;
};

// Checks what a capture carries: for the engine before it looks anything up.
absl::Status CheckCapture(const CaptureLead& command, const std::string& currency_code,
                          absl::Time now);

// Makes the record of a new lead: in the policy's first stage, whose conditions must hold. The
// engine has resolved contact, channel, funnel and returned_from in `record.lead` beforehand. The
// event's occur_time is the lead's receive_time.
absl::StatusOr<Effect> DecideCapture(const CaptureLead& command, const DecideContext& context,
                                     LeadRecord& record);

absl::StatusOr<Effect> DecideUpdate(const UpdateLead& command, const DecideContext& context,
                                    LeadRecord& record);

// Every other command. On an error the record may be half changed: it is to be thrown away.
absl::StatusOr<Effect> Decide(const LeadCommand& command, const DecideContext& context,
                              LeadRecord& record);

MoveChecks CheckMoves(const DecideContext& context, const LeadRecord& record);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_RECORD_H_
