#include "src/engine/removals.h"

#include <optional>

#include "sales/engine.h"
#include "sales/limits.h"
#include "src/store/table_copy.h"
#include "src/store/unfinished_rows.h"
#include "src/store/workspace_rows.h"

namespace sales {
namespace internal {

absl::StatusOr<int64_t> RemoveSome(sql::Connection& db, const std::string& workspace) {
  SALES_ASSIGN_OR_RETURN(const int64_t removed,
                         store::RemoveRows(db, workspace, limits::care_rows_max));
  if (removed == 0) SALES_RETURN_IF_ERROR(store::DeleteUnfinished(db, workspace));
  return removed;
}

absl::StatusOr<int64_t> SweepRemovals(EngineCore& core, const Call& call) {
  std::optional<std::string> workspace;
  SALES_RETURN_IF_ERROR(core.ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(workspace, store::NextRemovable(db, core.Now()));
    return absl::OkStatus();
  }));
  if (!workspace.has_value()) return 0;
  int64_t removed = 0;
  SALES_RETURN_IF_ERROR(
      core.MaintainStore(*workspace, call, [&](sql::Connection& db) -> absl::Status {
        // Whoever sweeps at the same time may have ended it, and an import may have begun since.
        SALES_ASSIGN_OR_RETURN(const std::optional<store::Unfinished> unfinished,
                               store::LoadUnfinished(db, *workspace));
        removed = 0;
        if (!unfinished.has_value() || unfinished->until > core.Now()) return absl::OkStatus();
        SALES_ASSIGN_OR_RETURN(removed, RemoveSome(db, *workspace));
        return absl::OkStatus();
      }));
  return removed;
}

}  // namespace internal

absl::Status Desk::DeleteWorkspace(const sales::DeleteWorkspace& command) const {
  return core_->MaintainStore(workspace_, call_, [&](sql::Connection& db) -> absl::Status {
    const absl::StatusOr<store::WorkspaceRow> row = store::LoadWorkspace(db, workspace_);
    if (ReasonOf(row.status()) == Reason::kWorkspaceNotFound && command.allow_missing) {
      return absl::OkStatus();
    }
    SALES_RETURN_IF_ERROR(row.status());
    SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, row->workspace.etag));
    SALES_ASSIGN_OR_RETURN(const bool has_contacts, store::HasContacts(db, workspace_));
    if (has_contacts && !command.force) {
      return MakeError(Reason::kWorkspaceNotEmpty,
                       "The workspace has contacts; they are removed with it only by force.");
    }
    SALES_RETURN_IF_ERROR(store::RemoveWorkspaceRow(db, workspace_));
    SALES_RETURN_IF_ERROR(store::SaveUnfinished(db, workspace_, {"", core_->Now()}));
    core_->NoteRemoved(*row);
    return absl::OkStatus();
  });
}

}  // namespace sales
