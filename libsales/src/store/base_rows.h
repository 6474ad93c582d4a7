// What the compacted events of leads folded into.
#ifndef SALES_SRC_STORE_BASE_ROWS_H_
#define SALES_SRC_STORE_BASE_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/event.h"
#include "src/decide/track.h"
#include "src/sql/driver.h"

namespace sales::store {

// A lead up to a revision; the events after it are kept.
struct LeadBase {
  std::string lead;
  // The place of its capture among the events.
  int64_t capture_revision = 0;
  int64_t capture_ordinal = 0;
  // Of the last event that was folded into it.
  int64_t revision = 0;
  Track track;
};

// In the order of capture.
absl::StatusOr<std::vector<LeadBase>> LoadBases(sql::Connection& db, const std::string& workspace);
absl::StatusOr<std::optional<LeadBase>> LoadBase(sql::Connection& db, const std::string& workspace,
                                                 const std::string& lead);
absl::Status SaveBase(sql::Connection& db, const std::string& workspace, const LeadBase& base);

// Up to `count` leads after `after`, by id, that are closed and were not changed after `revision`.
absl::StatusOr<std::vector<std::string>> SettledLeads(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& after, int64_t revision,
                                                      int count);
// The events of a lead up to a revision, but for its handoff's, which are not compacted.
absl::StatusOr<std::vector<Event>> CompactableEvents(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& lead, int64_t revision);
// Removes them, and gives how many there were.
absl::StatusOr<int64_t> RemoveCompactable(sql::Connection& db, const std::string& workspace,
                                          const std::string& lead, int64_t revision);

// From then on nothing is told as of the revision or an earlier one.
absl::Status RaiseCompactedRevision(sql::Connection& db, const std::string& workspace,
                                    int64_t revision);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_BASE_ROWS_H_
