#include "src/sql/sqlite_errors.h"

#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"

namespace sales::sql {
namespace {

bool IsFull(int error_number) { return error_number == ENOSPC || error_number == EDQUOT; }

absl::Status FullError() {
  return MakeError(Reason::kStoreFull, "the volume of the store is full; make room on it");
}

absl::Status ReadOnlyError() {
  return MakeError(Reason::kStoreReadOnly,
                   "the store, or the directory that it is in, cannot be written");
}

absl::Status CorruptError() {
  return MakeError(Reason::kStoreCorrupt,
                   "the store is damaged; stop writing and restore it from a backup");
}

// SQLite names the columns or the constraint after a colon and nowhere else.
std::string ConstraintName(sqlite3* db) {
  const std::string message = sqlite3_errmsg(db);
  const size_t colon = message.find(": ");
  return colon == std::string::npos ? "" : message.substr(colon + 2);
}

const char* ConstraintKind(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_UNIQUE:
      return "unique";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "foreign_key";
    case SQLITE_CONSTRAINT_NOTNULL:
      return "not_null";
    case SQLITE_CONSTRAINT_CHECK:
      return "check";
    default:
      return "other";
  }
}

absl::Status ConstraintError(sqlite3* db, int code) {
  ErrorDetail detail;
  detail.reason = Reason::kStoreConflict;
  detail.metadata["kind"] = ConstraintKind(code);
  detail.metadata["constraint"] = ConstraintName(db);
  return MakeError(std::move(detail), "the write violates a constraint of the store");
}

absl::Status UnavailableError(int code) {
  return MakeError(Reason::kStoreUnavailable,
                   absl::StrCat("the store cannot be reached (SQLite ", code, ")"));
}

absl::Status InputOutputError(sqlite3* db, int code) {
  if (code == SQLITE_IOERR_CORRUPTFS || code == SQLITE_IOERR_DATA) return CorruptError();
  if (IsFull(sqlite3_system_errno(db))) return FullError();
  return UnavailableError(code);
}

}  // namespace

absl::Status SqliteError(sqlite3* db, int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      // A wrong type in a STRICT table is a fault of ours, not a conflict.
      if (code == SQLITE_CONSTRAINT_DATATYPE) break;
      return ConstraintError(db, code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return MakeError(Reason::kStoreBusy, "another process is writing to the store; try again");
    case SQLITE_INTERRUPT:
      return MakeError(Reason::kDeadlineExceeded, "the deadline passed while the store worked");
    case SQLITE_FULL:
      return FullError();
    case SQLITE_READONLY:
      if (code == SQLITE_READONLY_DBMOVED) return UnavailableError(code);
      return ReadOnlyError();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return CorruptError();
    case SQLITE_IOERR:
      return InputOutputError(db, code);
    case SQLITE_CANTOPEN:
      if (IsFull(sqlite3_system_errno(db))) return FullError();
      return UnavailableError(code);
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
    case SQLITE_NOMEM:
      return UnavailableError(code);
    default:
      break;
  }
  return MakeError(Reason::kInternal, absl::StrCat("the store refused a statement (SQLite ", code,
                                                   "): ", sqlite3_errmsg(db)));
}

absl::Status SystemError(int error_number) {
  if (IsFull(error_number)) return FullError();
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return MakeError(Reason::kStoreMissing,
                       "the store, or the directory of its path, is missing");
    case EACCES:
    case EPERM:
    case EROFS:
      return ReadOnlyError();
    default:
      return MakeError(Reason::kStoreUnavailable,
                       absl::StrCat("the store cannot be reached (errno ", error_number, ")"));
  }
}

}  // namespace sales::sql
