#include "sales/v1/funnel.pb.h"
#include "service/src/call.h"
#include "service/src/convert/funnel.h"
#include "service/src/convert/simulation.h"

namespace sales::service {
namespace {

// A policy that is only looked at needs no name yet; a name that it has must be of the workspace.
absl::StatusOr<std::string> ValidatedId(const std::string& name, const std::string& workspace) {
  if (name.empty()) return std::string("unnamed");
  return FunnelRef(name, workspace, "policy.name");
}

absl::StatusOr<v1::ValidateFunnelPolicyResponse> HandleValidateFunnelPolicy(
    Caller& caller, const v1::ValidateFunnelPolicyRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const std::string id, ValidatedId(request.policy().name(), workspace));
  ASSIGN_OR_RETURN(const FunnelPolicy policy, FunnelPolicyFrom(request.policy(), id));
  ASSIGN_OR_RETURN(const std::vector<PolicyFault> faults,
                   caller.At(workspace).ValidateFunnelPolicy(policy));
  v1::ValidateFunnelPolicyResponse response;
  for (const PolicyFault& fault : faults) *response.add_faults() = ToProto(fault);
  return response;
}

absl::StatusOr<v1::FunnelPolicy> HandleActivateFunnelPolicy(
    Caller& caller, const v1::ActivateFunnelPolicyRequest& request) {
  ASSIGN_OR_RETURN(const FunnelName name, ParseFunnel(request.policy().name(), "policy.name"));
  ASSIGN_OR_RETURN(const ActivateFunnelPolicy command, FromProto(request));
  const auto policy = caller.At(name.workspace).ActivateFunnelPolicy(command);
  if (!policy.ok()) return SpellActivateFunnelPolicy(policy.status());
  return ToProto(*policy, name.workspace);
}

absl::StatusOr<v1::SimulateFunnelPolicyResponse> HandleSimulateFunnelPolicy(
    Caller& caller, const v1::SimulateFunnelPolicyRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const SimulateFunnelPolicy command, FromProto(request, workspace));
  const auto simulation = caller.At(workspace).SimulateFunnelPolicy(command);
  if (!simulation.ok()) return SpellSimulateFunnelPolicy(request, simulation.status());
  return ToProto(*simulation, workspace);
}

absl::StatusOr<v1::FunnelPolicy> HandleGetFunnelPolicy(Caller& caller,
                                                       const v1::GetFunnelPolicyRequest& request) {
  ASSIGN_OR_RETURN(const FunnelName name, ParseFunnel(request.name(), "name"));
  ASSIGN_OR_RETURN(const FunnelPolicy policy,
                   caller.At(name.workspace).GetFunnelPolicy(name.funnel, name.version));
  return ToProto(policy, name.workspace);
}

absl::StatusOr<v1::ListFunnelPoliciesResponse> HandleListFunnelPolicies(
    Caller& caller, const v1::ListFunnelPoliciesRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<FunnelPolicy> page, caller.At(workspace).ListFunnelPolicies(query));
  v1::ListFunnelPoliciesResponse response;
  for (const FunnelPolicy& item : page.items) {
    *response.add_funnel_policies() = ToProto(item, workspace);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

}  // namespace

void AddFunnelMethods(std::vector<Method>& methods) {
  const auto add = [&methods](const char* name, Work work, auto handler) {
    methods.push_back(Unary(std::string("FunnelService/") + name, work, handler));
  };
  add("ValidateFunnelPolicy", Work::kQuick, HandleValidateFunnelPolicy);
  add("ActivateFunnelPolicy", Work::kWrite, HandleActivateFunnelPolicy);
  add("SimulateFunnelPolicy", Work::kScan, HandleSimulateFunnelPolicy);
  add("GetFunnelPolicy", Work::kQuick, HandleGetFunnelPolicy);
  add("ListFunnelPolicies", Work::kScan, HandleListFunnelPolicies);
}

}  // namespace sales::service
