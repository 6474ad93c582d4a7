#ifndef SALES_SRC_STORE_WORKSPACE_ROWS_H_
#define SALES_SRC_STORE_WORKSPACE_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/workspace.h"
#include "src/sql/driver.h"

namespace sales::store {

struct WorkspaceRow {
  Workspace workspace;
  // Changes whenever a policy is put in force.
  int64_t funnel_revision = 0;
  // Of the last write that changed a calendar.
  int64_t calendar_revision = 0;
  // Of the last write that changed `workspace.lead_attributes`, which are read apart: most calls do
  // without. 0: none did, there are none.
  int64_t attribute_revision = 0;
  // Of the last write that changed a team, a seller or the assignment policy.
  int64_t team_revision = 0;
  // Another number for each workspace that ever had the id.
  int64_t incarnation = 0;

  // What was made of the workspace when `revision` last changed it is kept under this: revisions
  // come again where a workspace was removed and its id used anew.
  int64_t Stamp(int64_t revision) const { return revision == 0 ? 0 : incarnation + revision; }
};

// For statements that read a workspace along with something else: its columns, and the row that
// they make, the first of them being the statement's column `first`.
std::string_view WorkspaceColumns();
WorkspaceRow ReadWorkspace(const sql::Row& row, int first);
absl::Status WorkspaceNotFound();

// Errors: WORKSPACE_NOT_FOUND.
absl::StatusOr<WorkspaceRow> LoadWorkspace(sql::Connection& db, const std::string& workspace);

// Takes the workspace's next revision, which is thereby this write's. Errors: WORKSPACE_NOT_FOUND.
absl::StatusOr<WorkspaceRow> TakeRevision(sql::Connection& db, const std::string& workspace);

// Whether a workspace of this id exists.
absl::StatusOr<bool> WorkspaceExists(sql::Connection& db, const std::string& workspace);

absl::Status InsertWorkspace(sql::Connection& db, const WorkspaceRow& row);
// Writes the row's own fields, with its revision as the one that changed them.
absl::Status UpdateWorkspace(sql::Connection& db, const WorkspaceRow& row);
absl::Status SetIncarnation(sql::Connection& db, const std::string& workspace, int64_t incarnation);
absl::Status SetFunnelRevision(sql::Connection& db, const std::string& workspace, int64_t revision);

// How the workspace's tallies are laid out, see kTalliesLayout.
absl::Status SetTalliesLayout(sql::Connection& db, const std::string& workspace, int64_t layout);
// A workspace whose tallies have another layout; nullopt: none has.
absl::StatusOr<std::optional<std::string>> WorkspaceOfOtherLayout(sql::Connection& db,
                                                                  int64_t layout);

absl::StatusOr<int64_t> CountWorkspaces(sql::Connection& db);
// Up to `count` workspaces with an id after `after`, by id.
absl::StatusOr<std::vector<Workspace>> ListWorkspaces(sql::Connection& db, const std::string& after,
                                                      int count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_WORKSPACE_ROWS_H_
