#include "src/decide/plans.h"

#include <optional>
#include <string>
#include <utility>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/list.h"
#include "src/store/plan_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::StatusOr<Plan> SetIn(WriteScope& scope, const SetPlan& command) {
  SALES_RETURN_IF_ERROR(CheckPlan(command, scope.currency_code()));
  SALES_ASSIGN_OR_RETURN(
      std::optional<Plan> found,
      store::FindPlan(scope.db, scope.workspace(), *ParseQuarter(command.quarter), command.team,
                      command.seller, scope.currency_code()));
  Plan plan = std::move(found).value_or(Plan{});
  SALES_RETURN_IF_ERROR(internal::CheckEtag(scope.call, plan.etag));
  if (plan.id.empty()) {
    plan.id = scope.core.MakeId();
    plan.quarter = command.quarter;
    plan.team = command.team;
    plan.seller = command.seller;
    plan.create_time = scope.now;
  }
  Event event;
  event.type = EventType::kPlanSet;
  event.subject = "plans/" + plan.id;
  event.changes = TargetChanges(plan.targets, command.targets);
  plan.targets = command.targets;
  plan.update_time = scope.now;
  plan.revision = scope.revision();
  plan.etag = std::to_string(plan.revision);
  SALES_RETURN_IF_ERROR(store::SavePlan(scope.db, scope.workspace(), plan));
  SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
  return plan;
}

}  // namespace

absl::StatusOr<Plan> Desk::SetPlan(const sales::SetPlan& command) const {
  return core_->Write<Plan>(workspace_, call_, CallFingerprint(call_, "SetPlan", command),
                            [&](WriteScope& scope) { return SetIn(scope, command); });
}

absl::StatusOr<Plan> Desk::GetPlan(const std::string& plan) const {
  SALES_RETURN_IF_ERROR(CheckId("plan", plan));
  Plan found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(std::optional<Plan> loaded,
                           store::LoadPlan(scope.db, workspace_, plan, scope.currency_code()));
    if (!loaded.has_value()) return MakeError(Reason::kPlanNotFound, "There is no such plan.");
    found = *std::move(loaded);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Plan>> Desk::ListPlans(const ListQuery& query) const {
  SALES_ASSIGN_OR_RETURN(const store::ListPlan list,
                         store::PlanList(store::PlanListSchema(), workspace_, query));
  Page<Plan> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListPlans(scope.db, workspace_, scope.currency_code(), list));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > list.page_size) {
    page.items.pop_back();
    const Plan& last = page.items.back();
    page.next_page_token = store::NextPageToken(list, store::PlanOrderKey(last, list), last.id);
  }
  return page;
}

}  // namespace sales
