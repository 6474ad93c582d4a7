#include "service/src/convert/lead_commands.h"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "sales/error.h"
#include "sales/limits.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/lead.h"

namespace sales::service {
namespace {

using Step = v1::ImportStep;

// Any command of a step, or the error under the step's own path.
template <typename Request>
absl::StatusOr<LeadCommand> Command(const Request& request, const LeadName& name,
                                    const std::string& field) {
  auto command = FromProto(request, name);
  if (!command.ok()) return UnderField(command.status(), field + ".");
  return LeadCommand(*std::move(command));
}

absl::StatusOr<LeadCommand> CommandFrom(const Step& step, const LeadName& name,
                                        const std::string& field) {
  switch (step.step_case()) {
    case Step::kAssign:
      return Command(step.assign(), name, field + ".assign");
    case Step::kAdvance:
      return Command(step.advance(), name, field + ".advance");
    case Step::kLogActivity:
      return Command(step.log_activity(), name, field + ".log_activity");
    case Step::kAgreeRequirements:
      return Command(step.agree_requirements(), name, field + ".agree_requirements");
    case Step::kRequestProposal:
      return Command(step.request_proposal(), name, field + ".request_proposal");
    case Step::kSendProposal:
      return Command(step.send_proposal(), name, field + ".send_proposal");
    case Step::kAnswerProposal:
      return Command(step.answer_proposal(), name, field + ".answer_proposal");
    case Step::kDecline:
      return Command(step.decline(), name, field + ".decline");
    case Step::kLose:
      return Command(step.lose(), name, field + ".lose");
    case Step::kDisqualify:
      return Command(step.disqualify(), name, field + ".disqualify");
    case Step::kNurture:
      return Command(step.nurture(), name, field + ".nurture");
    case Step::kWin:
      return Command(step.win(), name, field + ".win");
    case Step::kReopen:
      return Command(step.reopen(), name, field + ".reopen");
    case Step::kSetStance:
      return Command(step.set_stance(), name, field + ".set_stance");
    case Step::STEP_NOT_SET:
      break;
  }
  return Refuse(Reason::kFieldRequired, field, "holds no step");
}

absl::StatusOr<LeadStep> StepFrom(const Step& step, const LeadName& name,
                                  const std::string& field) {
  if (!step.has_occur_time()) {
    return Refuse(Reason::kFieldRequired, field + ".occur_time", "is needed");
  }
  LeadStep out;
  ASSIGN_OR_RETURN(out.occur_time, TimeFrom(step.occur_time(), field + ".occur_time"));
  ASSIGN_OR_RETURN(out.command, CommandFrom(step, name, field));
  return out;
}

Spelling CommandSpelling() {
  return {{{"valid_until", "valid_until_date"},
           {"revisit", "revisit_date"},
           {"wake", "wake_date"},
           {"planned_activity", "name"}}};
}

Spelling ActivitySpelling() {
  return {{{"activity", "activity"},
           {"request_id", "request_id"},
           {"parent", "parent"},
           {"", "activity."}}};
}

// "steps[3].stage" is "steps[3].advance.stage" in a row whose fourth step is a move.
std::string SpelledStep(const std::string& path, const v1::ImportLeadsRequest& row) {
  const size_t end = path.find("].");
  if (path.rfind("steps[", 0) != 0 || end == std::string::npos) return path;
  const std::string rest = path.substr(end + 2);
  const int index = std::atoi(path.c_str() + 6);
  if (rest == "occur_time" || index >= row.steps_size()) return path;
  const v1::ImportStep& step = row.steps(index);
  const auto* set = step.GetReflection()->GetOneofFieldDescriptor(
      step, step.GetDescriptor()->FindOneofByName("step"));
  if (set == nullptr) return path;
  const bool activity = step.step_case() == Step::kLogActivity;
  return path.substr(0, end + 2) + set->name() + "." +
         Spelled(rest, activity ? ActivitySpelling() : CommandSpelling());
}

absl::StatusOr<LogActivity> ActivityFrom(const v1::Activity& activity) {
  LogActivity command;
  ASSIGN_OR_RETURN(command.kind, EnumFrom<ActivityKind>(activity.kind(),
                                                        v1::Activity::Kind_IsValid(activity.kind()),
                                                        "activity.kind"));
  ASSIGN_OR_RETURN(command.direction,
                   EnumFrom<Direction>(activity.direction(),
                                       v1::Activity::Direction_IsValid(activity.direction()),
                                       "activity.direction"));
  ASSIGN_OR_RETURN(command.duration, DurationFrom(activity.duration(), "activity.duration"));
  command.text = activity.text();
  command.expectation = activity.expectation();
  return command;
}

}  // namespace

absl::StatusOr<AssignLead> FromProto(const v1::AssignLeadRequest& request, const LeadName& name) {
  AssignLead command;
  ASSIGN_OR_RETURN(command.seller, SellerRef(request.seller(), name.workspace, "seller"));
  command.unassign = request.unassign();
  return command;
}

absl::StatusOr<AdvanceLead> FromProto(const v1::AdvanceLeadRequest& request, const LeadName&) {
  return AdvanceLead{request.stage(), request.reason(), request.override_reason()};
}

absl::StatusOr<LogActivity> FromProto(const v1::LogActivityRequest& request, const LeadName&) {
  return ActivityFrom(request.activity());
}

absl::StatusOr<PlanActivity> FromProto(const v1::PlanActivityRequest& request,
                                       const LeadName& name) {
  PlanActivity command;
  ASSIGN_OR_RETURN(
      command.kind,
      EnumFrom<ActivityKind>(request.kind(), v1::Activity::Kind_IsValid(request.kind()), "kind"));
  if (!request.has_due_time()) return Refuse(Reason::kFieldRequired, "due_time", "is needed");
  ASSIGN_OR_RETURN(command.due_time, TimeFrom(request.due_time(), "due_time"));
  command.text = request.text();
  ASSIGN_OR_RETURN(command.owner, SellerRef(request.owner(), name.workspace, "owner"));
  return command;
}

absl::StatusOr<CompletePlannedActivity> FromProto(const v1::CompletePlannedActivityRequest& request,
                                                  const PlannedActivityName& name) {
  CompletePlannedActivity command;
  command.planned_activity = name.planned_activity;
  ASSIGN_OR_RETURN(command.activity, ActivityFrom(request.activity()));
  return command;
}

absl::StatusOr<AgreeRequirements> FromProto(const v1::AgreeRequirementsRequest& request,
                                            const LeadName&) {
  return AgreeRequirements{request.text()};
}

absl::StatusOr<RequestProposal> FromProto(const v1::RequestProposalRequest&, const LeadName&) {
  return RequestProposal{};
}

absl::StatusOr<SendProposal> FromProto(const v1::SendProposalRequest& request, const LeadName&) {
  if (!request.has_price()) return Refuse(Reason::kFieldRequired, "price", "is needed");
  SendProposal command;
  command.scope = request.scope();
  command.price = MoneyFrom(request.price());
  ASSIGN_OR_RETURN(command.valid_until, DayFrom(request.valid_until_date(), "valid_until_date"));
  return command;
}

absl::StatusOr<AnswerProposal> FromProto(const v1::AnswerProposalRequest& request,
                                         const LeadName&) {
  AnswerProposal command;
  command.version = request.version();
  switch (request.answer()) {
    case v1::AnswerProposalRequest::ANSWER_ACCEPTED:
      command.answer = ProposalState::kAccepted;
      return command;
    case v1::AnswerProposalRequest::ANSWER_REJECTED:
      command.answer = ProposalState::kRejected;
      return command;
    case v1::AnswerProposalRequest::ANSWER_WITHDRAWN:
      command.answer = ProposalState::kWithdrawn;
      return command;
    case v1::AnswerProposalRequest::ANSWER_UNSPECIFIED:
      return Refuse(Reason::kFieldRequired, "answer", "is needed");
    default:
      return Refuse(Reason::kEnumUnknown, "answer", "the value is none that the type lists");
  }
}

absl::StatusOr<DeclineLead> FromProto(const v1::DeclineLeadRequest& request, const LeadName& name) {
  DeclineLead command;
  command.reason = request.reason();
  command.arguments = {request.arguments().better(), request.arguments().price(),
                       request.arguments().differ()};
  command.alternatives = request.alternatives();
  ASSIGN_OR_RETURN(command.told_in,
                   ActivityRef(request.told_in(), name.workspace, name.lead, "told_in"));
  command.may_keep_in_touch = request.may_keep_in_touch();
  ASSIGN_OR_RETURN(command.revisit, DayFrom(request.revisit_date(), "revisit_date"));
  return command;
}

absl::StatusOr<LoseLead> FromProto(const v1::LoseLeadRequest& request, const LeadName&) {
  return LoseLead{request.reason(), request.competitor()};
}

absl::StatusOr<DisqualifyLead> FromProto(const v1::DisqualifyLeadRequest& request,
                                         const LeadName&) {
  return DisqualifyLead{request.reason()};
}

absl::StatusOr<NurtureLead> FromProto(const v1::NurtureLeadRequest& request, const LeadName& name) {
  NurtureLead command;
  command.reason = request.reason();
  ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> wake,
                   DayFrom(request.wake_date(), "wake_date"));
  if (!wake.has_value()) return Refuse(Reason::kFieldRequired, "wake_date", "is needed");
  command.wake = *wake;
  ASSIGN_OR_RETURN(command.owner, SellerRef(request.owner(), name.workspace, "owner"));
  return command;
}

absl::StatusOr<WinLead> FromProto(const v1::WinLeadRequest& request, const LeadName&) {
  WinLead command;
  if (request.has_value()) command.value = MoneyFrom(request.value());
  command.override_reason = request.override_reason();
  return command;
}

absl::StatusOr<SetStance> FromProto(const v1::SetStanceRequest& request, const LeadName&) {
  SetStance command;
  ASSIGN_OR_RETURN(
      command.stance,
      EnumFrom<Stance>(request.stance(), v1::Stance_IsValid(request.stance()), "stance"));
  command.reason = request.reason();
  return command;
}

absl::StatusOr<ReopenLead> FromProto(const v1::ReopenLeadRequest& request, const LeadName&) {
  return ReopenLead{request.reason(), request.override_reason()};
}

absl::StatusOr<ImportLead> FromProto(const v1::ImportLeadsRequest& request,
                                     const std::string& workspace) {
  ImportLead row;
  auto capture = FromProto(request.capture(), workspace);
  if (!capture.ok()) return UnderField(capture.status(), "capture.");
  row.capture = *std::move(capture);
  if (request.steps_size() > limits::import_steps_max) {
    return WithMetadata(Refuse(Reason::kListTooLong, "steps", "has too many entries"), "limit",
                        std::to_string(limits::import_steps_max));
  }
  const LeadName name{workspace, row.capture.id};
  row.steps.reserve(request.steps_size());
  for (int i = 0; i < request.steps_size(); ++i) {
    ASSIGN_OR_RETURN(LeadStep step,
                     StepFrom(request.steps(i), name, "steps[" + std::to_string(i) + "]"));
    row.steps.push_back(std::move(step));
  }
  return row;
}

v1::ImportLeadsResponse ToProto(const ImportResult& result, const std::string& workspace,
                                int64_t row) {
  v1::ImportLeadsResponse out;
  out.set_row(row);
  switch (result.outcome) {
    case ImportOutcome::kImported:
      out.set_result(v1::ImportLeadsResponse::RESULT_IMPORTED);
      break;
    case ImportOutcome::kUnchanged:
      out.set_result(v1::ImportLeadsResponse::RESULT_UNCHANGED);
      break;
    case ImportOutcome::kRejected:
      out.set_result(v1::ImportLeadsResponse::RESULT_REJECTED);
      break;
  }
  if (result.outcome != ImportOutcome::kRejected) {
    out.set_lead(LeadNameOf(workspace, result.lead));
    return out;
  }
  const ErrorDetail detail = DetailOf(result.status);
  out.set_reason(ReasonName(detail.reason));
  out.set_message(std::string(result.status.message()));
  if (!detail.fields.empty()) out.set_field(detail.fields[0].field);
  return out;
}

absl::Status SpellLeadCommand(const absl::Status& status) {
  return Respell(status, CommandSpelling());
}

absl::Status SpellLogActivity(const absl::Status& status) {
  return Respell(status, ActivitySpelling());
}

absl::Status SpellImport(const absl::Status& status, const v1::ImportLeadsRequest& row) {
  return Respell(status, [&row](const std::string& path) {
    if (path.rfind("capture.", 0) == 0) return "capture." + SpelledCapture(path.substr(8));
    return SpelledStep(path, row);
  });
}

}  // namespace sales::service
