#ifndef SALES_EVENT_H_
#define SALES_EVENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace sales {

enum class EventType {
  kUnspecified = 0,
  kWorkspaceCreated = 1,
  kWorkspaceUpdated = 2,
  kContactCreated = 3,
  kContactUpdated = 4,
  kChannelCreated = 5,
  kChannelUpdated = 6,
  kCampaignCreated = 7,
  kCampaignUpdated = 8,
  kSpendRecorded = 9,
  kContactTouched = 10,
  kFunnelPolicyActivated = 11,
  kLeadCaptured = 12,
  kLeadUpdated = 13,
  kLeadAssigned = 14,
  kLeadMoved = 15,
  kActivityLogged = 16,
  kRequirementsAgreed = 17,
  kProposalRequested = 18,
  kProposalSent = 19,
  kProposalAnswered = 20,
  kLeadDeclined = 21,
  kLeadLost = 22,
  kLeadDisqualified = 23,
  kLeadNurtured = 24,
  kLeadWon = 25,
  kLeadReopened = 26,
  kDeclineCredited = 27,
  // Of the sweep, or of a write that came after the limit; occur_time is when it fell due.
  kLimitBreached = 50,
  kProposalExpired = 51,
  kLeadWoken = 52,
  kActivityPlanned = 53,
  kPlannedActivityCancelled = 54,
  kCalendarCreated = 55,
  kCalendarUpdated = 56,
  kConsentChanged = 60,
  kContactsMerged = 61,
  kContactUnmerged = 62,
  // A lead that a merge moved to another contact, or moved back.
  kLeadContactChanged = 63,
  kContactErased = 64,
  kDuplicateDismissed = 65,
  kReferralRecorded = 66,
  kTeamCreated = 70,
  kTeamUpdated = 71,
  kSellerCreated = 72,
  // Also of an absence set or removed.
  kSellerUpdated = 73,
  kAssignmentPolicySet = 74,
  // Nobody was available; the sweep assigns the lead later.
  kLeadQueued = 75,
  kHandoffOpened = 80,
  kHandoffStepCompleted = 81,
  kHandoffReturned = 82,
  kHandoffAccepted = 83,
  kHandoffWithdrawn = 84,
  kProjectOpened = 85,
  kProjectUpdated = 86,
  kProjectClosed = 87,
  kPlanSet = 88,
  // Of the sweep: how a plan stood at the end of a day.
  kPlanSnapshotTaken = 89,
  kStanceSet = 90,
  kLeadAdvised = 91,
  kTokenCreated = 100,
  kTokenRevoked = 101,
  kWebhookCreated = 110,
  kWebhookUpdated = 111,
  kWebhookDeleted = 112,
  kWebhookSecretRotated = 113,
  kWebhookReplayed = 114,
  // Deliveries failed for as long as they are tried.
  kWebhookFailed = 115,
  // Its receiver said that it is gone.
  kWebhookDisabled = 116,
};

// One field that changed. Values are ids, codes, whole numbers or times in microseconds since the
// epoch, as text; never personal data.
struct Change {
  std::string field;
  std::string before;
  std::string after;
};

// One thing that happened. Events are only added, never changed.
struct Event {
  // The write it is part of: writes of a workspace are numbered 1, 2, 3 … without gaps.
  int64_t revision = 0;
  // Its place within the write, from 0.
  int ordinal = 0;
  EventType type = EventType::kUnspecified;
  // When it happened; may lie before record_time.
  absl::Time occur_time;
  absl::Time record_time;
  std::string actor;
  // Ids; empty where it is about none of the kind.
  std::string lead;
  std::string contact;
  // Another resource, by its name in the workspace: "channels/ads/campaigns/spring".
  std::string subject;
  std::vector<Change> changes;
};

struct EventFilter {
  // Any of these; empty: all.
  std::vector<EventType> types;
  // Only events about this lead; empty: about any and none.
  std::string lead;
};

struct EventQuery {
  int64_t after_revision = 0;
  EventFilter filter;
  int page_size = 0;
  std::string page_token;
};

struct EventPage {
  std::vector<Event> events;
  std::string next_page_token;
  // The workspace's last revision at the time of reading.
  int64_t revision = 0;
};

}  // namespace sales

#endif  // SALES_EVENT_H_
