// The fields of handoffs, projects and plans, for the archives that keep answers. Found by the
// type of the value, so they stand in its namespace.
#ifndef SALES_SRC_STORE_HANDOFF_FIELDS_H_
#define SALES_SRC_STORE_HANDOFF_FIELDS_H_

#include <optional>
#include <type_traits>
#include <vector>

#include "sales/handoff.h"
#include "sales/plan.h"

namespace sales {

// What a handoff holds that is written and read as a whole; personal, but for its steps.
struct HandoffEvidence {
  std::optional<Introduction> introduction;
  std::optional<ProjectPrepared> project_prepared;
  std::optional<MaterialsShared> materials_shared;
  std::optional<Briefing> briefing;
  std::vector<CompletedStep> completed_steps;
  std::vector<HandoffReturn> returns;
};

// An archive that writes takes a constant value.
template <typename Archive, typename T>
using FieldsOf = std::conditional_t<Archive::kWrites, const T, T>;

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Participant>& participant) {
  archive("display_name", participant.display_name);
  archive("email", participant.email);
  archive("phone", participant.phone);
  archive("role", participant.role);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Introduction>& introduction) {
  archive("meet_time", introduction.meet_time);
  archive("duration", introduction.duration);
  archive("place", introduction.place);
  archive("client_participants", introduction.client_participants);
  archive("studio_participants", introduction.studio_participants);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, ProjectPrepared>& prepared) {
  archive("planner", prepared.planner);
  archive("project_link", prepared.project_link);
  archive("members", prepared.members);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Link>& link) {
  archive("title", link.title);
  archive("uri", link.uri);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, MaterialsShared>& shared) {
  archive("documents", shared.documents);
  archive("requirements", shared.requirements);
  archive("access", shared.access);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Briefing>& briefing) {
  archive("manager", briefing.manager);
  archive("text", briefing.text);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, CompletedStep>& completed) {
  archive("step", completed.step);
  archive("actor", completed.actor);
  archive("complete_time", completed.complete_time);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, HandoffReturn>& returned) {
  archive("actor", returned.actor);
  archive("return_time", returned.return_time);
  archive("missing", returned.missing);
  archive("steps", returned.steps);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, HandoffEvidence>& evidence) {
  archive("introduction", evidence.introduction);
  archive("project_prepared", evidence.project_prepared);
  archive("materials_shared", evidence.materials_shared);
  archive("briefing", evidence.briefing);
  archive("completed_steps", evidence.completed_steps);
  archive("returns", evidence.returns);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Handoff>& handoff) {
  archive("id", handoff.id);
  archive("state", handoff.state);
  archive("contact", handoff.contact);
  archive("seller", handoff.seller);
  archive("manager", handoff.manager);
  archive("introduction", handoff.introduction);
  archive("project_prepared", handoff.project_prepared);
  archive("materials_shared", handoff.materials_shared);
  archive("briefing", handoff.briefing);
  archive("completed_steps", handoff.completed_steps);
  archive("returns", handoff.returns);
  archive("open_time", handoff.open_time);
  archive("introduction_due_time", handoff.introduction_due_time);
  archive("accept_due_time", handoff.accept_due_time);
  archive("accept_time", handoff.accept_time);
  archive("create_time", handoff.create_time);
  archive("update_time", handoff.update_time);
  archive("revision", handoff.revision);
  archive("etag", handoff.etag);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Project>& project) {
  archive("id", project.id);
  archive("state", project.state);
  archive("client", project.client);
  archive("manager", project.manager);
  archive("seller", project.seller);
  archive("members", project.members);
  archive("selling_members", project.selling_members);
  archive("satisfaction", project.satisfaction);
  archive("open_time", project.open_time);
  archive("close_time", project.close_time);
  archive("create_time", project.create_time);
  archive("update_time", project.update_time);
  archive("revision", project.revision);
  archive("etag", project.etag);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, AcceptedHandoff>& accepted) {
  archive("handoff", accepted.handoff);
  archive("project", accepted.project);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, RequestedWork>& requested) {
  archive("lead", requested.lead);
  archive("project", requested.project);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, PlanTargets>& targets) {
  archive("revenue", targets.revenue);
  archive("won", targets.won);
  archive("leads", targets.leads);
  archive("response_within_limit", targets.response_within_limit);
  archive("proposal_within_limit", targets.proposal_within_limit);
  archive("conversion", targets.conversion);
}

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, Plan>& plan) {
  archive("id", plan.id);
  archive("quarter", plan.quarter);
  archive("team", plan.team);
  archive("seller", plan.seller);
  archive("targets", plan.targets);
  archive("create_time", plan.create_time);
  archive("update_time", plan.update_time);
  archive("revision", plan.revision);
  archive("etag", plan.etag);
}

}  // namespace sales

#endif  // SALES_SRC_STORE_HANDOFF_FIELDS_H_
