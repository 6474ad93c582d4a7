#include "src/store/workspace_rows.h"

#include <utility>

#include "src/decide/errors.h"
#include "src/decide/record.h"
#include "src/decide/tally.h"
#include "src/store/attribute_schema_rows.h"
#include "src/store/lead_codec.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define WORKSPACE_COLUMNS                                                                    \
  "workspace, display_name, time_zone, currency_code, default_region, default_funnel, "      \
  "revision, changed_revision, funnel_revision, create_time, update_time, "                  \
  "default_calendar, calendar_revision, team_revision, attribute_revision, score_features, " \
  "incarnation, event_retention_days, compacted_revision, lead_visibility"

absl::StatusOr<WorkspaceRow> OneRow(sql::Connection& db, std::string_view sql,
                                    const std::string& workspace) {
  std::optional<WorkspaceRow> found;
  SALES_RETURN_IF_ERROR(db.Query(sql, {sql::Param(std::string_view(workspace))},
                                 [&](const sql::Row& row) { found = ReadWorkspace(row, 0); }));
  if (!found.has_value()) return WorkspaceNotFound();
  return *std::move(found);
}

}  // namespace

absl::Status WorkspaceNotFound() {
  return MakeError(Reason::kWorkspaceNotFound, "There is no such workspace.");
}

std::string_view WorkspaceColumns() { return WORKSPACE_COLUMNS; }

WorkspaceRow ReadWorkspace(const sql::Row& row, int first) {
  WorkspaceRow out;
  Workspace& workspace = out.workspace;
  workspace.id = TextOf(row, first);
  workspace.display_name = TextOf(row, first + 1);
  workspace.time_zone = TextOf(row, first + 2);
  workspace.currency_code = TextOf(row, first + 3);
  workspace.default_region = TextOf(row, first + 4);
  workspace.default_funnel = TextOf(row, first + 5);
  workspace.revision = row.Int(first + 6);
  workspace.etag = std::to_string(row.Int(first + 7));
  out.funnel_revision = row.Int(first + 8);
  workspace.create_time = TimeOf(row, first + 9);
  workspace.update_time = TimeOf(row, first + 10);
  workspace.default_calendar = TextOf(row, first + 11);
  out.calendar_revision = row.Int(first + 12);
  out.team_revision = row.Int(first + 13);
  out.attribute_revision = row.Int(first + 14);
  workspace.score_features = SplitLabels(row.Text(first + 15));
  out.incarnation = row.Int(first + 16);
  workspace.event_retention_days = static_cast<int>(row.Int(first + 17));
  workspace.oldest_revision = row.Int(first + 18) + 1;
  workspace.lead_visibility = static_cast<LeadVisibility>(row.Int(first + 19));
  return out;
}

absl::StatusOr<WorkspaceRow> LoadWorkspace(sql::Connection& db, const std::string& workspace) {
  return OneRow(db, "SELECT " WORKSPACE_COLUMNS " FROM workspaces WHERE workspace = $1", workspace);
}

absl::StatusOr<WorkspaceRow> TakeRevision(sql::Connection& db, const std::string& workspace) {
  return OneRow(db,
                "UPDATE workspaces SET revision = revision + 1 WHERE workspace = $1 "
                "RETURNING " WORKSPACE_COLUMNS,
                workspace);
}

absl::StatusOr<bool> WorkspaceExists(sql::Connection& db, const std::string& workspace) {
  bool found = false;
  SALES_RETURN_IF_ERROR(db.Query("SELECT 1 FROM workspaces WHERE workspace = $1",
                                 {sql::Param(std::string_view(workspace))},
                                 [&](const sql::Row&) { found = true; }));
  return found;
}

absl::Status InsertWorkspace(sql::Connection& db, const WorkspaceRow& row) {
  const Workspace& w = row.workspace;
  const std::string score_features = JoinLabels(w.score_features);
  return db.Apply(
      "INSERT INTO workspaces (" WORKSPACE_COLUMNS
      ", tallies_layout) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12, $13, $14, "
      "$15, $16, $17, 0, $18, $19)",
      {std::string_view(w.id), std::string_view(w.display_name), std::string_view(w.time_zone),
       std::string_view(w.currency_code), std::string_view(w.default_region),
       std::string_view(w.default_funnel), w.revision, row.funnel_revision, ToMicros(w.create_time),
       ToMicros(w.update_time), std::string_view(w.default_calendar), row.calendar_revision,
       row.team_revision, row.attribute_revision, std::string_view(score_features), row.incarnation,
       int64_t{w.event_retention_days}, static_cast<int64_t>(w.lead_visibility), kTalliesLayout});
}

absl::Status UpdateWorkspace(sql::Connection& db, const WorkspaceRow& row) {
  const Workspace& w = row.workspace;
  const std::string score_features = JoinLabels(w.score_features);
  return db.Apply(
      "UPDATE workspaces SET display_name = $2, default_region = $3, default_funnel = $4, "
      "changed_revision = $5, update_time = $6, default_calendar = $7, score_features = $8, "
      "event_retention_days = $9, lead_visibility = $10 "
      "WHERE workspace = $1",
      {std::string_view(w.id), std::string_view(w.display_name), std::string_view(w.default_region),
       std::string_view(w.default_funnel), w.revision, ToMicros(w.update_time),
       std::string_view(w.default_calendar), std::string_view(score_features),
       int64_t{w.event_retention_days}, static_cast<int64_t>(w.lead_visibility)});
}

absl::Status SetIncarnation(sql::Connection& db, const std::string& workspace,
                            int64_t incarnation) {
  return db.Apply("UPDATE workspaces SET incarnation = $2 WHERE workspace = $1",
                  {std::string_view(workspace), incarnation});
}

absl::Status SetFunnelRevision(sql::Connection& db, const std::string& workspace,
                               int64_t revision) {
  return db.Apply("UPDATE workspaces SET funnel_revision = $2 WHERE workspace = $1",
                  {std::string_view(workspace), revision});
}

absl::Status SetTalliesLayout(sql::Connection& db, const std::string& workspace, int64_t layout) {
  return db.Apply("UPDATE workspaces SET tallies_layout = $2 WHERE workspace = $1",
                  {std::string_view(workspace), layout});
}

absl::StatusOr<std::optional<std::string>> WorkspaceOfOtherLayout(sql::Connection& db,
                                                                  int64_t layout) {
  std::optional<std::string> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT workspace FROM workspaces WHERE tallies_layout <> $1 LIMIT 1", {layout},
               [&found](const sql::Row& row) { found = TextOf(row, 0); }));
  return found;
}

absl::StatusOr<int64_t> CountWorkspaces(sql::Connection& db) {
  int64_t count = 0;
  SALES_RETURN_IF_ERROR(db.Query("SELECT COUNT(*) FROM workspaces", {},
                                 [&count](const sql::Row& row) { count = row.Int(0); }));
  return count;
}

absl::StatusOr<std::vector<Workspace>> ListWorkspaces(sql::Connection& db, const std::string& after,
                                                      int count) {
  std::vector<Workspace> out;
  std::vector<size_t> defining;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " WORKSPACE_COLUMNS
               " FROM workspaces WHERE workspace > $1 ORDER BY workspace LIMIT $2",
               {std::string_view(after), int64_t{count}}, [&](const sql::Row& row) {
                 WorkspaceRow read = ReadWorkspace(row, 0);
                 if (read.attribute_revision != 0) defining.push_back(out.size());
                 out.push_back(std::move(read.workspace));
               }));
  for (const size_t i : defining) {
    SALES_ASSIGN_OR_RETURN(out[i].lead_attributes, LoadAttributeSchema(db, out[i].id));
  }
  return out;
}

}  // namespace sales::store
