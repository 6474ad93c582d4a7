#include <optional>
#include <string>
#include <utility>

#include "sales/engine.h"
#include "src/decide/assignment.h"
#include "src/decide/bounds.h"
#include "src/engine/channels.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/assignment_rows.h"
#include "src/store/team_codec.h"
#include "src/store/team_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::Status NoPolicy() {
  return MakeError(Reason::kAssignmentPolicyNotSet,
                   "The workspace has no assignment policy of this version; set one.");
}

absl::Status CheckTeam(WriteScope& scope, const std::string& field, const std::string& team) {
  SALES_ASSIGN_OR_RETURN(const std::optional<Team> found,
                         store::LoadTeam(scope.db, scope.workspace(), team));
  if (found.has_value()) return absl::OkStatus();
  return FieldError(Reason::kTeamNotFound, field, "there is no such team; create it first");
}

// The error of a check that knows no path, under the path that it is about.
absl::Status AtPath(const absl::Status& status, const std::string& path) {
  if (!absl::IsNotFound(status)) return status;
  return FieldError(ReasonOf(status), path, "is not there; create it first");
}

absl::Status CheckRuleReferences(WriteScope& scope, const std::string& path,
                                 const AssignmentRule& rule) {
  const auto at = [&](const char* list, size_t index) {
    return path + "." + list + "[" + std::to_string(index) + "]";
  };
  for (size_t i = 0; i < rule.channels.size(); ++i) {
    SALES_RETURN_IF_ERROR(
        AtPath(internal::CheckChannel(scope, rule.channels[i], ""), at("channels", i)));
  }
  for (size_t i = 0; i < rule.campaigns.size(); ++i) {
    SALES_RETURN_IF_ERROR(
        AtPath(internal::CheckChannel(scope, rule.campaigns[i].channel, rule.campaigns[i].campaign),
               at("campaigns", i)));
  }
  for (size_t i = 0; i < rule.funnels.size(); ++i) {
    SALES_RETURN_IF_ERROR(AtPath(scope.Policy(rule.funnels[i]).status(), at("funnels", i)));
  }
  return CheckTeam(scope, path + ".team", rule.team);
}

absl::Status CheckReferences(WriteScope& scope, const AssignmentPolicy& policy) {
  if (!policy.default_team.empty()) {
    SALES_RETURN_IF_ERROR(CheckTeam(scope, "default_team", policy.default_team));
  }
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    SALES_RETURN_IF_ERROR(
        CheckRuleReferences(scope, "rules[" + std::to_string(i) + "]", policy.rules[i]));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AssignmentPolicy> Desk::SetAssignmentPolicy(const AssignmentPolicy& policy) const {
  return core_->Write<AssignmentPolicy>(
      workspace_, call_, CallFingerprint(call_, "SetAssignmentPolicy", policy),
      [&](WriteScope& scope) -> absl::StatusOr<AssignmentPolicy> {
        SALES_RETURN_IF_ERROR(CheckAssignmentPolicy(policy, scope.currency_code()));
        SALES_ASSIGN_OR_RETURN(const std::optional<AssignmentPolicy> before,
                               store::LoadAssignmentPolicy(scope.db, workspace_, /*version=*/0));
        SALES_RETURN_IF_ERROR(
            internal::CheckEtag(call_, before.has_value() ? before->etag : std::string()));
        SALES_RETURN_IF_ERROR(CheckReferences(scope, policy));
        AssignmentPolicy next = policy;
        next.version = before.has_value() ? before->version + 1 : 1;
        next.set_time = scope.now;
        next.etag = std::to_string(scope.revision());
        SALES_RETURN_IF_ERROR(
            store::InsertAssignmentPolicy(scope.db, workspace_, next, scope.revision()));
        SALES_RETURN_IF_ERROR(store::SetTeamRevision(scope.db, workspace_, scope.revision()));
        Event event;
        event.type = EventType::kAssignmentPolicySet;
        event.subject = "assignmentPolicy";
        event.changes = {{"version", before.has_value() ? std::to_string(before->version) : "",
                          std::to_string(next.version)}};
        SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        return next;
      });
}

absl::StatusOr<AssignmentPolicy> Desk::GetAssignmentPolicy(int version) const {
  SALES_RETURN_IF_ERROR(CheckRange("version", version, 0, INT32_MAX));
  std::optional<AssignmentPolicy> found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, store::LoadAssignmentPolicy(scope.db, workspace_, version));
    return absl::OkStatus();
  }));
  if (!found.has_value()) return NoPolicy();
  return *std::move(found);
}

}  // namespace sales
