#include "service/src/convert/plan.h"

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {

v1::Plan ToProto(const Plan& plan, const std::string& workspace) {
  v1::Plan out;
  out.set_name(PlanNameOf(workspace, plan.id));
  out.set_quarter(plan.quarter);
  out.set_team(TeamNameOf(workspace, plan.team));
  out.set_seller(SellerNameOf(workspace, plan.seller));
  const PlanTargets& targets = plan.targets;
  v1::PlanTargets& set = *out.mutable_targets();
  if (targets.revenue) SetMoney(*targets.revenue, set.mutable_revenue());
  if (targets.won) set.set_won(*targets.won);
  if (targets.leads) set.set_leads(*targets.leads);
  if (targets.response_within_limit) {
    set.set_response_within_limit(*targets.response_within_limit);
  }
  if (targets.proposal_within_limit) {
    set.set_proposal_within_limit(*targets.proposal_within_limit);
  }
  if (targets.conversion) set.set_conversion(*targets.conversion);
  SetTime(plan.create_time, out.mutable_create_time());
  SetTime(plan.update_time, out.mutable_update_time());
  out.set_etag(plan.etag);
  return out;
}

absl::StatusOr<SetPlan> FromProto(const v1::SetPlanRequest& request, const std::string& workspace) {
  const v1::Plan& plan = request.plan();
  SetPlan command;
  command.quarter = plan.quarter();
  ASSIGN_OR_RETURN(command.team, TeamRef(plan.team(), workspace, "plan.team"));
  ASSIGN_OR_RETURN(command.seller, SellerRef(plan.seller(), workspace, "plan.seller"));
  const v1::PlanTargets& targets = plan.targets();
  if (targets.has_revenue()) command.targets.revenue = MoneyFrom(targets.revenue());
  if (targets.has_won()) command.targets.won = targets.won();
  if (targets.has_leads()) command.targets.leads = targets.leads();
  if (targets.has_response_within_limit()) {
    command.targets.response_within_limit = targets.response_within_limit();
  }
  if (targets.has_proposal_within_limit()) {
    command.targets.proposal_within_limit = targets.proposal_within_limit();
  }
  if (targets.has_conversion()) command.targets.conversion = targets.conversion();
  return command;
}

absl::Status SpellSetPlan(const absl::Status& status) {
  return Respell(status, {{{"request_id", "request_id"}, {"", "plan."}}});
}

}  // namespace sales::service
