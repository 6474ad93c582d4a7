// Projects: what becomes of an accepted handoff.
#include <algorithm>
#include <iterator>
#include <utility>

#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/handoff.h"
#include "src/decide/handoff_evidence.h"

namespace sales {
namespace {

constexpr int kSatisfactionMin = 1;
constexpr int kSatisfactionMax = 5;

bool Holds(const std::vector<std::string>& sorted, const std::string& id) {
  return std::binary_search(sorted.begin(), sorted.end(), id);
}

void TellMembers(const std::vector<std::string>& before, const std::vector<std::string>& after,
                 std::vector<Change>& changes) {
  for (const std::string& member : before) {
    if (!Holds(after, member)) changes.push_back({"project_member", member, ""});
  }
  for (const std::string& member : after) {
    if (!Holds(before, member)) changes.push_back({"project_member", "", member});
  }
}

}  // namespace

Project ShownProject(const ProjectRecord& record) {
  Project project = record.project;
  if (project.state != ProjectState::kLive) return project;
  const std::vector<std::string> sellers = SortedIds(record.sellers);
  std::vector<std::string> members;
  std::set_union(project.members.begin(), project.members.end(), sellers.begin(), sellers.end(),
                 std::back_inserter(members));
  std::set_difference(sellers.begin(), sellers.end(), project.members.begin(),
                      project.members.end(), std::back_inserter(project.selling_members));
  project.members = std::move(members);
  return project;
}

ProjectRecord OpenProject(const Handoff& handoff, absl::Time occur_time) {
  ProjectRecord record;
  Project& project = record.project;
  project.id = handoff.id;
  project.state = ProjectState::kLive;
  project.client = handoff.contact;
  project.manager = handoff.manager;
  project.seller = handoff.seller;
  if (handoff.project_prepared.has_value()) project.members = handoff.project_prepared->members;
  project.members.push_back(handoff.manager);
  project.members = SortedIds(std::move(project.members));
  project.open_time = occur_time;
  return record;
}

absl::Status RequireLive(const Project& project) {
  if (project.state == ProjectState::kLive) return absl::OkStatus();
  return MakeError(Reason::kProjectClosed,
                   "The project is closed; capture a new lead of its client instead.");
}

absl::Status DecideUpdate(const UpdateProject& command, ProjectRecord& record) {
  if (command.members.has_value()) {
    SALES_RETURN_IF_ERROR(CheckMembers("members", *command.members));
  }
  SALES_RETURN_IF_ERROR(RequireLive(record.project));
  if (!command.members.has_value()) return absl::OkStatus();
  // Somebody who is shown for a lead that he sells does not come to stay by being sent back.
  const std::vector<std::string> selling = ShownProject(record).selling_members;
  const std::vector<std::string> given = SortedIds(*command.members);
  std::vector<std::string> kept;
  std::set_difference(given.begin(), given.end(), selling.begin(), selling.end(),
                      std::back_inserter(kept));
  record.project.members = std::move(kept);
  return absl::OkStatus();
}

absl::Status DecideClose(const CloseProject& command, absl::Time occur_time,
                         ProjectRecord& record) {
  if (command.satisfaction == 0) {
    return FieldError(Reason::kFieldRequired, "satisfaction",
                      "is needed: how content the client is, from 1 to 5");
  }
  SALES_RETURN_IF_ERROR(
      CheckRange("satisfaction", command.satisfaction, kSatisfactionMin, kSatisfactionMax));
  Project& project = record.project;
  SALES_RETURN_IF_ERROR(RequireLive(project));
  if (occur_time < project.open_time) {
    return FieldError(Reason::kTimeOrder, "occur_time", "is before the project was opened");
  }
  project.state = ProjectState::kClosed;
  project.satisfaction = command.satisfaction;
  project.close_time = occur_time;
  return absl::OkStatus();
}

std::vector<Change> ProjectChanges(const Project& before, const Project& after) {
  std::vector<Change> changes;
  if (before.state != after.state) {
    changes.push_back(
        {"project_state", ProjectStateName(before.state), ProjectStateName(after.state)});
  }
  if (before.satisfaction != after.satisfaction) {
    changes.push_back({"satisfaction", "", std::to_string(after.satisfaction)});
  }
  TellMembers(before.members, after.members, changes);
  return changes;
}

const char* ProjectStateName(ProjectState state) {
  switch (state) {
    case ProjectState::kLive:
      return "LIVE";
    case ProjectState::kClosed:
      return "CLOSED";
    case ProjectState::kUnspecified:
      break;
  }
  return "";
}

}  // namespace sales
