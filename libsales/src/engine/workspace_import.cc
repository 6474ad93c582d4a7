// Importing a workspace: rows lie under its id, seen by nobody, until all of them were read and
// found right; the row of the workspace itself comes last.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sales/engine.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/engine/check.h"
#include "src/engine/core.h"
#include "src/engine/export_lines.h"
#include "src/engine/removals.h"
#include "src/store/migrations/migrations.h"
#include "src/store/table_copy.h"
#include "src/store/unfinished_rows.h"
#include "src/store/workspace_rows.h"

namespace sales {
namespace {

using internal::EngineCore;
using internal::ExportHeader;
using internal::ExportReader;
using internal::ExportRow;

// For how long an import may be silent before its rows are removed.
constexpr absl::Duration kSilence = absl::Minutes(10);
// A commit for so many bytes of rows at least, if not for care_rows_max of them.
constexpr size_t kBatchBytes = 4 << 20;

struct ReadRow {
  const store::CopiedTable* table = nullptr;
  ExportRow values;
};

size_t BytesOf(const ExportRow& row) {
  size_t bytes = 0;
  for (const internal::ExportValue& value : row) {
    const auto* text = std::get_if<std::string>(&value);
    bytes += sizeof(value) + (text == nullptr ? 0 : text->size());
  }
  return bytes;
}

absl::Status Insert(sql::Connection& db, const std::string& workspace, const ReadRow& row) {
  std::vector<sql::Param> params;
  params.reserve(row.values.size());
  for (const internal::ExportValue& value : row.values) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      params.emplace_back(std::string_view(*text));
    } else if (const auto* number = std::get_if<int64_t>(&value)) {
      params.emplace_back(*number);
    } else {
      params.emplace_back(nullptr);
    }
  }
  return store::InsertRow(db, *row.table, workspace, params);
}

class WorkspaceImport {
 public:
  WorkspaceImport(EngineCore& core, const std::string& workspace, const Engine::ReadText& on_read,
                  const Call& call)
      : core_(core), workspace_(workspace), call_(call), reader_(on_read), import_(core.MakeId()) {}

  absl::StatusOr<Workspace> Run() {
    SALES_ASSIGN_OR_RETURN(const ExportHeader header, reader_.ReadHeader(store::SchemaVersion()));
    if (header.workspace != workspace_) {
      return WithMetadata(FieldError(Reason::kNameInvalid, "name",
                                     "is not the workspace that was exported; an import keeps it"),
                          "workspace", header.workspace);
    }
    SALES_RETURN_IF_ERROR(Begin());
    absl::Status status = Copy(header);
    if (status.ok()) status = Check(header);
    if (status.ok()) status = Publish();
    if (!status.ok()) {
      Abandon();
      return status;
    }
    return row_.workspace;
  }

 private:
  // Takes the id, after what an import that failed left there.
  absl::Status Begin() {
    bool taken = false;
    while (!taken) {
      SALES_RETURN_IF_ERROR(
          core_.MaintainStore(workspace_, call_, [&](sql::Connection& db) -> absl::Status {
            SALES_ASSIGN_OR_RETURN(const bool exists, store::WorkspaceExists(db, workspace_));
            if (exists) {
              return MakeError(Reason::kWorkspaceExists,
                               "There is a workspace with this id already.");
            }
            SALES_ASSIGN_OR_RETURN(const std::optional<store::Unfinished> left,
                                   store::LoadUnfinished(db, workspace_));
            if (left.has_value() && left->until > core_.Now()) return internal::UnfinishedError();
            int64_t removed = 0;
            if (left.has_value()) {
              SALES_ASSIGN_OR_RETURN(removed, internal::RemoveSome(db, workspace_));
            }
            taken = removed == 0;
            return taken ? Hold(db) : absl::OkStatus();
          }));
    }
    return absl::OkStatus();
  }

  absl::Status Hold(sql::Connection& db) {
    return store::SaveUnfinished(db, workspace_, {import_, core_.Now() + kSilence});
  }

  // That the rows under the id are still this import's.
  absl::Status CheckHeld(sql::Connection& db) {
    SALES_ASSIGN_OR_RETURN(const std::optional<store::Unfinished> held,
                           store::LoadUnfinished(db, workspace_));
    if (held.has_value() && held->import == import_) return absl::OkStatus();
    return MakeError(Reason::kDeadlineExceeded,
                     "The import was silent for too long, and what it had read was removed.");
  }

  absl::Status Copy(const ExportHeader& header) {
    const std::vector<store::CopiedTable>& tables = store::CopiedTables();
    for (size_t i = 0; i < tables.size(); ++i) {
      for (int64_t n = 0; n < header.rows[i]; ++n) {
        SALES_ASSIGN_OR_RETURN(ExportRow values, reader_.ReadRow(tables[i]));
        SALES_RETURN_IF_ERROR(Take({&tables[i], std::move(values)}));
      }
    }
    SALES_RETURN_IF_ERROR(WriteBatch());
    return reader_.Finish();
  }

  absl::Status Take(ReadRow row) {
    if (store::MakesVisible(*row.table)) {
      last_.push_back(std::move(row));
      const bool fits = last_.size() <= 1 + static_cast<size_t>(limits::attributes_max);
      return fits ? absl::OkStatus() : reader_.Fault("VALUE", "is of one attribute too many");
    }
    batch_bytes_ += BytesOf(row.values);
    batch_.push_back(std::move(row));
    if (batch_.size() < static_cast<size_t>(limits::care_rows_max) && batch_bytes_ < kBatchBytes) {
      return absl::OkStatus();
    }
    return WriteBatch();
  }

  absl::Status WriteBatch() {
    if (batch_.empty()) return absl::OkStatus();
    const absl::Status written = core_.MaintainStore(workspace_, call_, [&](sql::Connection& db) {
      absl::Status status = CheckHeld(db);
      for (size_t i = 0; status.ok() && i < batch_.size(); ++i) {
        status = Insert(db, workspace_, batch_[i]);
      }
      return status.ok() ? Hold(db) : status;
    });
    batch_.clear();
    batch_bytes_ = 0;
    return Told(written);
  }

  // A row that the store cannot have is the export's fault.
  absl::Status Told(const absl::Status& status) const {
    if (ReasonOf(status) != Reason::kStoreConflict) return status;
    return reader_.Fault("VALUE", "or one before it does not fit those before it");
  }

  // What Engine::Check says of the rows, which nobody changes meanwhile.
  absl::Status Check(const ExportHeader& header) {
    // One row of `workspaces`, whose key is the id alone.
    if (last_.empty() || last_[0].table->name != "workspaces" ||
        (last_.size() > 1 && last_[1].table->name == "workspaces")) {
      return reader_.Fault("COUNT", "ends an export without its workspace");
    }
    const Workspace workspace = Described();
    if (workspace.revision != header.revision) {
      return reader_.Fault("VALUE", "ends an export of another revision than its header's");
    }
    std::vector<CheckFault> faults;
    SALES_RETURN_IF_ERROR(core_.ReadStore(call_, [&](sql::Connection& db) {
      return internal::CheckWorkspace(db, workspace, faults);
    }));
    if (faults.empty()) return absl::OkStatus();
    return WithMetadata(reader_.Fault("CHECK", "ends an export whose figures do not agree: " +
                                                   faults[0].description),
                        "kind", faults[0].kind);
  }

  // As far as a check needs it.
  Workspace Described() const {
    Workspace workspace;
    workspace.id = workspace_;
    const ReadRow& row = last_[0];
    for (size_t i = 0; i < row.values.size(); ++i) {
      const std::string& column = row.table->columns[i].name;
      if (column == "time_zone") workspace.time_zone = std::get<std::string>(row.values[i]);
      if (column == "revision") workspace.revision = std::get<int64_t>(row.values[i]);
      if (column == "compacted_revision") {
        workspace.oldest_revision = std::get<int64_t>(row.values[i]) + 1;
      }
    }
    return workspace;
  }

  absl::Status Publish() {
    const absl::Status written =
        core_.MaintainStore(workspace_, call_, [&](sql::Connection& db) -> absl::Status {
          SALES_RETURN_IF_ERROR(CheckHeld(db));
          for (const ReadRow& row : last_) {
            SALES_RETURN_IF_ERROR(Insert(db, workspace_, row));
          }
          SALES_RETURN_IF_ERROR(store::SetIncarnation(db, workspace_, core_.MakeIncarnation()));
          SALES_RETURN_IF_ERROR(store::DeleteUnfinished(db, workspace_));
          SALES_ASSIGN_OR_RETURN(row_, store::LoadWorkspace(db, workspace_));
          core_.NoteImported(row_);
          return absl::OkStatus();
        });
    return Told(written);
  }

  // What cannot be removed now, the sweep removes once the import has been silent long enough.
  void Abandon() {
    Call call = call_;
    call.deadline = absl::InfiniteFuture();
    int64_t removed = 1;
    while (removed > 0) {
      removed = 0;
      core_
          .MaintainStore(workspace_, call,
                         [&](sql::Connection& db) -> absl::Status {
                           SALES_RETURN_IF_ERROR(CheckHeld(db));
                           SALES_ASSIGN_OR_RETURN(removed, internal::RemoveSome(db, workspace_));
                           return absl::OkStatus();
                         })
          .IgnoreError();
    }
  }

  EngineCore& core_;
  const std::string& workspace_;
  const Call& call_;
  ExportReader reader_;
  const std::string import_;
  std::vector<ReadRow> batch_;
  size_t batch_bytes_ = 0;
  // The rows that make the workspace visible.
  std::vector<ReadRow> last_;
  store::WorkspaceRow row_;
};

}  // namespace

absl::StatusOr<Workspace> Engine::ImportWorkspace(const std::string& workspace,
                                                  const ReadText& on_read, const Call& call) const {
  SALES_RETURN_IF_ERROR(CheckId("workspace_id", workspace));
  SALES_ASSIGN_OR_RETURN(const Workspace made,
                         WorkspaceImport(*core_, workspace, on_read, call).Run());
  return At(made.id, call).GetWorkspace();
}

}  // namespace sales
