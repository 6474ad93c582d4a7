// Resource names (AIP-122) to ids and back. A name is only followed inside the workspace that the
// call is about; one of another workspace is refused with NAME_INVALID, as is a malformed one.
#ifndef SALES_SERVICE_CONVERT_NAMES_H_
#define SALES_SERVICE_CONVERT_NAMES_H_

#include <string>

#include "absl/status/statusor.h"

namespace sales::service {

struct LeadName {
  std::string workspace;
  std::string lead;
};

struct ContactName {
  std::string workspace;
  std::string contact;
};

struct ChannelName {
  std::string workspace;
  std::string channel;
};

struct CampaignName {
  std::string workspace;
  std::string channel;
  // Empty where a name of a channel was allowed and given.
  std::string campaign;
};

struct FunnelName {
  std::string workspace;
  std::string funnel;
  // 0: the version in force.
  int version = 0;
};

struct CalendarName {
  std::string workspace;
  std::string calendar;
};

struct TeamName {
  std::string workspace;
  std::string team;
};

struct SellerName {
  std::string workspace;
  std::string seller;
};

struct AbsenceName {
  std::string workspace;
  std::string seller;
  // Its first day.
  std::string absence;
};

struct PlannedActivityName {
  std::string workspace;
  std::string lead;
  std::string planned_activity;
};

struct HandoffName {
  std::string workspace;
  std::string handoff;
};

struct ProjectName {
  std::string workspace;
  std::string project;
};

struct PlanName {
  std::string workspace;
  std::string plan;
};

struct TokenName {
  // kEveryWorkspace where it is good for every one.
  std::string workspace;
  std::string token;
};

// Whether it may stand for who acts: at most 128 letters, digits, '-', '_', '.', ':', '/'.
bool IsActor(const std::string& text);

struct WebhookName {
  std::string workspace;
  std::string webhook;
};

// Whether it is a well-formed id: [a-z0-9][a-z0-9._-]{0,62}.
bool IsId(const std::string& text);

// `field` is the path of the field that holds the name. An empty name is FIELD_REQUIRED.
absl::StatusOr<std::string> ParseWorkspace(const std::string& name, const std::string& field);
absl::StatusOr<LeadName> ParseLead(const std::string& name, const std::string& field);
absl::StatusOr<ContactName> ParseContact(const std::string& name, const std::string& field);
absl::StatusOr<ChannelName> ParseChannel(const std::string& name, const std::string& field);
// A channel, or "-" for every one, which gives an empty channel.
absl::StatusOr<ChannelName> ParseChannelOrAny(const std::string& name, const std::string& field);
absl::StatusOr<CampaignName> ParseCampaign(const std::string& name, const std::string& field);
absl::StatusOr<CampaignName> ParseChannelOrCampaign(const std::string& name,
                                                    const std::string& field);
absl::StatusOr<FunnelName> ParseFunnel(const std::string& name, const std::string& field);
absl::StatusOr<CalendarName> ParseCalendar(const std::string& name, const std::string& field);
absl::StatusOr<TeamName> ParseTeam(const std::string& name, const std::string& field);
absl::StatusOr<SellerName> ParseSeller(const std::string& name, const std::string& field);
absl::StatusOr<AbsenceName> ParseAbsence(const std::string& name, const std::string& field);
// `workspaces/{workspace}/assignmentPolicy`; gives the workspace.
absl::StatusOr<std::string> ParseAssignmentPolicy(const std::string& name,
                                                  const std::string& field);
absl::StatusOr<PlannedActivityName> ParsePlannedActivity(const std::string& name,
                                                         const std::string& field);
absl::StatusOr<HandoffName> ParseHandoff(const std::string& name, const std::string& field);
absl::StatusOr<ProjectName> ParseProject(const std::string& name, const std::string& field);
absl::StatusOr<PlanName> ParsePlan(const std::string& name, const std::string& field);
// Of a workspace or, for "-", of every one.
absl::StatusOr<TokenName> ParseToken(const std::string& name, const std::string& field);
absl::StatusOr<std::string> ParseTokenParent(const std::string& name, const std::string& field);
absl::StatusOr<WebhookName> ParseWebhook(const std::string& name, const std::string& field);

// References inside `workspace`; an empty name gives an empty id.
absl::StatusOr<std::string> LeadRef(const std::string& name, const std::string& workspace,
                                    const std::string& field);
absl::StatusOr<std::string> ContactRef(const std::string& name, const std::string& workspace,
                                       const std::string& field);
absl::StatusOr<std::string> ChannelRef(const std::string& name, const std::string& workspace,
                                       const std::string& field);
absl::StatusOr<CampaignName> CampaignRef(const std::string& name, const std::string& workspace,
                                         const std::string& field);
absl::StatusOr<std::string> SellerRef(const std::string& name, const std::string& workspace,
                                      const std::string& field);
absl::StatusOr<std::string> CalendarRef(const std::string& name, const std::string& workspace,
                                        const std::string& field);
absl::StatusOr<std::string> TeamRef(const std::string& name, const std::string& workspace,
                                    const std::string& field);
// The activity's id; it must be one of `lead`, unless that is empty.
absl::StatusOr<std::string> ActivityRef(const std::string& name, const std::string& workspace,
                                        const std::string& lead, const std::string& field);
// A name or a bare id.
absl::StatusOr<std::string> FunnelRef(const std::string& name, const std::string& workspace,
                                      const std::string& field);

// Names of ids; an empty id gives an empty name.
std::string WorkspaceNameOf(const std::string& workspace);
std::string LeadNameOf(const std::string& workspace, const std::string& lead);
std::string ContactNameOf(const std::string& workspace, const std::string& contact);
std::string ChannelNameOf(const std::string& workspace, const std::string& channel);
std::string CampaignNameOf(const std::string& workspace, const std::string& channel,
                           const std::string& campaign);
std::string FunnelNameOf(const std::string& workspace, const std::string& funnel);
std::string CalendarNameOf(const std::string& workspace, const std::string& calendar);
std::string PlannedActivityNameOf(const std::string& workspace, const std::string& lead,
                                  const std::string& planned_activity);
std::string TeamNameOf(const std::string& workspace, const std::string& team);
std::string AbsenceNameOf(const std::string& workspace, const std::string& seller,
                          const std::string& first_date);
std::string AssignmentPolicyNameOf(const std::string& workspace);
std::string SellerNameOf(const std::string& workspace, const std::string& seller);
std::string HandoffNameOf(const std::string& workspace, const std::string& handoff);
std::string ProjectNameOf(const std::string& workspace, const std::string& project);
std::string TokenNameOf(const std::string& workspace, const std::string& token);
std::string PlanNameOf(const std::string& workspace, const std::string& plan);
std::string WebhookNameOf(const std::string& workspace, const std::string& webhook);
std::string ActivityNameOf(const std::string& workspace, const std::string& lead,
                           const std::string& activity);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_NAMES_H_
