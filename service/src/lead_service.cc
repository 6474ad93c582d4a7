#include "sales/limits.h"
#include "sales/v1/lead.pb.h"
#include "service/src/call.h"
#include "service/src/convert/lead.h"
#include "service/src/convert/lead_commands.h"
#include "service/src/convert/score.h"

namespace sales::service {
namespace {

std::string RequestPath(size_t index) { return "requests[" + std::to_string(index) + "]."; }

absl::StatusOr<v1::CaptureLeadResponse> HandleCaptureLead(Caller& caller,
                                                          const v1::CaptureLeadRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CaptureLead command, FromProto(request, workspace));
  const auto result = caller.At(workspace).CaptureLead(command);
  if (!result.ok()) return SpellCaptureLead(result.status());
  return ToProto(*result, workspace);
}

// One of a batch; its parent may be left out, but not be another than the batch's.
absl::StatusOr<CaptureLead> BatchEntry(const v1::CaptureLeadRequest& request,
                                       const std::string& workspace) {
  if (!request.parent().empty() && request.parent() != WorkspaceNameOf(workspace)) {
    return Refuse(Reason::kNameInvalid, "parent", "is another workspace than the batch's");
  }
  return FromProto(request, workspace);
}

absl::StatusOr<v1::BatchCaptureLeadsResponse> HandleBatchCaptureLeads(
    Caller& caller, const v1::BatchCaptureLeadsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  if (request.requests_size() == 0) {
    return Refuse(Reason::kFieldRequired, "requests", "is needed");
  }
  if (request.requests_size() > limits::batch_max) {
    return WithMetadata(Refuse(Reason::kListTooLong, "requests", "has too many entries"), "limit",
                        std::to_string(limits::batch_max));
  }
  std::vector<CaptureLead> commands;
  commands.reserve(request.requests_size());
  for (const v1::CaptureLeadRequest& entry : request.requests()) {
    auto command = BatchEntry(entry, workspace);
    if (!command.ok()) {
      return WithMetadata(UnderField(command.status(), RequestPath(commands.size())), "index",
                          std::to_string(commands.size()));
    }
    commands.push_back(*std::move(command));
  }
  const auto results = caller.At(workspace).BatchCaptureLeads(commands);
  if (!results.ok()) return SpellBatchCaptureLeads(results.status());
  v1::BatchCaptureLeadsResponse response;
  for (const CaptureResult& result : *results)
    *response.add_responses() = ToProto(result, workspace);
  return response;
}

absl::Status HandleGetLead(Caller& caller, const v1::GetLeadRequest& request, v1::Lead& response) {
  ASSIGN_OR_RETURN(const LeadName& name, ParseLead(request.name(), "name"));
  ASSIGN_OR_RETURN(const Lead& lead, caller.At(name.workspace).GetLead(name.lead));
  SetLead(lead, name.workspace, response);
  return absl::OkStatus();
}

absl::Status HandleListLeads(Caller& caller, const v1::ListLeadsRequest& request,
                             v1::ListLeadsResponse& response) {
  ASSIGN_OR_RETURN(const std::string& workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Lead>& page, caller.At(workspace).ListLeads(query));
  for (const Lead& item : page.items) SetLead(item, workspace, *response.add_leads());
  response.set_next_page_token(page.next_page_token);
  return absl::OkStatus();
}

absl::StatusOr<v1::Lead> HandleUpdateLead(Caller& caller, const v1::UpdateLeadRequest& request) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.lead().name(), "lead.name"));
  ASSIGN_OR_RETURN(const UpdateLead command, FromProto(request, name.workspace));
  const auto lead = caller.At(name.workspace).UpdateLead(name.lead, command);
  if (!lead.ok()) return SpellUpdateLead(lead.status());
  return ToProto(*lead, name.workspace);
}

absl::StatusOr<v1::CheckMoveResponse> HandleCheckMove(Caller& caller,
                                                      const v1::CheckMoveRequest& request) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.name(), "name"));
  ASSIGN_OR_RETURN(const MoveChecks checks, caller.At(name.workspace).CheckMove(name.lead));
  v1::CheckMoveResponse response;
  for (const MoveCheck& check : checks.stages) *response.add_checks() = ToProto(check);
  *response.mutable_win() = ToProto(checks.win);
  return response;
}

absl::StatusOr<v1::LogActivityResponse> HandleLogActivity(Caller& caller,
                                                          const v1::LogActivityRequest& request) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const LogActivity command, FromProto(request, name));
  const auto logged = caller.At(name.workspace).LogActivity(name.lead, command);
  if (!logged.ok()) return SpellLogActivity(logged.status());
  return ToProto(*logged, name.workspace);
}

// Any command on a lead whose answer is the lead.
template <typename Command>
using Verb = absl::StatusOr<Lead> (Desk::*)(const std::string&, const Command&) const;

template <typename Request, typename Command>
absl::StatusOr<v1::Lead> OnLead(Caller& caller, const Request& request, Verb<Command> verb) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.name(), "name"));
  ASSIGN_OR_RETURN(const Command command, FromProto(request, name));
  const auto lead = (caller.At(name.workspace).*verb)(name.lead, command);
  if (!lead.ok()) return SpellLeadCommand(lead.status());
  return ToProto(*lead, name.workspace);
}

absl::StatusOr<v1::Lead> HandleAssignLead(Caller& caller, const v1::AssignLeadRequest& request) {
  return OnLead(caller, request, &Desk::AssignLead);
}

absl::StatusOr<v1::Lead> HandleAdvanceLead(Caller& caller, const v1::AdvanceLeadRequest& request) {
  return OnLead(caller, request, &Desk::AdvanceLead);
}

absl::StatusOr<v1::Lead> HandlePlanActivity(Caller& caller,
                                            const v1::PlanActivityRequest& request) {
  return OnLead(caller, request, &Desk::PlanActivity);
}

absl::StatusOr<v1::LogActivityResponse> HandleCompletePlannedActivity(
    Caller& caller, const v1::CompletePlannedActivityRequest& request) {
  ASSIGN_OR_RETURN(const PlannedActivityName name, ParsePlannedActivity(request.name(), "name"));
  ASSIGN_OR_RETURN(const CompletePlannedActivity command, FromProto(request, name));
  const auto logged = caller.At(name.workspace).CompletePlannedActivity(name.lead, command);
  if (!logged.ok()) return SpellLeadCommand(logged.status());
  return ToProto(*logged, name.workspace);
}

absl::StatusOr<v1::Lead> HandleCancelPlannedActivity(
    Caller& caller, const v1::CancelPlannedActivityRequest& request) {
  ASSIGN_OR_RETURN(const PlannedActivityName name, ParsePlannedActivity(request.name(), "name"));
  const auto lead =
      caller.At(name.workspace).CancelPlannedActivity(name.lead, {name.planned_activity});
  if (!lead.ok()) return SpellLeadCommand(lead.status());
  return ToProto(*lead, name.workspace);
}

absl::StatusOr<v1::Lead> HandleAgreeRequirements(Caller& caller,
                                                 const v1::AgreeRequirementsRequest& request) {
  return OnLead(caller, request, &Desk::AgreeRequirements);
}

absl::StatusOr<v1::Lead> HandleRequestProposal(Caller& caller,
                                               const v1::RequestProposalRequest& request) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.name(), "name"));
  ASSIGN_OR_RETURN(const Lead lead, caller.At(name.workspace).RequestProposal(name.lead));
  return ToProto(lead, name.workspace);
}

absl::StatusOr<v1::Lead> HandleSendProposal(Caller& caller,
                                            const v1::SendProposalRequest& request) {
  return OnLead(caller, request, &Desk::SendProposal);
}

absl::StatusOr<v1::Lead> HandleAnswerProposal(Caller& caller,
                                              const v1::AnswerProposalRequest& request) {
  return OnLead(caller, request, &Desk::AnswerProposal);
}

absl::StatusOr<v1::Lead> HandleDeclineLead(Caller& caller, const v1::DeclineLeadRequest& request) {
  return OnLead(caller, request, &Desk::DeclineLead);
}

absl::StatusOr<v1::Lead> HandleLoseLead(Caller& caller, const v1::LoseLeadRequest& request) {
  return OnLead(caller, request, &Desk::LoseLead);
}

absl::StatusOr<v1::Lead> HandleDisqualifyLead(Caller& caller,
                                              const v1::DisqualifyLeadRequest& request) {
  return OnLead(caller, request, &Desk::DisqualifyLead);
}

absl::StatusOr<v1::Lead> HandleNurtureLead(Caller& caller, const v1::NurtureLeadRequest& request) {
  return OnLead(caller, request, &Desk::NurtureLead);
}

absl::StatusOr<v1::Lead> HandleWinLead(Caller& caller, const v1::WinLeadRequest& request) {
  return OnLead(caller, request, &Desk::WinLead);
}

absl::StatusOr<v1::Advice> HandleAdviseLead(Caller& caller, const v1::AdviseLeadRequest& request) {
  ASSIGN_OR_RETURN(const LeadName name, ParseLead(request.name(), "name"));
  ASSIGN_OR_RETURN(const Advice advice, caller.At(name.workspace).AdviseLead(name.lead));
  return ToProto(advice, name.workspace);
}

absl::StatusOr<v1::Lead> HandleSetStance(Caller& caller, const v1::SetStanceRequest& request) {
  return OnLead(caller, request, &Desk::SetStance);
}

absl::StatusOr<v1::Lead> HandleReopenLead(Caller& caller, const v1::ReopenLeadRequest& request) {
  return OnLead(caller, request, &Desk::ReopenLead);
}

}  // namespace

void AddLeadMethods(std::vector<Method>& methods) {
  const auto add = [&methods](const char* name, Work work, auto handler) {
    methods.push_back(Unary(std::string("LeadService/") + name, work, handler));
  };
  add("CaptureLead", Work::kWrite, HandleCaptureLead);
  add("BatchCaptureLeads", Work::kWrite, HandleBatchCaptureLeads);
  add("GetLead", Work::kQuick, HandleGetLead);
  add("ListLeads", Work::kScan, HandleListLeads);
  add("UpdateLead", Work::kWrite, HandleUpdateLead);
  add("AssignLead", Work::kWrite, HandleAssignLead);
  add("CheckMove", Work::kQuick, HandleCheckMove);
  add("AdvanceLead", Work::kWrite, HandleAdvanceLead);
  add("LogActivity", Work::kWrite, HandleLogActivity);
  add("PlanActivity", Work::kWrite, HandlePlanActivity);
  add("CompletePlannedActivity", Work::kWrite, HandleCompletePlannedActivity);
  add("CancelPlannedActivity", Work::kWrite, HandleCancelPlannedActivity);
  add("AgreeRequirements", Work::kWrite, HandleAgreeRequirements);
  add("RequestProposal", Work::kWrite, HandleRequestProposal);
  add("SendProposal", Work::kWrite, HandleSendProposal);
  add("AnswerProposal", Work::kWrite, HandleAnswerProposal);
  add("DeclineLead", Work::kWrite, HandleDeclineLead);
  add("LoseLead", Work::kWrite, HandleLoseLead);
  add("DisqualifyLead", Work::kWrite, HandleDisqualifyLead);
  add("NurtureLead", Work::kWrite, HandleNurtureLead);
  add("WinLead", Work::kWrite, HandleWinLead);
  add("SetStance", Work::kWrite, HandleSetStance);
  add("AdviseLead", Work::kWrite, HandleAdviseLead);
  add("ReopenLead", Work::kWrite, HandleReopenLead);
}

}  // namespace sales::service
