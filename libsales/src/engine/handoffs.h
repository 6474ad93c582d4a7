// What handoffs and projects do when their leads change.
#ifndef SALES_SRC_ENGINE_HANDOFFS_H_
#define SALES_SRC_ENGINE_HANDOFFS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/handoff.h"
#include "sales/lead.h"
#include "src/decide/handoff.h"
#include "src/engine/core.h"

namespace sales::internal {

// Follows a lead's change, which is written already: winning it opens its handoff, taking it up
// again withdraws that, and while it is open its seller is a member of the project that it was
// asked for in. Errors: HANDOFF_ACCEPTED.
absl::Status FollowLead(WriteScope& scope, const Lead& before, const Lead& after);

// Errors: HANDOFF_NOT_FOUND.
absl::StatusOr<Handoff> FindHandoff(sql::Connection& db, const std::string& workspace,
                                    const std::string& handoff);
// HANDOFF_NOT_FOUND and PROJECT_NOT_FOUND.
absl::Status NoSuchHandoff();
absl::Status NoSuchProject();
// Errors: PROJECT_NOT_FOUND.
absl::StatusOr<ProjectRecord> FindProject(sql::Connection& db, const std::string& workspace,
                                          const std::string& project);

// Keeps a project that was just changed, stamps it, and records what callers see of the change;
// `before` of a new one is Project{}. Gives what they see after.
absl::StatusOr<Project> KeepProject(WriteScope& scope, EventType type, const Project& before,
                                    ProjectRecord& after);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_HANDOFFS_H_
