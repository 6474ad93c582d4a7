#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/decide/score.h"
#include "src/engine/channels.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/attribute_schema_rows.h"
#include "src/store/calendar_rows.h"
#include "src/store/clock_rows.h"
#include "src/store/funnel_rows.h"
#include "src/store/list.h"
#include "src/store/workspace_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::Status CheckRetention(int days) {
  if (days >= 0 && days <= limits::event_retention_days_max) return absl::OkStatus();
  return FieldError(
      Reason::kFieldInvalid, "event_retention_days",
      "is not from 0, for ever, to " + std::to_string(limits::event_retention_days_max));
}

absl::Status CheckCreate(const CreateWorkspace& command) {
  SALES_RETURN_IF_ERROR(CheckId("workspace_id", command.id));
  SALES_RETURN_IF_ERROR(
      CheckText("display_name", command.display_name, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(LoadZone("time_zone", command.time_zone).status());
  SALES_RETURN_IF_ERROR(CheckCurrencyCode("currency_code", command.currency_code));
  SALES_RETURN_IF_ERROR(CheckRegion("default_region", command.default_region));
  SALES_RETURN_IF_ERROR(CheckAttributeSchema("lead_attributes", command.lead_attributes));
  SALES_RETURN_IF_ERROR(CheckScoreFeatures(command.score_features, command.lead_attributes));
  SALES_RETURN_IF_ERROR(CheckRetention(command.event_retention_days));
  if (command.default_funnel == WebStudioPolicy().id) return absl::OkStatus();
  // Another policy can only be put in force once the workspace is there.
  return FieldError(Reason::kFunnelNotFound, "default_funnel",
                    "must be " + WebStudioPolicy().id +
                        " at first; activate another policy, then update the workspace");
}

// Leads' due times are worked out again by it.
absl::Status SetDefaultCalendar(WriteScope& scope, const std::string& calendar) {
  if (!calendar.empty()) {
    SALES_ASSIGN_OR_RETURN(const std::optional<Calendar> found,
                           store::LoadCalendar(scope.db, scope.workspace(), calendar));
    if (!found.has_value()) {
      return FieldError(Reason::kCalendarNotFound, "default_calendar", "there is no such calendar");
    }
  }
  scope.row.workspace.default_calendar = calendar;
  SALES_RETURN_IF_ERROR(
      store::NoteDefaultCalendar(scope.db, scope.workspace(), calendar, scope.revision()));
  return store::ForgetDueTimes(scope.db, scope.workspace());
}

// No policy in force may be left with a comparison that the attributes cannot have.
absl::Status CheckPoliciesInForce(WriteScope& scope, const AttributeSchema& schema) {
  std::string after;
  while (true) {
    SALES_ASSIGN_OR_RETURN(
        const std::vector<FunnelPolicy> policies,
        store::ListFunnelPolicies(scope.db, scope.workspace(), after, limits::page_size_default));
    for (const FunnelPolicy& policy : policies) {
      const std::vector<PolicyFault> faults = CheckComparedAttributes(policy, schema);
      if (faults.empty()) continue;
      return WithMetadata(
          WithMetadata(FieldError(Reason::kAttributeInUse, "lead_attributes",
                                  "a policy in force compares an attribute: at " + faults[0].path +
                                      " it " + faults[0].description),
                       "funnel", policy.id),
          "path", faults[0].path);
    }
    if (policies.size() < static_cast<size_t>(limits::page_size_default)) return absl::OkStatus();
    after = policies.back().id;
  }
}

absl::Status SetLeadAttributes(WriteScope& scope, const AttributeSchema& schema,
                               std::vector<Change>& changes) {
  if (!schema.empty()) SALES_RETURN_IF_ERROR(CheckPoliciesInForce(scope, schema));
  AttributeSchema& kept = scope.row.workspace.lead_attributes;
  changes.push_back({"lead_attributes", kept.empty() ? "" : std::to_string(kept.size()),
                     schema.empty() ? "" : std::to_string(schema.size())});
  kept = schema;
  return store::SaveAttributeSchema(scope.db, scope.workspace(), schema, scope.revision());
}

absl::Status SetScoreFeatures(WriteScope& scope, const std::vector<std::string>& features,
                              std::vector<Change>& changes) {
  const AttributeSchema& schema = scope.row.workspace.lead_attributes;
  SALES_RETURN_IF_ERROR(CheckScoreFeatures(features, schema));
  std::vector<std::string>& kept = scope.row.workspace.score_features;
  changes.push_back({"score_features", JoinLabels(kept), JoinLabels(features)});
  kept = features;
  return absl::OkStatus();
}

void SetRetention(WriteScope& scope, int days, std::vector<Change>& changes) {
  const auto text = [](int of) { return of == 0 ? std::string() : std::to_string(of); };
  int& kept = scope.row.workspace.event_retention_days;
  if (kept != days) changes.push_back({"event_retention_days", text(kept), text(days)});
  kept = days;
}

// No attribute may go that leads are scored by.
absl::Status CheckScoredAttributes(const Workspace& workspace) {
  for (const std::string& feature : workspace.score_features) {
    if (CheckScoreFeatures({feature}, workspace.lead_attributes).ok()) continue;
    return WithMetadata(FieldError(Reason::kAttributeInUse, "lead_attributes",
                                   "leads are scored by an attribute that is to go"),
                        "score_feature", feature);
  }
  return absl::OkStatus();
}

const char* LeadVisibilityName(LeadVisibility visibility) {
  switch (visibility) {
    case LeadVisibility::kTeam:
      return "TEAM";
    case LeadVisibility::kOwn:
      return "OWN";
    default:
      return "ALL";
  }
}

absl::Status SetLeadVisibility(WriteScope& scope, LeadVisibility visibility,
                               std::vector<Change>& changes) {
  if (visibility < LeadVisibility::kAll || visibility > LeadVisibility::kOwn) {
    return FieldError(Reason::kEnumUnknown, "lead_visibility", "is none of those that there are");
  }
  LeadVisibility& kept = scope.row.workspace.lead_visibility;
  if (visibility == kept) return absl::OkStatus();
  changes.push_back({"lead_visibility", LeadVisibilityName(kept), LeadVisibilityName(visibility)});
  kept = visibility;
  return absl::OkStatus();
}

absl::Status StartRecord(WriteScope& scope, const CreateWorkspace& command) {
  const AttributeSchema& schema = command.lead_attributes;
  SALES_RETURN_IF_ERROR(internal::CreateBuiltInChannels(scope));
  FunnelPolicy policy = WebStudioPolicy();
  policy.version = 1;
  policy.activate_time = scope.now;
  SALES_RETURN_IF_ERROR(store::InsertFunnelPolicy(scope.db, scope.workspace(), policy));
  Event created;
  created.type = EventType::kWorkspaceCreated;
  created.changes = {{"time_zone", "", scope.row.workspace.time_zone},
                     {"currency_code", "", scope.row.workspace.currency_code}};
  if (!schema.empty()) {
    SALES_RETURN_IF_ERROR(SetLeadAttributes(scope, schema, created.changes));
  }
  if (!command.score_features.empty()) {
    SALES_RETURN_IF_ERROR(SetScoreFeatures(scope, command.score_features, created.changes));
  }
  if (command.lead_visibility != LeadVisibility::kUnspecified) {
    SALES_RETURN_IF_ERROR(SetLeadVisibility(scope, command.lead_visibility, created.changes));
  }
  if (created.changes.size() > 2) {
    SALES_RETURN_IF_ERROR(store::UpdateWorkspace(scope.db, scope.row));
  }
  SetRetention(scope, command.event_retention_days, created.changes);
  if (command.event_retention_days != 0) {
    SALES_RETURN_IF_ERROR(store::UpdateWorkspace(scope.db, scope.row));
  }
  SALES_RETURN_IF_ERROR(scope.Record(std::move(created)));
  Event activated;
  activated.type = EventType::kFunnelPolicyActivated;
  activated.subject = "funnelPolicies/" + policy.id;
  activated.changes = {{"version", "", std::to_string(policy.version)}};
  return scope.Record(std::move(activated));
}

}  // namespace

absl::StatusOr<Workspace> Engine::CreateWorkspace(const sales::CreateWorkspace& command,
                                                  const Call& call) const {
  SALES_RETURN_IF_ERROR(CheckCreate(command));
  return core_->WriteWorkspace(
      command, call, CallFingerprint(call, "CreateWorkspace", command),
      [&command](WriteScope& scope) { return StartRecord(scope, command); });
}

absl::StatusOr<Page<Workspace>> Engine::ListWorkspaces(const ListQuery& query,
                                                       const Call& call) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"workspaces"});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Workspace> page;
  SALES_RETURN_IF_ERROR(core_->ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items, store::ListWorkspaces(db, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Workspace> Desk::GetWorkspace() const {
  Workspace workspace;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    workspace = scope.row.workspace;
    SALES_ASSIGN_OR_RETURN(const auto schema, scope.Attributes());
    workspace.lead_attributes = *schema;
    return absl::OkStatus();
  }));
  return workspace;
}

absl::StatusOr<Workspace> Desk::UpdateWorkspace(const sales::UpdateWorkspace& command) const {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(
        CheckText("display_name", *command.display_name, limits::display_name_bytes_max));
  }
  if (command.default_region.has_value()) {
    SALES_RETURN_IF_ERROR(CheckRegion("default_region", *command.default_region));
  }
  if (command.lead_attributes.has_value()) {
    SALES_RETURN_IF_ERROR(CheckAttributeSchema("lead_attributes", *command.lead_attributes));
  }
  if (command.event_retention_days.has_value()) {
    SALES_RETURN_IF_ERROR(CheckRetention(*command.event_retention_days));
  }
  return core_->Write<Workspace>(
      workspace_, call_, CallFingerprint(call_, "UpdateWorkspace", command),
      [&](WriteScope& scope) -> absl::StatusOr<Workspace> {
        Workspace& workspace = scope.row.workspace;
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, workspace.etag));
        SALES_ASSIGN_OR_RETURN(const auto schema, scope.Attributes());
        workspace.lead_attributes = *schema;
        Event event;
        event.type = EventType::kWorkspaceUpdated;
        if (command.default_funnel.has_value()) {
          SALES_RETURN_IF_ERROR(scope.Policy(*command.default_funnel).status());
          workspace.default_funnel = *command.default_funnel;
        }
        if (command.default_calendar.has_value()) {
          SALES_RETURN_IF_ERROR(SetDefaultCalendar(scope, *command.default_calendar));
        }
        if (command.display_name.has_value()) workspace.display_name = *command.display_name;
        if (command.default_region.has_value()) {
          workspace.default_region = *command.default_region;
        }
        if (command.lead_attributes.has_value()) {
          SALES_RETURN_IF_ERROR(SetLeadAttributes(scope, *command.lead_attributes, event.changes));
        }
        if (command.score_features.has_value()) {
          SALES_RETURN_IF_ERROR(SetScoreFeatures(scope, *command.score_features, event.changes));
        } else if (command.lead_attributes.has_value()) {
          SALES_RETURN_IF_ERROR(CheckScoredAttributes(workspace));
        }
        if (command.event_retention_days.has_value()) {
          SetRetention(scope, *command.event_retention_days, event.changes);
        }
        if (command.lead_visibility.has_value()) {
          SALES_RETURN_IF_ERROR(SetLeadVisibility(scope, *command.lead_visibility, event.changes));
        }
        workspace.update_time = scope.now;
        workspace.etag = std::to_string(scope.revision());
        SALES_RETURN_IF_ERROR(store::UpdateWorkspace(scope.db, scope.row));
        SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        return workspace;
      });
}

}  // namespace sales
