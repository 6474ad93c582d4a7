#include "src/sql/postgres_errors.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/decide/errors.h"

namespace sales::sql {
namespace {

absl::string_view Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? absl::string_view() : absl::string_view(text);
}

absl::Status ConflictError(const char* kind, absl::string_view constraint) {
  ErrorDetail detail;
  detail.reason = Reason::kStoreConflict;
  detail.metadata["kind"] = kind;
  detail.metadata["constraint"] = std::string(constraint);
  return MakeError(std::move(detail), "the write violates a constraint of the store");
}

const char* ConstraintKind(absl::string_view state) {
  if (state == "23505") return "unique";
  if (state == "23503") return "foreign_key";
  if (state == "23502") return "not_null";
  if (state == "23514") return "check";
  return "other";
}

// The primary message names tables and columns, never values; the detail would.
absl::Status RefusedStatement(absl::string_view state, const PGresult* result) {
  return MakeError(Reason::kInternal,
                   absl::StrCat("the store refused a statement (SQLSTATE ", state,
                                "): ", Field(result, PG_DIAG_MESSAGE_PRIMARY)));
}

// Another transaction came first, and this one may simply be run again.
bool LostToAnother(absl::string_view state) { return state == "40001" || state == "40P01"; }

}  // namespace

absl::Status PostgresUnavailable(const char* doing) {
  return MakeError(Reason::kStoreUnavailable, absl::StrCat("the database cannot be ", doing));
}

bool MustReconnect(const PGresult* result) {
  const absl::string_view state = Field(result, PG_DIAG_SQLSTATE);
  // The server shuts down or starts up; writing is refused since it is a standby now.
  return absl::StartsWith(state, "57P") || state == "25006";
}

absl::Status PostgresError(const PGresult* result) {
  const absl::string_view state = Field(result, PG_DIAG_SQLSTATE);
  if (LostToAnother(state)) {
    return MakeError(Reason::kStoreConflict, "another write came first; try again");
  }
  if (absl::StartsWith(state, "23")) {
    return ConflictError(ConstraintKind(state), Field(result, PG_DIAG_CONSTRAINT_NAME));
  }
  if (state == "55P03") {
    return MakeError(Reason::kStoreBusy, "another process is writing to the store; try again");
  }
  if (state == "57014") {
    return MakeError(Reason::kDeadlineExceeded, "the deadline passed while the store worked");
  }
  if (state == "53100") {
    return MakeError(Reason::kStoreFull, "the volume of the store is full; make room on it");
  }
  if (state == "42501" || state == "25006") {
    return MakeError(Reason::kStoreReadOnly,
                     "the database may not be written by this user, or is a standby");
  }
  if (absl::StartsWith(state, "XX001") || absl::StartsWith(state, "XX002")) {
    return MakeError(Reason::kStoreCorrupt,
                     "the store is damaged; stop writing and restore it from a backup");
  }
  // Out of resources, connection trouble (but a message that breaks the protocol is a fault of
  // ours), intervention of an operator.
  if (state == "08P01") return RefusedStatement(state, result);
  if (absl::StartsWith(state, "53") || absl::StartsWith(state, "08") ||
      absl::StartsWith(state, "57") || absl::StartsWith(state, "58")) {
    return PostgresUnavailable(absl::StrCat("used (SQLSTATE ", std::string(state), ")").c_str());
  }
  if (state.empty()) return PostgresUnavailable("reached; the connection was lost");
  return RefusedStatement(state, result);
}

}  // namespace sales::sql
