#include "service/src/convert/names.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sales/limits.h"
#include "sales/token.h"
#include "service/src/convert/fields.h"
#include "service/src/result.h"

namespace sales::service {
namespace {

constexpr char kWorkspaceForm[] = "workspaces/{workspace}";
constexpr char kLeadForm[] = "workspaces/{workspace}/leads/{lead}";
constexpr char kActivityForm[] = "workspaces/{workspace}/leads/{lead}/activities/{activity}";
constexpr char kContactForm[] = "workspaces/{workspace}/contacts/{contact}";
constexpr char kChannelForm[] = "workspaces/{workspace}/channels/{channel}";
constexpr char kCampaignForm[] = "workspaces/{workspace}/channels/{channel}/campaigns/{campaign}";
constexpr char kFunnelForm[] = "workspaces/{workspace}/funnelPolicies/{funnel}";
constexpr char kSellerForm[] = "workspaces/{workspace}/sellers/{seller}";
constexpr char kTeamForm[] = "workspaces/{workspace}/teams/{team}";
constexpr char kAbsenceForm[] = "workspaces/{workspace}/sellers/{seller}/absences/{first_date}";
constexpr char kAssignmentPolicyForm[] = "workspaces/{workspace}/assignmentPolicy";
constexpr char kCalendarForm[] = "workspaces/{workspace}/calendars/{calendar}";
constexpr char kPlannedActivityForm[] =
    "workspaces/{workspace}/leads/{lead}/plannedActivities/{planned_activity}";
constexpr char kHandoffForm[] = "workspaces/{workspace}/handoffs/{handoff}";
constexpr char kProjectForm[] = "workspaces/{workspace}/projects/{project}";
constexpr char kPlanForm[] = "workspaces/{workspace}/plans/{plan}";
constexpr char kTokenForm[] = "workspaces/{workspace}/tokens/{token}";
constexpr char kWebhookForm[] = "workspaces/{workspace}/webhooks/{webhook}";
constexpr int kNameBytesMax = 5 * (limits::id_bytes_max + 20);

absl::Status NameError(const std::string& form, const std::string& field) {
  return WithMetadata(Refuse(Reason::kNameInvalid, field, "is no name of the form " + form), "form",
                      form);
}

// Takes the part up to the next slash, and the slash, off the front of `path`, which is null once
// the last part was taken.
std::string_view TakePart(std::string_view& path) {
  const size_t slash = path.find('/');
  const std::string_view part = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  return part;
}

// The ids of a name, in the order of the form's variables.
bool Match(std::string_view name, std::string_view form, std::vector<std::string>& ids) {
  if (name.size() > kNameBytesMax) return false;
  while (form.data() != nullptr) {
    if (name.data() == nullptr) return false;
    const std::string_view wanted = TakePart(form);
    const std::string_view part = TakePart(name);
    if (wanted.front() == '{') {
      ids.emplace_back(part);
    } else if (part != wanted) {
      return false;
    }
  }
  return name.data() == nullptr;
}

absl::StatusOr<std::vector<std::string>> Parse(const std::string& name, const char* form,
                                               const std::string& field) {
  if (name.empty()) {
    return Refuse(Reason::kFieldRequired, field, std::string("is needed, in the form ") + form);
  }
  std::vector<std::string> ids;
  if (!Match(name, form, ids)) return NameError(form, field);
  for (const std::string& id : ids) {
    if (!IsId(id)) return NameError(form, field);
  }
  return ids;
}

// The ids after the workspace's, which must be `workspace`; none if the name is empty.
absl::StatusOr<std::vector<std::string>> ParseRef(const std::string& name, const char* form,
                                                  const std::string& workspace,
                                                  const std::string& field) {
  if (name.empty()) return std::vector<std::string>();
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, form, field));
  if (ids[0] != workspace) {
    return WithMetadata(
        Refuse(Reason::kNameInvalid, field, "names a resource of another workspace"), "form", form);
  }
  ids.erase(ids.begin());
  return ids;
}

absl::StatusOr<std::string> SimpleRef(const std::string& name, const char* form,
                                      const std::string& workspace, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseRef(name, form, workspace, field));
  return ids.empty() ? std::string() : std::move(ids[0]);
}

std::string NameOf(const std::string& workspace, const char* collection, const std::string& id) {
  if (id.empty()) return "";
  return absl::StrCat("workspaces/", workspace, "/", collection, "/", id);
}

}  // namespace

bool IsActor(const std::string& text) {
  if (text.size() > limits::actor_bytes_max) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':' || c == '/';
  });
}

bool IsId(const std::string& text) {
  if (text.empty() || text.size() > limits::id_bytes_max) return false;
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!alphanumeric(text[0])) return false;
  for (const char c : text) {
    if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

absl::StatusOr<std::string> ParseWorkspace(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kWorkspaceForm, field));
  return std::move(ids[0]);
}

absl::StatusOr<LeadName> ParseLead(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kLeadForm, field));
  return LeadName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<ContactName> ParseContact(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kContactForm, field));
  return ContactName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<ChannelName> ParseChannel(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kChannelForm, field));
  return ChannelName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<ChannelName> ParseChannelOrAny(const std::string& name, const std::string& field) {
  std::vector<std::string> ids;
  if (Match(name, kChannelForm, ids) && IsId(ids[0]) && ids[1] == "-") {
    return ChannelName{std::move(ids[0]), ""};
  }
  return ParseChannel(name, field);
}

absl::StatusOr<CampaignName> ParseCampaign(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kCampaignForm, field));
  return CampaignName{std::move(ids[0]), std::move(ids[1]), std::move(ids[2])};
}

absl::StatusOr<CampaignName> ParseChannelOrCampaign(const std::string& name,
                                                    const std::string& field) {
  std::vector<std::string> ids;
  if (Match(name, kCampaignForm, ids)) return ParseCampaign(name, field);
  ASSIGN_OR_RETURN(ChannelName channel, ParseChannel(name, field));
  return CampaignName{std::move(channel.workspace), std::move(channel.channel), ""};
}

absl::StatusOr<FunnelName> ParseFunnel(const std::string& name, const std::string& field) {
  const size_t at = name.find('@');
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name.substr(0, at), kFunnelForm, field));
  FunnelName parsed{std::move(ids[0]), std::move(ids[1]), 0};
  if (at == std::string::npos) return parsed;
  const std::string version = name.substr(at + 1);
  const bool digits = !version.empty() && version.size() < 10 && version[0] != '0' &&
                      version.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return NameError(std::string(kFunnelForm) + "@{version}", field);
  parsed.version = std::atoi(version.c_str());
  return parsed;
}

absl::StatusOr<CalendarName> ParseCalendar(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kCalendarForm, field));
  return CalendarName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<TeamName> ParseTeam(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kTeamForm, field));
  return TeamName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<SellerName> ParseSeller(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kSellerForm, field));
  return SellerName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<AbsenceName> ParseAbsence(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kAbsenceForm, field));
  return AbsenceName{std::move(ids[0]), std::move(ids[1]), std::move(ids[2])};
}

absl::StatusOr<std::string> ParseAssignmentPolicy(const std::string& name,
                                                  const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kAssignmentPolicyForm, field));
  return std::move(ids[0]);
}

absl::StatusOr<PlannedActivityName> ParsePlannedActivity(const std::string& name,
                                                         const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kPlannedActivityForm, field));
  return PlannedActivityName{std::move(ids[0]), std::move(ids[1]), std::move(ids[2])};
}

absl::StatusOr<HandoffName> ParseHandoff(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kHandoffForm, field));
  return HandoffName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<ProjectName> ParseProject(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kProjectForm, field));
  return ProjectName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<PlanName> ParsePlan(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kPlanForm, field));
  return PlanName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<WebhookName> ParseWebhook(const std::string& name, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, Parse(name, kWebhookForm, field));
  return WebhookName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<TokenName> ParseToken(const std::string& name, const std::string& field) {
  std::vector<std::string> ids;
  if (Match(name, kTokenForm, ids) && ids[0] == kEveryWorkspace && IsId(ids[1])) {
    return TokenName{std::move(ids[0]), std::move(ids[1])};
  }
  ids.clear();
  ASSIGN_OR_RETURN(ids, Parse(name, kTokenForm, field));
  return TokenName{std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<std::string> ParseTokenParent(const std::string& name, const std::string& field) {
  if (name == WorkspaceNameOf(kEveryWorkspace)) return std::string(kEveryWorkspace);
  return ParseWorkspace(name, field);
}

absl::StatusOr<std::string> LeadRef(const std::string& name, const std::string& workspace,
                                    const std::string& field) {
  return SimpleRef(name, kLeadForm, workspace, field);
}

absl::StatusOr<std::string> ContactRef(const std::string& name, const std::string& workspace,
                                       const std::string& field) {
  return SimpleRef(name, kContactForm, workspace, field);
}

absl::StatusOr<std::string> ChannelRef(const std::string& name, const std::string& workspace,
                                       const std::string& field) {
  return SimpleRef(name, kChannelForm, workspace, field);
}

absl::StatusOr<CampaignName> CampaignRef(const std::string& name, const std::string& workspace,
                                         const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseRef(name, kCampaignForm, workspace, field));
  if (ids.empty()) return CampaignName{workspace, "", ""};
  return CampaignName{workspace, std::move(ids[0]), std::move(ids[1])};
}

absl::StatusOr<std::string> SellerRef(const std::string& name, const std::string& workspace,
                                      const std::string& field) {
  return SimpleRef(name, kSellerForm, workspace, field);
}

absl::StatusOr<std::string> CalendarRef(const std::string& name, const std::string& workspace,
                                        const std::string& field) {
  return SimpleRef(name, kCalendarForm, workspace, field);
}

absl::StatusOr<std::string> TeamRef(const std::string& name, const std::string& workspace,
                                    const std::string& field) {
  return SimpleRef(name, kTeamForm, workspace, field);
}

absl::StatusOr<std::string> ActivityRef(const std::string& name, const std::string& workspace,
                                        const std::string& lead, const std::string& field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseRef(name, kActivityForm, workspace, field));
  if (ids.empty()) return std::string();
  if (!lead.empty() && ids[0] != lead) {
    return WithMetadata(Refuse(Reason::kNameInvalid, field, "names an activity of another lead"),
                        "form", kActivityForm);
  }
  return std::move(ids[1]);
}

absl::StatusOr<std::string> FunnelRef(const std::string& name, const std::string& workspace,
                                      const std::string& field) {
  if (IsId(name)) return name;
  return SimpleRef(name, kFunnelForm, workspace, field);
}

std::string WorkspaceNameOf(const std::string& workspace) { return "workspaces/" + workspace; }

std::string LeadNameOf(const std::string& workspace, const std::string& lead) {
  return NameOf(workspace, "leads", lead);
}

std::string ContactNameOf(const std::string& workspace, const std::string& contact) {
  return NameOf(workspace, "contacts", contact);
}

std::string ChannelNameOf(const std::string& workspace, const std::string& channel) {
  return NameOf(workspace, "channels", channel);
}

std::string CampaignNameOf(const std::string& workspace, const std::string& channel,
                           const std::string& campaign) {
  if (campaign.empty()) return "";
  return ChannelNameOf(workspace, channel) + "/campaigns/" + campaign;
}

std::string FunnelNameOf(const std::string& workspace, const std::string& funnel) {
  return NameOf(workspace, "funnelPolicies", funnel);
}

std::string CalendarNameOf(const std::string& workspace, const std::string& calendar) {
  return NameOf(workspace, "calendars", calendar);
}

std::string PlannedActivityNameOf(const std::string& workspace, const std::string& lead,
                                  const std::string& planned_activity) {
  if (planned_activity.empty()) return "";
  return LeadNameOf(workspace, lead) + "/plannedActivities/" + planned_activity;
}

std::string AbsenceNameOf(const std::string& workspace, const std::string& seller,
                          const std::string& first_date) {
  return SellerNameOf(workspace, seller) + "/absences/" + first_date;
}

std::string AssignmentPolicyNameOf(const std::string& workspace) {
  return WorkspaceNameOf(workspace) + "/assignmentPolicy";
}

std::string SellerNameOf(const std::string& workspace, const std::string& seller) {
  return NameOf(workspace, "sellers", seller);
}

std::string TeamNameOf(const std::string& workspace, const std::string& team) {
  return NameOf(workspace, "teams", team);
}

std::string HandoffNameOf(const std::string& workspace, const std::string& handoff) {
  return NameOf(workspace, "handoffs", handoff);
}

std::string ProjectNameOf(const std::string& workspace, const std::string& project) {
  return NameOf(workspace, "projects", project);
}

std::string TokenNameOf(const std::string& workspace, const std::string& token) {
  return NameOf(workspace, "tokens", token);
}

std::string PlanNameOf(const std::string& workspace, const std::string& plan) {
  return NameOf(workspace, "plans", plan);
}

std::string WebhookNameOf(const std::string& workspace, const std::string& webhook) {
  return NameOf(workspace, "webhooks", webhook);
}

std::string ActivityNameOf(const std::string& workspace, const std::string& lead,
                           const std::string& activity) {
  if (activity.empty()) return "";
  return LeadNameOf(workspace, lead) + "/activities/" + activity;
}

}  // namespace sales::service
