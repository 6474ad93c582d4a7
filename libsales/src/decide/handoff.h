// Handing a won lead over to production: which step may be completed, on what evidence, and who
// may accept it.
//
// Each decision checks the command, then the handoff's state, and changes the handoff; on an error
// it may be half changed and is to be thrown away. What the event says is added to `changes`; its
// fields are none of a track's, for events of a handoff name the lead, and its texts are personal
// and stay out.
#ifndef SALES_SRC_DECIDE_HANDOFF_H_
#define SALES_SRC_DECIDE_HANDOFF_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/calendar.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "sales/handoff.h"

namespace sales {

// Begins the handoff of a lead that was won; over one that was withdrawn, anew.
void OpenHandoff(const HandoffRules& rules, const WorkingTime& working_time, absl::Time occur_time,
                 Handoff& handoff, std::vector<Change>& changes);

absl::Status DecideStep(const CompleteHandoffStep& command, const std::string& actor,
                        absl::Time occur_time, Handoff& handoff, std::vector<Change>& changes);
absl::Status DecideAccept(const std::string& actor, absl::Time occur_time, Handoff& handoff,
                          std::vector<Change>& changes);
absl::Status DecideReturn(const ReturnHandoff& command, const std::string& actor,
                          absl::Time occur_time, Handoff& handoff, std::vector<Change>& changes);
// Its lead is taken up again. HANDOFF_ACCEPTED if production has it already.
absl::Status DecideWithdraw(Handoff& handoff, std::vector<Change>& changes);

// A limit of a handoff that is under way, and not kept yet.
struct HandoffLimit {
  // "INTRODUCTION" or "HANDOFF", the whole of it.
  const char* clock;
  absl::Time due_time;
};
std::vector<HandoffLimit> OpenLimits(const Handoff& handoff);

// What the events of a handoff tell of it, for comparison with what is kept.
struct HandoffFold {
  std::string state;
  std::string manager;
  std::set<std::string> steps;

  void Add(const Event& event);
  friend bool operator==(const HandoffFold& a, const HandoffFold& b) {
    return a.state == b.state && a.manager == b.manager && a.steps == b.steps;
  }
};
HandoffFold FoldOf(const Handoff& handoff);

// A project as the engine keeps it.
struct ProjectRecord {
  // Its members are those that are kept: without the sellers of open leads, unless they are
  // members anyway. Its selling_members are empty.
  Project project;
  // Of the project's open leads.
  std::vector<std::string> sellers;
};

// The project as callers see it: while it is live, the sellers are among the members.
Project ShownProject(const ProjectRecord& record);

// The project that an accepted handoff opens: the members invited and the manager.
ProjectRecord OpenProject(const Handoff& handoff, absl::Time occur_time);

absl::Status DecideUpdate(const UpdateProject& command, ProjectRecord& record);
absl::Status DecideClose(const CloseProject& command, absl::Time occur_time, ProjectRecord& record);
// PROJECT_CLOSED unless it is live.
absl::Status RequireLive(const Project& project);

// What an event says of a project's change; `before` of a new one is Project{}.
std::vector<Change> ProjectChanges(const Project& before, const Project& after);

// "OPEN"; empty for kUnspecified.
const char* HandoffStateName(HandoffState state);
// "introduction"; empty for kUnspecified.
const char* HandoffStepName(HandoffStep step);
const char* ProjectStateName(ProjectState state);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_HANDOFF_H_
