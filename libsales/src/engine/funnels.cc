#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/decide/policy.h"
#include "src/decide/simulate.h"
#include "src/decide/tally_sum.h"
#include "src/engine/core.h"
#include "src/engine/due.h"
#include "src/engine/fingerprint.h"
#include "src/engine/leads.h"
#include "src/engine/report_checks.h"
#include "src/engine/retention.h"
#include "src/store/attribute_rows.h"
#include "src/store/clock_rows.h"
#include "src/store/event_rows.h"
#include "src/store/funnel_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/list.h"
#include "src/store/workspace_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::Status CheckPolicy(const FunnelPolicy& policy) {
  SALES_RETURN_IF_ERROR(CheckId("policy.name", policy.id));
  return PolicyError(ValidateFunnelPolicy(policy));
}

// What the policy itself can say of its faults, CheckPolicy said before.
absl::Status CheckAttributesOf(const FunnelPolicy& policy, const AttributeSchema& schema) {
  return PolicyError(CheckComparedAttributes(policy, schema));
}

bool HasStage(const FunnelPolicy& policy, const std::string& key) {
  return std::any_of(policy.stages.begin(), policy.stages.end(),
                     [&](const Stage& stage) { return stage.key == key; });
}

absl::Status CheckMapping(const ActivateFunnelPolicy& command) {
  for (const auto& [from, to] : command.stage_mapping) {
    if (!HasStage(command.policy, to)) {
      return FieldError(Reason::kStageUnknown, "stage_mapping",
                        "maps to a stage that the policy does not have");
    }
  }
  return absl::OkStatus();
}

// Moves the leads of each stage that goes away to the stage it is mapped to.
absl::Status EmptyRemovedStages(WriteScope& scope, const FunnelPolicy& before,
                                const FunnelPolicy& policy, const ActivateFunnelPolicy& command) {
  std::string stranded;
  for (const Stage& stage : before.stages) {
    if (HasStage(policy, stage.key)) continue;
    const auto mapped = command.stage_mapping.find(stage.key);
    if (mapped != command.stage_mapping.end()) {
      SALES_RETURN_IF_ERROR(internal::MoveToMappedStage(scope, policy, stage.key, mapped->second));
      continue;
    }
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> leads,
                           store::LeadsInStage(scope.db, scope.workspace(), policy.id, stage.key));
    if (!leads.empty()) stranded += (stranded.empty() ? "" : ", ") + stage.key;
  }
  if (stranded.empty()) return absl::OkStatus();
  return WithMetadata(FieldError(Reason::kStageInUse, "stage_mapping",
                                 "leads are in a stage that the policy no longer has"),
                      "stages", stranded);
}

// That no event of the window was compacted with a lead that nothing else is known of.
absl::Status CheckWindowKept(ReadScope& scope, const Window& window, absl::TimeZone zone) {
  const Workspace& workspace = scope.row.workspace;
  if (workspace.oldest_revision == 1) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const absl::Time oldest,
                         store::RecordTimeOf(scope.db, workspace.id, workspace.oldest_revision));
  if (window.start.has_value() && absl::FromCivil(*window.start, zone) >= oldest) {
    return absl::OkStatus();
  }
  return internal::CheckKept(workspace, 0);
}

// The same of a lead of which only the later events are kept.
absl::Status CheckLeadKept(ReadScope& scope, const Window& window, absl::TimeZone zone,
                           const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (!InWindow(window, absl::CivilDay(zone.At(event.occur_time).cs))) continue;
    return internal::CheckKept(scope.row.workspace, 0);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<PolicyFault>> Desk::ValidateFunnelPolicy(
    const FunnelPolicy& policy) const {
  std::vector<PolicyFault> faults = sales::ValidateFunnelPolicy(policy);
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    // Conditions out of their bounds are not walked through.
    if (!faults.empty()) return absl::OkStatus();
    SALES_ASSIGN_OR_RETURN(const auto schema, scope.Attributes());
    faults = CheckComparedAttributes(policy, *schema);
    return absl::OkStatus();
  }));
  return faults;
}

absl::StatusOr<FunnelPolicy> Desk::ActivateFunnelPolicy(
    const sales::ActivateFunnelPolicy& command) const {
  SALES_RETURN_IF_ERROR(CheckPolicy(command.policy));
  SALES_RETURN_IF_ERROR(CheckMapping(command));
  return core_->Write<FunnelPolicy>(
      workspace_, call_, CallFingerprint(call_, "ActivateFunnelPolicy", command),
      [&](WriteScope& scope) -> absl::StatusOr<FunnelPolicy> {
        SALES_ASSIGN_OR_RETURN(
            const std::optional<FunnelPolicy> before,
            store::LoadFunnelPolicy(scope.db, workspace_, command.policy.id, /*version=*/0));
        SALES_ASSIGN_OR_RETURN(const auto schema, scope.Attributes());
        SALES_RETURN_IF_ERROR(CheckAttributesOf(command.policy, *schema));
        FunnelPolicy policy = command.policy;
        TypeComparedAttributes(*schema, policy);
        policy.version = before.has_value() ? before->version + 1 : 1;
        policy.activate_time = scope.now;
        SALES_RETURN_IF_ERROR(store::InsertFunnelPolicy(scope.db, workspace_, policy));
        SALES_RETURN_IF_ERROR(store::SetFunnelRevision(scope.db, workspace_, scope.revision()));
        Event event;
        event.type = EventType::kFunnelPolicyActivated;
        event.subject = "funnelPolicies/" + policy.id;
        event.changes.push_back({"version",
                                 before.has_value() ? std::to_string(before->version) : "",
                                 std::to_string(policy.version)});
        SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        if (before.has_value()) {
          SALES_RETURN_IF_ERROR(EmptyRemovedStages(scope, *before, policy, command));
        }
        // The new policy's limits count from now on for leads that are under way too.
        SALES_RETURN_IF_ERROR(store::ForgetDueTimes(scope.db, workspace_));
        return policy;
      });
}

absl::StatusOr<PolicySimulation> Desk::SimulateFunnelPolicy(
    const sales::SimulateFunnelPolicy& asked) const {
  SALES_RETURN_IF_ERROR(CheckPolicy(asked.policy));
  SALES_RETURN_IF_ERROR(CheckOptionalId("funnel", asked.funnel));
  SALES_RETURN_IF_ERROR(internal::CheckWindow(asked.window));
  sales::SimulateFunnelPolicy command = asked;
  if (command.funnel.empty()) command.funnel = command.policy.id;
  PolicySimulation simulation;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(scope.Policy(command.funnel).status());
    SALES_ASSIGN_OR_RETURN(const auto schema, scope.Attributes());
    SALES_RETURN_IF_ERROR(CheckAttributesOf(command.policy, *schema));
    TypeComparedAttributes(*schema, command.policy);
    SALES_ASSIGN_OR_RETURN(command.as_of_revision,
                           internal::RevisionOf(scope, asked.as_of_revision));
    SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                           LoadZone("time_zone", scope.row.workspace.time_zone));
    SALES_ASSIGN_OR_RETURN(const WorkingTime working_time, internal::WorkingTimeOf(scope));
    SALES_ASSIGN_OR_RETURN(const absl::Time until,
                           store::RecordTimeOf(scope.db, workspace_, command.as_of_revision));
    SALES_RETURN_IF_ERROR(CheckWindowKept(scope, command.window, zone));
    PolicySimulator simulator(command, scope.currency_code(), working_time, zone, until);
    SALES_RETURN_IF_ERROR(store::ScanLeads(
        scope.db, workspace_, command.as_of_revision,
        [&](const std::string& lead, const std::vector<Event>& events) -> absl::Status {
          if (events[0].type != EventType::kLeadCaptured) {
            return CheckLeadKept(scope, command.window, zone, events);
          }
          return simulator.Add(lead, events, [&](int64_t revision) {
            return store::AttributesAt(scope.db, workspace_, lead, revision);
          });
        }));
    simulation = simulator.Finish();
    return absl::OkStatus();
  }));
  return simulation;
}

absl::StatusOr<FunnelPolicy> Desk::GetFunnelPolicy(const std::string& funnel, int version) const {
  FunnelPolicy policy;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(std::optional<FunnelPolicy> found,
                           store::LoadFunnelPolicy(scope.db, workspace_, funnel, version));
    if (!found.has_value()) {
      return MakeError(Reason::kFunnelNotFound, "There is no such funnel policy or version.");
    }
    policy = *std::move(found);
    return absl::OkStatus();
  }));
  return policy;
}

absl::StatusOr<Page<FunnelPolicy>> Desk::ListFunnelPolicies(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"funnelPolicies", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<FunnelPolicy> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListFunnelPolicies(scope.db, workspace_, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

}  // namespace sales
