#include "sales/v1/plan.pb.h"
#include "service/src/call.h"
#include "service/src/convert/outlook.h"
#include "service/src/convert/plan.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Plan> HandleSetPlan(Caller& caller, const v1::SetPlanRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const SetPlan command, FromProto(request, workspace));
  const auto plan = caller.At(workspace).SetPlan(command);
  if (!plan.ok()) return SpellSetPlan(plan.status());
  return ToProto(*plan, workspace);
}

absl::StatusOr<v1::Plan> HandleGetPlan(Caller& caller, const v1::GetPlanRequest& request) {
  ASSIGN_OR_RETURN(const PlanName name, ParsePlan(request.name(), "name"));
  ASSIGN_OR_RETURN(const Plan plan, caller.At(name.workspace).GetPlan(name.plan));
  return ToProto(plan, name.workspace);
}

absl::StatusOr<v1::ListPlansResponse> HandleListPlans(Caller& caller,
                                                      const v1::ListPlansRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Plan> page, caller.At(workspace).ListPlans(query));
  v1::ListPlansResponse response;
  for (const Plan& item : page.items) *response.add_plans() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::ListPlanSnapshotsResponse> HandleListPlanSnapshots(
    Caller& caller, const v1::ListPlanSnapshotsRequest& request) {
  ASSIGN_OR_RETURN(const PlanName name, ParsePlan(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<PlanSnapshot> page,
                   caller.At(name.workspace).ListPlanSnapshots(name.plan, query));
  v1::ListPlanSnapshotsResponse response;
  for (const PlanSnapshot& item : page.items) {
    *response.add_snapshots() = ToProto(item, name.workspace);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

}  // namespace

void AddPlanMethods(std::vector<Method>& methods) {
  const auto add = [&methods](const char* name, Work work, auto handler) {
    methods.push_back(Unary(std::string("PlanService/") + name, work, handler));
  };
  add("SetPlan", Work::kWrite, HandleSetPlan);
  add("GetPlan", Work::kQuick, HandleGetPlan);
  add("ListPlans", Work::kScan, HandleListPlans);
  add("ListPlanSnapshots", Work::kScan, HandleListPlanSnapshots);
}

}  // namespace sales::service
