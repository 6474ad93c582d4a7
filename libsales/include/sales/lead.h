#ifndef SALES_LEAD_H_
#define SALES_LEAD_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/contact.h"
#include "sales/error.h"
#include "sales/money.h"

namespace sales {

enum class LeadState {
  kUnspecified = 0,
  kOpen = 1,
  kNurtured = 2,
  kWon = 3,
  kDeclined = 4,  // we refused
  kLost = 5,      // the client left
  kDisqualified = 6,
};

enum class ActivityKind {
  kUnspecified = 0,
  kCall = 1,
  kEmail = 2,
  kMessage = 3,
  kMeeting = 4,
  kNote = 5,
};
enum class Direction { kUnspecified = 0, kIn = 1, kOut = 2, kInternal = 3 };

// One stay in a stage.
struct Visit {
  std::string stage;
  absl::Time enter_time;
  // Unset while the lead is there.
  std::optional<absl::Time> leave_time;
};

struct Requirements {
  int version = 0;
  std::string text;
  absl::Time agree_time;
};

enum class ProposalState {
  kUnspecified = 0,
  kRequested = 1,
  kSent = 2,
  kAccepted = 3,
  kRejected = 4,
  kExpired = 5,
  kWithdrawn = 6,
};

// A priced offer. Once sent it does not change: a new price is a new version.
struct Proposal {
  int version = 0;
  ProposalState state = ProposalState::kUnspecified;
  std::string scope;
  std::optional<Money> price;
  // The last day on which it stands; unset: no end.
  std::optional<absl::CivilDay> valid_until;
  std::optional<absl::Time> request_time;
  std::optional<absl::Time> send_time;
  std::optional<absl::Time> answer_time;
};

// The arguments of a refusal.
struct Arguments {
  std::string better;  // what we do better
  std::string price;   // why it costs more
  std::string differ;  // how we differ
};

// How a lead was closed or put to nurture.
struct Outcome {
  LeadState state = LeadState::kUnspecified;
  std::string stage;
  absl::Time occur_time;
  std::string actor;
  std::string reason;
  // Of a decline.
  Arguments arguments;
  std::string alternatives;
  std::string told_in;
  bool may_keep_in_touch = false;
  std::optional<absl::CivilDay> revisit;
  // Of a loss.
  std::string competitor;
  // Of a nurture.
  std::optional<absl::CivilDay> wake;
  std::string owner;
  // Of a win.
  std::optional<Money> value;
};

// How much we want the sale: to be judged against the outcome later.
enum class Stance {
  kUnspecified = 0,
  kPursue = 1,  // fight for it
  kSteady = 2,
  kLetGo = 3,  // at the peak of the client's expectations
};

// A stance that was taken, and why.
struct StanceTaken {
  Stance stance = Stance::kUnspecified;
  std::string reason;
  // Where the lead was.
  std::string stage;
  absl::Time occur_time;
  std::string actor;
};

// A next step: something to be done about a lead by a time.
struct PlannedActivity {
  // "1", "2" …, in the order of planning.
  std::string id;
  // Unspecified: of any kind.
  ActivityKind kind = ActivityKind::kUnspecified;
  absl::Time due_time;
  std::string text;
  // Who is to do it, a seller's id.
  std::string owner;
  absl::Time plan_time;
  // Who planned it; "sweep" for the follow-up of a nurture.
  std::string actor;
};

enum class ClockKind {
  kUnspecified = 0,
  // Since the client waits for an answer; stops at the next outbound activity.
  kResponse = 1,
  // Since a proposal was asked for; stops when it is sent.
  kProposal = 2,
  // Since the lead entered its stage; stops when it leaves.
  kStage = 3,
  // Since the last activity or move; a planned activity in the future puts off when it is due.
  kRot = 4,
};

// How long something takes, and whether that is longer than the policy allows.
struct LeadClock {
  ClockKind kind = ClockKind::kUnspecified;
  // The stage whose limit counts; empty where no stage has one.
  std::string stage;
  absl::Time start_time;
  // Unset: the policy sets no limit, or the calendar has no working time left to reach it.
  std::optional<absl::Time> due_time;
  // Unset: it runs.
  std::optional<absl::Time> stop_time;
  // Whether it stopped after it was due, or runs and is past due.
  bool overdue = false;
};

// One request of one contact. References are ids in the same workspace.
struct Lead {
  std::string id;
  std::string contact;
  LeadState state = LeadState::kUnspecified;
  // Where it is while open, and was last after.
  std::string stage;
  std::string funnel;
  std::string channel;
  std::string campaign;
  std::string need;
  int interest = 0;
  std::optional<Money> expected_value;
  std::optional<Money> budget;
  bool decision_maker_known = false;
  std::string seller;
  std::string referrer;
  std::string external_id;
  std::map<std::string, std::string> attributes;
  // Sorted, each once.
  std::vector<std::string> labels;
  absl::Time receive_time;
  std::optional<absl::Time> close_time;
  std::optional<Money> won_value;
  std::optional<absl::Time> first_response_time;
  std::vector<Visit> visits;
  std::vector<Requirements> requirements;
  std::vector<Proposal> proposals;
  // The latest last.
  std::vector<Outcome> outcomes;
  // The one taken last; unspecified before the first.
  Stance stance = Stance::kUnspecified;
  // Every one taken, the latest last.
  std::vector<StanceTaken> stances;
  // The declined lead of this contact or of its referrer that this one came out of.
  std::string returned_from;
  // The project during which it was asked for; empty for all others.
  std::string project;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 0;
  std::string etag;
  // Next steps that are neither completed nor cancelled, in the order of planning.
  std::vector<PlannedActivity> planned_activities;
  // As they stood at the time of the answer; not in lists.
  std::vector<LeadClock> clocks;
  // When it is expected to close.
  std::optional<absl::CivilDay> expected_close = {};
};

// A contact with the client, or a note.
struct Activity {
  std::string id;
  std::string lead;
  ActivityKind kind = ActivityKind::kUnspecified;
  Direction direction = Direction::kUnspecified;
  absl::Time occur_time;
  absl::Duration duration;
  std::string text;
  absl::Time record_time;
  std::string actor;
  // How much the client expects of us, 1 to 5; 0: not told.
  int expectation = 0;
};

// Commands. Where a command has no time of its own, Call::occur_time says when it happened.

struct CaptureLead {
  ContactInput contact;
  // Empty: the engine makes one.
  std::string id;
  // Empty: see kReferralChannel.
  std::string channel;
  std::string campaign;
  // Empty: the workspace's default funnel.
  std::string funnel;
  std::string need;
  int interest = 0;
  std::optional<Money> expected_value;
  std::optional<Money> budget;
  bool decision_maker_known = false;
  std::string seller;
  std::string referrer;
  std::string external_id;
  std::map<std::string, std::string> attributes;
  // Unset: Call::occur_time, else now.
  std::optional<absl::Time> receive_time;
  // In any order.
  std::vector<std::string> labels = {};
  std::optional<absl::CivilDay> expected_close = {};
};

struct CaptureResult {
  Lead lead;
  Contact contact;
  bool contact_created = false;
  // Other contacts that identities of this one belong to; they are not merged.
  std::vector<std::string> possible_duplicates;
};

// Fields to change; unset ones stay.
struct UpdateLead {
  std::optional<std::string> channel;
  std::optional<std::string> campaign;
  std::optional<std::string> need;
  std::optional<int> interest;
  std::optional<Money> expected_value;
  bool clear_expected_value = false;
  std::optional<Money> budget;
  bool clear_budget = false;
  std::optional<bool> decision_maker_known;
  // Replaces all.
  std::optional<std::map<std::string, std::string>> attributes;
  // Replaces all; in any order.
  std::optional<std::vector<std::string>> labels;
  std::optional<absl::CivilDay> expected_close = {};
  bool clear_expected_close = false;
};

struct AssignLead {
  // Empty: whom the assignment policy chooses; in an import, nobody.
  std::string seller;
  // Gives the lead to nobody.
  bool unassign = false;
};

struct AdvanceLead {
  std::string stage;
  // Required for a move back.
  std::string reason;
  // Moves in spite of missing conditions.
  std::string override_reason;
};

struct LogActivity {
  ActivityKind kind = ActivityKind::kUnspecified;
  Direction direction = Direction::kUnspecified;
  absl::Duration duration;
  std::string text;
  // Activity::expectation.
  int expectation = 0;
};

struct LoggedActivity {
  Activity activity;
  Lead lead;
};

struct AgreeRequirements {
  std::string text;
};

struct RequestProposal {};

struct SendProposal {
  std::string scope;
  Money price;
  std::optional<absl::CivilDay> valid_until;
};

struct AnswerProposal {
  // 0: the latest.
  int version = 0;
  // kAccepted, kRejected or kWithdrawn.
  ProposalState answer = ProposalState::kUnspecified;
};

struct DeclineLead {
  // A reason code: lower-case letters, digits, '-', '_', '.'. So in the other outcomes.
  std::string reason;
  Arguments arguments;
  std::string alternatives;
  // The id of the activity in which the client was told.
  std::string told_in;
  bool may_keep_in_touch = false;
  std::optional<absl::CivilDay> revisit;
};

struct LoseLead {
  std::string reason;
  std::string competitor;
};

struct DisqualifyLead {
  std::string reason;
};

struct NurtureLead {
  std::string reason;
  absl::CivilDay wake;
  // Empty: the lead's seller.
  std::string owner;
};

struct WinLead {
  // Unset: the price of the accepted proposal, else the expected value.
  std::optional<Money> value;
  std::string override_reason;
};

struct ReopenLead {
  std::string reason;
  std::string override_reason;
};

struct PlanActivity {
  // Unspecified: of any kind.
  ActivityKind kind = ActivityKind::kUnspecified;
  // After now.
  absl::Time due_time;
  std::string text;
  // Empty: the lead's seller.
  std::string owner;
};

// Logs an activity as what was planned.
struct CompletePlannedActivity {
  // PlannedActivity::id.
  std::string planned_activity;
  // Its kind may be left unspecified where the planned one has a kind.
  LogActivity activity;
};

struct CancelPlannedActivity {
  // PlannedActivity::id.
  std::string planned_activity;
};

struct SetStance {
  Stance stance = Stance::kUnspecified;
  std::string reason;
};

// Any command on a lead that exists.
using LeadCommand =
    std::variant<AssignLead, AdvanceLead, LogActivity, AgreeRequirements, RequestProposal,
                 SendProposal, AnswerProposal, DeclineLead, LoseLead, DisqualifyLead, NurtureLead,
                 WinLead, ReopenLead, PlanActivity, CompletePlannedActivity, CancelPlannedActivity,
                 SetStance>;

struct LeadStep {
  absl::Time occur_time;
  LeadCommand command;
};

// A lead with its past: written whole or not at all, every step under the policy in force.
struct ImportLead {
  // Its external_id is required: it tells what was imported already.
  CaptureLead capture;
  // In the order of time.
  std::vector<LeadStep> steps;
};

enum class ImportOutcome { kImported, kUnchanged, kRejected };

struct ImportResult {
  ImportOutcome outcome = ImportOutcome::kRejected;
  std::string lead;
  // Why a row was rejected; OK otherwise.
  absl::Status status;
};

// Whether a lead may enter a stage now.
struct MoveCheck {
  std::string stage;
  bool allowed = false;
  std::vector<MissingCondition> missing;
};

struct MoveChecks {
  std::vector<MoveCheck> stages;
  MoveCheck win;
};

}  // namespace sales

#endif  // SALES_LEAD_H_
