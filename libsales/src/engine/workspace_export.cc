#include "sales/engine.h"
#include "src/engine/core.h"
#include "src/engine/export_lines.h"
#include "src/store/migrations/migrations.h"
#include "src/store/table_copy.h"

namespace sales {

using internal::ExportHeader;
using internal::ExportWriter;
using internal::ReadScope;

absl::Status Desk::ExportWorkspace(const WriteText& on_text) const {
  return core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    ExportHeader header;
    header.schema = store::SchemaVersion();
    header.workspace = workspace_;
    header.revision = scope.row.workspace.revision;
    for (const store::CopiedTable& table : store::CopiedTables()) {
      SALES_ASSIGN_OR_RETURN(header.rows.emplace_back(),
                             store::CountRows(scope.db, table, workspace_));
    }
    ExportWriter writer(on_text);
    SALES_RETURN_IF_ERROR(writer.WriteHeader(header));
    for (const store::CopiedTable& table : store::CopiedTables()) {
      absl::Status written;
      SALES_RETURN_IF_ERROR(store::ScanRows(scope.db, table, workspace_, [&](const sql::Row& row) {
        if (written.ok()) written = writer.WriteRow(table, row);
      }));
      SALES_RETURN_IF_ERROR(written);
    }
    return writer.Finish();
  });
}

}  // namespace sales
