#ifndef SALES_HANDOFF_H_
#define SALES_HANDOFF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "sales/lead.h"
#include "sales/money.h"

namespace sales {

enum class HandoffState {
  kUnspecified = 0,
  // Steps are still to be completed.
  kOpen = 1,
  // All steps are completed: it is the manager's turn.
  kBriefed = 2,
  kAccepted = 3,
  // Its lead was taken up again before it was accepted.
  kWithdrawn = 4,
};

enum class HandoffStep {
  kUnspecified = 0,
  kIntroduction = 1,
  kProjectPrepared = 2,
  kMaterialsShared = 3,
  // Needs the other three.
  kBriefed = 4,
};

// Who takes part in an introduction. Personal data, as are all other texts below.
struct Participant {
  std::string display_name;
  std::string email;
  std::string phone;
  // What he does: "owner", "designer".
  std::string role;
};

// Evidence of a step: what must be known for it to be completed. Members and managers are ids of
// people of the studio, as in Call::actor.

struct Introduction {
  // May lie ahead.
  absl::Time meet_time;
  // Zero: an hour.
  absl::Duration duration;
  // An address or a link.
  std::string place;
  // At least one of each side.
  std::vector<Participant> client_participants;
  std::vector<Participant> studio_participants;
};

struct ProjectPrepared {
  // The task planner: "Redmine".
  std::string planner;
  // http or https.
  std::string project_link;
  // Who was invited to it; at least one.
  std::vector<std::string> members;
};

struct Link {
  std::string title;
  // http or https.
  std::string uri;
};

// At least one link.
struct MaterialsShared {
  std::vector<Link> documents;
  std::vector<Link> requirements;
  std::vector<Link> access;
};

struct Briefing {
  // Who takes the project over.
  std::string manager;
  // What he needs to know; Markdown.
  std::string text;
};

// Who completed a step, and when.
struct CompletedStep {
  HandoffStep step = HandoffStep::kUnspecified;
  std::string actor;
  absl::Time complete_time;
};

// What the manager found missing.
struct HandoffReturn {
  std::string actor;
  absl::Time return_time;
  std::string missing;
  // The steps that were opened again.
  std::vector<HandoffStep> steps;
};

// The way of a won lead from the seller to production. It has the id of its lead.
struct Handoff {
  std::string id;
  HandoffState state = HandoffState::kUnspecified;
  // The lead's.
  std::string contact;
  std::string seller;
  // Who was briefed; empty before.
  std::string manager;
  std::optional<Introduction> introduction;
  std::optional<ProjectPrepared> project_prepared;
  std::optional<MaterialsShared> materials_shared;
  std::optional<Briefing> briefing;
  // In the order of completion; the steps that are not here are open.
  std::vector<CompletedStep> completed_steps;
  // The latest last.
  std::vector<HandoffReturn> returns;
  absl::Time open_time;
  // By when the policy wants the introduction, and the acceptance; unset: no limit.
  std::optional<absl::Time> introduction_due_time;
  std::optional<absl::Time> accept_due_time;
  std::optional<absl::Time> accept_time;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 0;
  std::string etag;
};

struct CompleteHandoffStep {
  // Says which step; without one there is no evidence.
  std::variant<std::monostate, Introduction, ProjectPrepared, MaterialsShared, Briefing> evidence;
};

struct ReturnHandoff {
  // What is missing.
  std::string missing;
  // The steps to be done again, besides the briefing, which always is.
  std::vector<HandoffStep> steps;
};

enum class ProjectState { kUnspecified = 0, kLive = 1, kClosed = 2 };

// A handoff that production accepted. It has the id of the lead that it came out of.
struct Project {
  std::string id;
  ProjectState state = ProjectState::kUnspecified;
  // The contact whose project it is.
  std::string client;
  std::string manager;
  // Who sold it, and sells what the client asks for during the work.
  std::string seller;
  // Ids of people of the studio, as in Call::actor, in alphabetical order. The sellers of the
  // project's open leads are among them until those are closed.
  std::vector<std::string> members;
  // Output only: the members who are there only until their leads are closed.
  std::vector<std::string> selling_members;
  // Output only: how content the client was, 1 to 5; 0 until it is closed.
  int satisfaction = 0;
  absl::Time open_time;
  std::optional<absl::Time> close_time;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 0;
  std::string etag;
};

struct AcceptedHandoff {
  Handoff handoff;
  Project project;
};

// Fields to change; unset ones stay.
struct UpdateProject {
  // Replaces all but the sellers of open leads, who come and go with those.
  std::optional<std::vector<std::string>> members;
};

// What the client asks for while the project is under way: a lead of his.
struct RequestWork {
  // Empty: the engine makes one.
  std::string id;
  std::string need;
  int interest = 0;
  std::optional<Money> expected_value;
  std::optional<Money> budget;
  // Empty: the project's.
  std::string seller;
  // Empty: the workspace's default funnel.
  std::string funnel;
};

struct RequestedWork {
  Lead lead;
  // With the seller among the members again.
  Project project;
};

struct CloseProject {
  // How content the client is, 1 to 5.
  int satisfaction = 0;
};

// A handoff in the forms in which it is passed on; a part whose step is still open is empty.
struct HandoffPack {
  // Markdown for the manager.
  std::string brief;
  // vCard 4.0 (RFC 6350) of the client and the participants.
  std::string contacts;
  // iCalendar (RFC 5545) of the introduction.
  std::string invitation;
  // Everything, as JSON.
  std::string json;
};

}  // namespace sales

#endif  // SALES_HANDOFF_H_
