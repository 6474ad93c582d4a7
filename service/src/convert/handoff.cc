#include "service/src/convert/handoff.h"

#include <set>
#include <utility>
#include <vector>

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

using Participants = google::protobuf::RepeatedPtrField<v1::Participant>;
using Links = google::protobuf::RepeatedPtrField<v1::Link>;

void Set(const std::vector<Participant>& participants, Participants* out) {
  for (const Participant& participant : participants) {
    v1::Participant& added = *out->Add();
    added.set_display_name(participant.display_name);
    added.set_email(participant.email);
    added.set_phone(participant.phone);
    added.set_role(participant.role);
  }
}

std::vector<Participant> ParticipantsFrom(const Participants& participants) {
  std::vector<Participant> out;
  out.reserve(participants.size());
  for (const v1::Participant& participant : participants) {
    out.push_back(
        {participant.display_name(), participant.email(), participant.phone(), participant.role()});
  }
  return out;
}

void Set(const std::vector<Link>& links, Links* out) {
  for (const Link& link : links) {
    v1::Link& added = *out->Add();
    added.set_title(link.title);
    added.set_uri(link.uri);
  }
}

std::vector<Link> LinksFrom(const Links& links) {
  std::vector<Link> out;
  out.reserve(links.size());
  for (const v1::Link& link : links) out.push_back({link.title(), link.uri()});
  return out;
}

void Set(const Introduction& introduction, v1::Introduction* out) {
  SetTime(introduction.meet_time, out->mutable_meet_time());
  SetDuration(introduction.duration, out->mutable_duration());
  out->set_place(introduction.place);
  Set(introduction.client_participants, out->mutable_client_participants());
  Set(introduction.studio_participants, out->mutable_studio_participants());
}

void Set(const ProjectPrepared& prepared, v1::ProjectPrepared* out) {
  out->set_planner(prepared.planner);
  out->set_project_link(prepared.project_link);
  for (const std::string& member : prepared.members) out->add_members(member);
}

void Set(const MaterialsShared& shared, v1::MaterialsShared* out) {
  Set(shared.documents, out->mutable_documents());
  Set(shared.requirements, out->mutable_requirements());
  Set(shared.access, out->mutable_access());
}

void SetHistory(const Handoff& handoff, v1::Handoff* out) {
  for (const CompletedStep& completed : handoff.completed_steps) {
    v1::CompletedStep& added = *out->add_completed_steps();
    added.set_step(static_cast<v1::Handoff::Step>(completed.step));
    added.set_actor(completed.actor);
    SetTime(completed.complete_time, added.mutable_complete_time());
  }
  for (const HandoffReturn& returned : handoff.returns) {
    v1::HandoffReturn& added = *out->add_returns();
    added.set_actor(returned.actor);
    SetTime(returned.return_time, added.mutable_return_time());
    added.set_missing(returned.missing);
    for (const HandoffStep step : returned.steps) {
      added.add_steps(static_cast<v1::Handoff::Step>(step));
    }
  }
}

absl::StatusOr<Introduction> IntroductionFrom(const v1::Introduction& introduction) {
  Introduction out;
  if (introduction.has_meet_time()) {
    ASSIGN_OR_RETURN(out.meet_time, TimeFrom(introduction.meet_time(), "introduction.meet_time"));
  }
  if (introduction.has_duration()) {
    ASSIGN_OR_RETURN(out.duration, DurationFrom(introduction.duration(), "introduction.duration"));
  }
  out.place = introduction.place();
  out.client_participants = ParticipantsFrom(introduction.client_participants());
  out.studio_participants = ParticipantsFrom(introduction.studio_participants());
  return out;
}

}  // namespace

v1::Handoff ToProto(const Handoff& handoff, const std::string& workspace) {
  v1::Handoff out;
  out.set_name(HandoffNameOf(workspace, handoff.id));
  out.set_state(static_cast<v1::Handoff::State>(handoff.state));
  out.set_lead(LeadNameOf(workspace, handoff.id));
  out.set_contact(ContactNameOf(workspace, handoff.contact));
  out.set_seller(SellerNameOf(workspace, handoff.seller));
  out.set_manager(handoff.manager);
  if (handoff.introduction) Set(*handoff.introduction, out.mutable_introduction());
  if (handoff.project_prepared) Set(*handoff.project_prepared, out.mutable_project_prepared());
  if (handoff.materials_shared) Set(*handoff.materials_shared, out.mutable_materials_shared());
  if (handoff.briefing) {
    out.mutable_briefing()->set_manager(handoff.briefing->manager);
    out.mutable_briefing()->set_text(handoff.briefing->text);
  }
  SetHistory(handoff, &out);
  SetTime(handoff.open_time, out.mutable_open_time());
  if (handoff.introduction_due_time) {
    SetTime(*handoff.introduction_due_time, out.mutable_introduction_due_time());
  }
  if (handoff.accept_due_time) SetTime(*handoff.accept_due_time, out.mutable_accept_due_time());
  if (handoff.accept_time) SetTime(*handoff.accept_time, out.mutable_accept_time());
  SetTime(handoff.create_time, out.mutable_create_time());
  SetTime(handoff.update_time, out.mutable_update_time());
  out.set_etag(handoff.etag);
  return out;
}

v1::Project ToProto(const Project& project, const std::string& workspace) {
  v1::Project out;
  out.set_name(ProjectNameOf(workspace, project.id));
  out.set_state(static_cast<v1::Project::State>(project.state));
  out.set_client(ContactNameOf(workspace, project.client));
  out.set_lead(LeadNameOf(workspace, project.id));
  out.set_manager(project.manager);
  out.set_seller(SellerNameOf(workspace, project.seller));
  for (const std::string& member : project.members) out.add_members(member);
  for (const std::string& member : project.selling_members) out.add_selling_members(member);
  out.set_satisfaction(project.satisfaction);
  SetTime(project.open_time, out.mutable_open_time());
  if (project.close_time) SetTime(*project.close_time, out.mutable_close_time());
  SetTime(project.create_time, out.mutable_create_time());
  SetTime(project.update_time, out.mutable_update_time());
  out.set_etag(project.etag);
  return out;
}

v1::ExportHandoffPackResponse ToProto(const HandoffPack& pack) {
  v1::ExportHandoffPackResponse out;
  out.set_brief(pack.brief);
  out.set_contacts(pack.contacts);
  out.set_invitation(pack.invitation);
  out.set_json(pack.json);
  return out;
}

absl::StatusOr<CompleteHandoffStep> FromProto(const v1::CompleteHandoffStepRequest& request) {
  CompleteHandoffStep command;
  switch (request.evidence_case()) {
    case v1::CompleteHandoffStepRequest::kIntroduction: {
      ASSIGN_OR_RETURN(command.evidence, IntroductionFrom(request.introduction()));
      break;
    }
    case v1::CompleteHandoffStepRequest::kProjectPrepared: {
      const v1::ProjectPrepared& prepared = request.project_prepared();
      command.evidence = ProjectPrepared{
          prepared.planner(), prepared.project_link(),
          std::vector<std::string>(prepared.members().begin(), prepared.members().end())};
      break;
    }
    case v1::CompleteHandoffStepRequest::kMaterialsShared: {
      const v1::MaterialsShared& shared = request.materials_shared();
      command.evidence =
          MaterialsShared{LinksFrom(shared.documents()), LinksFrom(shared.requirements()),
                          LinksFrom(shared.access())};
      break;
    }
    case v1::CompleteHandoffStepRequest::kBriefing:
      command.evidence = Briefing{request.briefing().manager(), request.briefing().text()};
      break;
    case v1::CompleteHandoffStepRequest::EVIDENCE_NOT_SET:
      // The engine says what is missing.
      break;
  }
  return command;
}

absl::StatusOr<ReturnHandoff> FromProto(const v1::ReturnHandoffRequest& request) {
  ReturnHandoff command;
  command.missing = request.missing();
  for (int i = 0; i < request.steps_size(); ++i) {
    ASSIGN_OR_RETURN(
        const HandoffStep step,
        EnumFrom<HandoffStep>(request.steps(i), v1::Handoff::Step_IsValid(request.steps(i)),
                              "steps[" + std::to_string(i) + "]"));
    command.steps.push_back(step);
  }
  return command;
}

absl::StatusOr<UpdateProject> FromProto(const v1::UpdateProjectRequest& request) {
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), request.project(), {"members"}));
  UpdateProject command;
  if (fields.count("members") > 0) {
    command.members.emplace(request.project().members().begin(), request.project().members().end());
  }
  return command;
}

absl::StatusOr<RequestWork> FromProto(const v1::RequestWorkRequest& request,
                                      const std::string& workspace) {
  RequestWork command;
  command.id = request.lead_id();
  command.need = request.need();
  command.interest = request.interest();
  if (request.has_expected_value()) command.expected_value = MoneyFrom(request.expected_value());
  if (request.has_budget()) command.budget = MoneyFrom(request.budget());
  ASSIGN_OR_RETURN(command.seller, SellerRef(request.seller(), workspace, "seller"));
  ASSIGN_OR_RETURN(command.funnel, FunnelRef(request.funnel(), workspace, "funnel"));
  return command;
}

absl::Status SpellUpdateProject(const absl::Status& status) {
  return Respell(status,
                 {{{"project", "project"}, {"request_id", "request_id"}, {"", "project."}}});
}

absl::Status SpellRequestWork(const absl::Status& status) {
  return Respell(status, {{{"id", "lead_id"}}});
}

}  // namespace sales::service
