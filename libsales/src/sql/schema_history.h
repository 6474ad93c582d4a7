// What a store's record of its migrations says, the same for every database.
#ifndef SALES_SRC_SQL_SCHEMA_HISTORY_H_
#define SALES_SRC_SQL_SCHEMA_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/sql/driver.h"

namespace sales::sql {

// Of the statements of a migration; tells one that was edited.
std::string ChecksumOf(const Migration& migration);

// Whether the migrations are numbered without gaps. The first may stand for those before it.
absl::Status CheckNumbers(absl::Span<const Migration> migrations);

// The number that the last migration leads to.
int64_t LastNumber(absl::Span<const Migration> migrations);

absl::Status ForeignError(std::string message);

// STORE_NEWER where the store is of a version that the migrations do not lead to.
absl::Status CheckKnown(int64_t version, absl::Span<const Migration> migrations);

// Compares what was applied to the store, by its checksums in order, with what this library would
// have applied up to `version`. Errors: STORE_FOREIGN.
absl::Status CheckApplied(const std::vector<std::string>& applied, int64_t version,
                          absl::Span<const Migration> migrations);

// STORE_NOT_MIGRATED unless the store is of the last version.
absl::Status CheckCurrent(int64_t version, absl::Span<const Migration> migrations);

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_SCHEMA_HISTORY_H_
