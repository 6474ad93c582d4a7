// Merges that stand, and what is needed to undo them.
#ifndef SALES_SRC_STORE_MERGE_ROWS_H_
#define SALES_SRC_STORE_MERGE_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/contact.h"
#include "src/sql/driver.h"

namespace sales::store {

struct Merge {
  std::string merged;
  std::string kept;
  int64_t revision = 0;
  absl::Time merge_time;
  Contact kept_before;
  Contact kept_after;
  Contact merged_before;
};

// One thing that a merge moved. Stored: numbers do not change.
enum class MergePartKind { kLead = 1, kTouch = 2, kReferral = 3 };
struct MergePart {
  MergePartKind kind = MergePartKind::kLead;
  // Which: the lead's id, or a text that the engine makes and reads.
  std::string item;
  std::string before;
  std::string after;
};

absl::Status InsertMerge(sql::Connection& db, const std::string& workspace, const Merge& merge,
                         const std::vector<MergePart>& parts);
absl::StatusOr<std::optional<Merge>> LoadMerge(sql::Connection& db, const std::string& workspace,
                                               const std::string& merged);
absl::StatusOr<std::vector<MergePart>> LoadMergeParts(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& merged);
// The contact of the last later merge that moved something further which this one had moved; empty
// if there is none.
absl::StatusOr<std::string> LaterMergeOfParts(sql::Connection& db, const std::string& workspace,
                                              const Merge& merge);
// With its parts.
absl::Status DeleteMerge(sql::Connection& db, const std::string& workspace,
                         const std::string& merged);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_MERGE_ROWS_H_
