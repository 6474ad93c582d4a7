#include "service/src/convert/workspace.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {

namespace {

absl::StatusOr<std::vector<AttributeDefinition>> LeadAttributesOf(const v1::Workspace& workspace) {
  std::vector<AttributeDefinition> definitions;
  definitions.reserve(workspace.lead_attributes_size());
  for (const v1::AttributeDefinition& given : workspace.lead_attributes()) {
    AttributeDefinition& added = definitions.emplace_back();
    added.key = given.key();
    added.display_name = given.display_name();
    ASSIGN_OR_RETURN(
        added.type, EnumFrom<AttributeType>(given.type(), v1::AttributeType_IsValid(given.type()),
                                            "workspace.lead_attributes[" +
                                                std::to_string(definitions.size() - 1) + "].type"));
    added.values = {given.values().begin(), given.values().end()};
  }
  return definitions;
}

absl::StatusOr<LeadVisibility> LeadVisibilityOf(const v1::Workspace& workspace) {
  return EnumFrom<LeadVisibility>(workspace.lead_visibility(),
                                  v1::LeadVisibility_IsValid(workspace.lead_visibility()),
                                  "workspace.lead_visibility");
}

}  // namespace

v1::Workspace ToProto(const Workspace& workspace) {
  v1::Workspace out;
  out.set_name(WorkspaceNameOf(workspace.id));
  out.set_display_name(workspace.display_name);
  out.set_time_zone(workspace.time_zone);
  out.set_currency_code(workspace.currency_code);
  out.set_default_region(workspace.default_region);
  out.set_default_funnel(workspace.default_funnel);
  out.set_revision(workspace.revision);
  SetTime(workspace.create_time, out.mutable_create_time());
  SetTime(workspace.update_time, out.mutable_update_time());
  out.set_etag(workspace.etag);
  out.set_default_calendar(CalendarNameOf(workspace.id, workspace.default_calendar));
  for (const AttributeDefinition& definition : workspace.lead_attributes) {
    v1::AttributeDefinition& added = *out.add_lead_attributes();
    added.set_key(definition.key);
    added.set_display_name(definition.display_name);
    added.set_type(static_cast<v1::AttributeType>(definition.type));
    added.mutable_values()->Add(definition.values.begin(), definition.values.end());
  }
  out.mutable_score_features()->Add(workspace.score_features.begin(),
                                    workspace.score_features.end());
  out.set_lead_visibility(static_cast<v1::LeadVisibility>(workspace.lead_visibility));
  out.set_event_retention_days(workspace.event_retention_days);
  out.set_oldest_revision(workspace.oldest_revision);
  return out;
}

absl::StatusOr<CreateWorkspace> FromProto(const v1::CreateWorkspaceRequest& request) {
  if (request.workspace_id().empty()) {
    return Refuse(Reason::kFieldRequired, "workspace_id", "is needed");
  }
  const v1::Workspace& workspace = request.workspace();
  if (!workspace.default_calendar().empty()) {
    return Refuse(Reason::kCalendarNotFound, "workspace.default_calendar",
                  "a new workspace has no calendars; create one, then update the workspace");
  }
  CreateWorkspace command;
  command.id = request.workspace_id();
  command.display_name = workspace.display_name();
  if (!workspace.time_zone().empty()) command.time_zone = workspace.time_zone();
  if (!workspace.currency_code().empty()) command.currency_code = workspace.currency_code();
  command.default_region = workspace.default_region();
  if (!workspace.default_funnel().empty()) {
    ASSIGN_OR_RETURN(command.default_funnel,
                     FunnelRef(workspace.default_funnel(), command.id, "workspace.default_funnel"));
  }
  ASSIGN_OR_RETURN(command.lead_attributes, LeadAttributesOf(workspace));
  command.score_features = {workspace.score_features().begin(), workspace.score_features().end()};
  ASSIGN_OR_RETURN(command.lead_visibility, LeadVisibilityOf(workspace));
  command.event_retention_days = workspace.event_retention_days();
  return command;
}

absl::StatusOr<UpdateWorkspace> FromProto(const v1::UpdateWorkspaceRequest& request) {
  const v1::Workspace& workspace = request.workspace();
  ASSIGN_OR_RETURN(const std::string id, ParseWorkspace(workspace.name(), "workspace.name"));
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), workspace,
                                 {"display_name", "default_region", "default_funnel",
                                  "default_calendar", "lead_attributes", "score_features",
                                  "lead_visibility", "event_retention_days"}));
  UpdateWorkspace command;
  if (fields.count("display_name") > 0) command.display_name = workspace.display_name();
  if (fields.count("default_region") > 0) command.default_region = workspace.default_region();
  if (fields.count("default_funnel") > 0) {
    ASSIGN_OR_RETURN(command.default_funnel,
                     FunnelRef(workspace.default_funnel(), id, "workspace.default_funnel"));
  }
  if (fields.count("default_calendar") > 0) {
    ASSIGN_OR_RETURN(command.default_calendar,
                     CalendarRef(workspace.default_calendar(), id, "workspace.default_calendar"));
  }
  if (fields.count("lead_attributes") > 0) {
    ASSIGN_OR_RETURN(command.lead_attributes, LeadAttributesOf(workspace));
  }
  if (fields.count("score_features") > 0) {
    command.score_features.emplace(workspace.score_features().begin(),
                                   workspace.score_features().end());
  }
  if (fields.count("lead_visibility") > 0) {
    ASSIGN_OR_RETURN(command.lead_visibility, LeadVisibilityOf(workspace));
    if (command.lead_visibility == LeadVisibility::kUnspecified) {
      command.lead_visibility = LeadVisibility::kAll;
    }
  }
  if (fields.count("event_retention_days") > 0) {
    command.event_retention_days = workspace.event_retention_days();
  }
  return command;
}

absl::Status SpellCreateWorkspace(const absl::Status& status) {
  return Respell(status, {{{"id", "workspace_id"},
                           {"workspace_id", "workspace_id"},
                           {"workspace", "workspace"},
                           {"request_id", "request_id"},
                           {"", "workspace."}}});
}

absl::Status SpellUpdateWorkspace(const absl::Status& status) {
  return Respell(status,
                 {{{"workspace", "workspace"}, {"request_id", "request_id"}, {"", "workspace."}}});
}

}  // namespace sales::service
