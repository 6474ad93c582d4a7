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
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "sales/handoff.h"

namespace sales {

// When something that began must be done.
std::optional<absl::Time> DueTime(const std::optional<Limit>& limit, absl::Time begin);

// Begins the handoff of a lead that was won; over one that was withdrawn, anew.
void OpenHandoff(const HandoffRules& rules, absl::Time occur_time, Handoff& handoff,
                 std::vector<Change>& changes);

absl::Status DecideStep(const CompleteHandoffStep& command, const std::string& actor,
                        absl::Time occur_time, Handoff& handoff, std::vector<Change>& changes);
absl::Status DecideAccept(const std::string& actor, absl::Time occur_time, Handoff& handoff,
                          std::vector<Change>& changes);
absl::Status DecideReturn(const ReturnHandoff& command, const std::string& actor,
                          absl::Time occur_time, Handoff& handoff, std::vector<Change>& changes);
// Its lead is taken up again. HANDOFF_ACCEPTED if production has it already.
absl::Status DecideWithdraw(Handoff& handoff, std::vector<Change>& changes);

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
