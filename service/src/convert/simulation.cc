#include "service/src/convert/simulation.h"

#include <utility>

#include "service/src/convert/fields.h"
#include "service/src/convert/funnel.h"
#include "service/src/convert/names.h"
#include "service/src/convert/report.h"

namespace sales::service {
namespace {

using Request = v1::SimulateFunnelPolicyRequest;

// A candidate without a name of its own is one for the funnel that the request names.
absl::StatusOr<FunnelPolicy> CandidateFrom(const Request& request, const std::string& workspace,
                                           const std::string& funnel) {
  switch (request.candidate_case()) {
    case Request::kPolicy: {
      ASSIGN_OR_RETURN(std::string id,
                       FunnelRef(request.policy().name(), workspace, "policy.name"));
      if (id.empty()) id = funnel;
      if (id.empty()) return Refuse(Reason::kFieldRequired, "policy.name", "is needed");
      return FunnelPolicyFrom(request.policy(), id);
    }
    case Request::kDocument: {
      absl::StatusOr<FunnelPolicy> policy = ParseFunnelPolicy(request.document());
      if (!policy.ok()) return UnderField(policy.status(), "document.");
      if (policy->id.empty()) policy->id = funnel;
      return policy;
    }
    case Request::CANDIDATE_NOT_SET:
      break;
  }
  return Refuse(Reason::kFieldRequired, "policy", "either a policy or a document is needed");
}

void Set(const SimulatedGate& gate, v1::SimulatedGate* out) {
  out->set_stage(gate.stage);
  out->set_moves(gate.moves);
  out->set_passed(gate.passed);
  out->set_refused(gate.refused);
  out->set_not_allowed(gate.not_allowed);
  out->set_overridden(gate.overridden);
  out->set_overrides_spared(gate.overrides_spared);
  out->set_undecided(gate.undecided);
  out->set_work_units(gate.work_units);
  for (const SimulatedCondition& condition : gate.conditions) {
    v1::SimulatedCondition& added = *out->add_conditions();
    added.set_stage(condition.stage);
    added.set_condition(condition.condition);
    added.set_refused(condition.refused);
  }
}

void Set(const SimulatedDeclines& declines, v1::SimulatedDeclines* out) {
  out->set_count(declines.count);
  out->set_refused(declines.refused);
  out->set_undecided(declines.undecided);
  out->set_better(declines.better);
  out->set_price(declines.price);
  out->set_differ(declines.differ);
  out->set_alternatives(declines.alternatives);
}

void Set(const SimulatedRefusal& refusal, const std::string& workspace, v1::SimulatedRefusal* out) {
  out->set_lead(LeadNameOf(workspace, refusal.lead));
  SetTime(refusal.occur_time, out->mutable_occur_time());
  out->set_from_stage(refusal.from);
  out->set_to_stage(refusal.to);
  out->set_not_allowed(refusal.not_allowed);
  for (const MissingCondition& missing : refusal.missing) {
    v1::MissingCondition& added = *out->add_missing();
    added.set_stage(missing.stage);
    added.set_condition(missing.condition);
    added.set_description(missing.description);
  }
}

}  // namespace

absl::StatusOr<SimulateFunnelPolicy> FromProto(const Request& request,
                                               const std::string& workspace) {
  SimulateFunnelPolicy command;
  ASSIGN_OR_RETURN(command.funnel, FunnelRef(request.funnel(), workspace, "funnel"));
  ASSIGN_OR_RETURN(command.policy, CandidateFrom(request, workspace, command.funnel));
  ASSIGN_OR_RETURN(command.window, WindowFrom(request.window()));
  command.as_of_revision = request.as_of_revision();
  return command;
}

v1::SimulateFunnelPolicyResponse ToProto(const PolicySimulation& simulation,
                                         const std::string& workspace) {
  v1::SimulateFunnelPolicyResponse out;
  SetWindow(simulation.window, out.mutable_window());
  out.set_funnel(FunnelNameOf(workspace, simulation.funnel));
  out.set_as_of_revision(simulation.as_of_revision);
  out.set_leads(simulation.leads);
  out.set_leads_refused(simulation.leads_refused);
  for (const SimulatedGate& gate : simulation.stages) Set(gate, out.add_stages());
  Set(simulation.win, out.mutable_win());
  for (const SimulatedLimit& limit : simulation.limits) {
    v1::SimulatedLimit& added = *out.add_limits();
    added.set_stage(limit.stage);
    added.set_clock(static_cast<v1::LeadClock::Kind>(limit.clock));
    added.set_clocks(limit.clocks);
    added.set_breached(limit.breached);
  }
  Set(simulation.declines, out.mutable_declines());
  for (const UnknownStage& unknown : simulation.unknown_stages) {
    v1::UnknownStage& added = *out.add_unknown_stages();
    added.set_stage(unknown.stage);
    added.set_moves(unknown.moves);
    added.set_leads(unknown.leads);
  }
  for (const SimulatedRefusal& refusal : simulation.refusals) {
    Set(refusal, workspace, out.add_refusals());
  }
  out.set_refusals_left_out(simulation.refusals_left_out);
  return out;
}

absl::Status SpellSimulateFunnelPolicy(const Request& request, const absl::Status& status) {
  const char* const candidate = request.has_document() ? "document" : "policy";
  return Respell(status, {{{"policy", "policy"},
                           {"funnel", "funnel"},
                           {"window", "window"},
                           {"as_of_revision", "as_of_revision"},
                           {"id", request.has_document() ? "document.funnel" : "policy.name"},
                           {"", std::string(candidate) + "."}}});
}

}  // namespace sales::service
