#include <optional>
#include <string>

#include "sales/engine.h"
#include "sales/store.h"
#include "src/engine/core.h"
#include "src/store/backup_rows.h"
#include "src/store/migrations/migrations.h"
#include "src/store/unfinished_rows.h"
#include "src/store/workspace_rows.h"

namespace sales {

absl::Status Engine::Backup(const std::string& file) const {
  const absl::Time start = core_->Now();
  SALES_ASSIGN_OR_RETURN(const int64_t bytes, core_->Backup(file));
  // The backup is there, whether that can be noted or not: its store may be open for reading only.
  core_
      ->MaintainStore("", {},
                      [&](sql::Connection& db) {
                        return store::SaveLastBackup(db, {start, bytes});
                      })
      .IgnoreError();
  return absl::OkStatus();
}

absl::StatusOr<StoreStatus> Engine::GetStoreStatus(const Call& call) const {
  StoreStatus status;
  status.schema_version = store::SchemaVersion();
  status.now = core_->Now();
  const StoreSizes sizes = core_->store_sizes();
  status.store_bytes = sizes.store_bytes;
  status.log_bytes = sizes.log_bytes;
  status.free_bytes = core_->FreeBytes();
  SALES_RETURN_IF_ERROR(core_->ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const std::optional<store::LastBackup> backup,
                           store::LoadLastBackup(db));
    if (backup.has_value()) {
      status.backup_time = backup->time;
      status.backup_bytes = backup->bytes;
    }
    SALES_ASSIGN_OR_RETURN(status.workspaces, store::CountWorkspaces(db));
    SALES_ASSIGN_OR_RETURN(status.workspaces_unfinished, store::CountUnfinished(db));
    return absl::OkStatus();
  }));
  return status;
}

}  // namespace sales
