#ifndef SALES_SRC_ENGINE_CHECK_H_
#define SALES_SRC_ENGINE_CHECK_H_

#include <vector>

#include "absl/status/status.h"
#include "sales/engine.h"
#include "src/sql/driver.h"

namespace sales::internal {

// Adds what is wrong with the record of a workspace, of which its id, revisions and zone are looked
// at.
absl::Status CheckWorkspace(sql::Connection& db, const Workspace& workspace,
                            std::vector<CheckFault>& faults);

// Adds what is wrong with the record of each workspace: revisions that are missing, and tallies
// that differ from a fold over the events.
absl::Status CheckWorkspaces(sql::Connection& db, std::vector<CheckFault>& faults);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CHECK_H_
