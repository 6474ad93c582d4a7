#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/handoff.h"
#include "src/engine/assignments.h"
#include "src/engine/capture_draft.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/engine/handoffs.h"
#include "src/engine/leads.h"
#include "src/engine/sight.h"
#include "src/store/handoff_rows.h"
#include "src/store/list.h"

namespace sales::internal {

absl::StatusOr<ProjectRecord> FindProject(sql::Connection& db, const std::string& workspace,
                                          const std::string& project) {
  SALES_ASSIGN_OR_RETURN(std::optional<ProjectRecord> found,
                         store::LoadProject(db, workspace, project));
  if (!found.has_value()) return NoSuchProject();
  return *std::move(found);
}

absl::Status NoSuchProject() {
  return MakeError(Reason::kProjectNotFound,
                   "There is no such project; a project is opened when its handoff is accepted.");
}

absl::StatusOr<Project> KeepProject(WriteScope& scope, EventType type, const Project& before,
                                    ProjectRecord& after) {
  Project& project = after.project;
  project.update_time = scope.now;
  project.revision = scope.revision();
  project.etag = std::to_string(project.revision);
  SALES_RETURN_IF_ERROR(store::SaveProject(scope.db, scope.workspace(), project));
  Project shown = ShownProject(after);
  Event event;
  event.type = type;
  event.lead = project.id;
  event.contact = project.client;
  event.subject = "projects/" + project.id;
  event.changes = ProjectChanges(before, shown);
  SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
  return shown;
}

}  // namespace sales::internal

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::CaptureDraft;
using internal::DraftEvent;
using internal::ReadScope;
using internal::WriteScope;

// Errors: PROJECT_NOT_FOUND, also where its seller's leads are not seen.
template <typename Scope>
absl::StatusOr<ProjectRecord> FindSeen(const Scope& scope, const std::string& project) {
  SALES_ASSIGN_OR_RETURN(ProjectRecord found,
                         internal::FindProject(scope.db, scope.workspace(), project));
  SALES_ASSIGN_OR_RETURN(const bool sees, internal::SeesSeller(scope, found.project.seller));
  if (!sees) return internal::NoSuchProject();
  return found;
}

absl::StatusOr<ProjectRecord> FindFor(WriteScope& scope, const std::string& project) {
  SALES_ASSIGN_OR_RETURN(ProjectRecord found, FindSeen(scope, project));
  SALES_RETURN_IF_ERROR(internal::CheckEtag(scope.call, found.project.etag));
  return found;
}

CaptureLead CaptureOf(const RequestWork& command, const Project& project) {
  CaptureLead capture;
  capture.contact.id = project.client;
  capture.id = command.id;
  capture.channel = kRepeatRequestChannel;
  capture.funnel = command.funnel;
  capture.need = command.need;
  capture.interest = command.interest;
  capture.expected_value = command.expected_value;
  capture.budget = command.budget;
  capture.seller = command.seller.empty() ? project.seller : command.seller;
  return capture;
}

absl::StatusOr<RequestedWork> RequestIn(WriteScope& scope, const std::string& project,
                                        const RequestWork& command) {
  SALES_ASSIGN_OR_RETURN(const ProjectRecord record, FindFor(scope, project));
  SALES_RETURN_IF_ERROR(RequireLive(record.project));
  if (scope.occur_time < record.project.open_time) {
    return FieldError(Reason::kTimeOrder, "occur_time", "is before the project was opened");
  }
  SALES_ASSIGN_OR_RETURN(CaptureDraft draft,
                         internal::DraftCapture(scope, CaptureOf(command, record.project), {}));
  draft.record.lead.project = project;
  draft.effect.changes.push_back({"project", "", project});
  std::vector<DraftEvent> events(1);
  events[0].event =
      internal::LeadEvent(draft.record.lead, Track{}, TrackOf(draft.record), draft.effect);
  events[0].event.occur_time = draft.record.lead.receive_time;
  // Of a project that nobody sold.
  SALES_ASSIGN_OR_RETURN(const std::optional<AssignmentRecord> assignment,
                         internal::AssignCaptured(scope, draft, events));
  SALES_RETURN_IF_ERROR(internal::KeepCapture(scope, draft, std::move(events), std::nullopt));
  SALES_RETURN_IF_ERROR(internal::KeepAssignment(scope, assignment));
  RequestedWork requested;
  requested.lead = std::move(draft.record.lead);
  SALES_RETURN_IF_ERROR(internal::FollowLead(scope, Lead{}, requested.lead));
  SALES_ASSIGN_OR_RETURN(const ProjectRecord now,
                         internal::FindProject(scope.db, scope.workspace(), project));
  requested.project = ShownProject(now);
  return requested;
}

}  // namespace

absl::StatusOr<Project> Desk::GetProject(const std::string& project) const {
  SALES_RETURN_IF_ERROR(CheckId("project", project));
  Project found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const ProjectRecord record, FindSeen(scope, project));
    found = ShownProject(record);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Project>> Desk::ListProjects(const ListQuery& query) const {
  SALES_ASSIGN_OR_RETURN(store::ListPlan plan,
                         store::PlanList(store::ProjectListSchema(), workspace_, query));
  Page<Project> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(internal::NarrowToSeen(scope, plan));
    SALES_ASSIGN_OR_RETURN(const std::vector<ProjectRecord> records,
                           store::ListProjects(scope.db, workspace_, plan));
    for (const ProjectRecord& record : records) page.items.push_back(ShownProject(record));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > plan.page_size) {
    page.items.pop_back();
    const Project& last = page.items.back();
    page.next_page_token = store::NextPageToken(plan, store::ProjectOrderKey(last, plan), last.id);
  }
  return page;
}

absl::StatusOr<Project> Desk::UpdateProject(const std::string& project,
                                            const sales::UpdateProject& command) const {
  return core_->Write<Project>(
      workspace_, call_, CallFingerprint(call_, "UpdateProject", project, command),
      [&](WriteScope& scope) -> absl::StatusOr<Project> {
        SALES_ASSIGN_OR_RETURN(ProjectRecord record, FindFor(scope, project));
        const Project before = ShownProject(record);
        SALES_RETURN_IF_ERROR(DecideUpdate(command, record));
        return internal::KeepProject(scope, EventType::kProjectUpdated, before, record);
      });
}

absl::StatusOr<RequestedWork> Desk::RequestWork(const std::string& project,
                                                const sales::RequestWork& command) const {
  return core_->Write<RequestedWork>(
      workspace_, call_, CallFingerprint(call_, "RequestWork", project, command),
      [&](WriteScope& scope) { return RequestIn(scope, project, command); });
}

absl::StatusOr<Project> Desk::CloseProject(const std::string& project,
                                           const sales::CloseProject& command) const {
  return core_->Write<Project>(
      workspace_, call_, CallFingerprint(call_, "CloseProject", project, command),
      [&](WriteScope& scope) -> absl::StatusOr<Project> {
        SALES_ASSIGN_OR_RETURN(ProjectRecord record, FindFor(scope, project));
        const Project before = ShownProject(record);
        SALES_RETURN_IF_ERROR(DecideClose(command, scope.occur_time, record));
        return internal::KeepProject(scope, EventType::kProjectClosed, before, record);
      });
}

}  // namespace sales
