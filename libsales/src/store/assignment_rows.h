#ifndef SALES_SRC_STORE_ASSIGNMENT_ROWS_H_
#define SALES_SRC_STORE_ASSIGNMENT_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/team.h"
#include "src/sql/driver.h"

namespace sales::store {

// The version asked for, or with 0 the last.
absl::StatusOr<std::optional<AssignmentPolicy>> LoadAssignmentPolicy(sql::Connection& db,
                                                                     const std::string& workspace,
                                                                     int version);
absl::Status InsertAssignmentPolicy(sql::Connection& db, const std::string& workspace,
                                    const AssignmentPolicy& policy, int64_t revision);

// The last decision about a lead.
absl::StatusOr<std::optional<AssignmentRecord>> LoadAssignment(sql::Connection& db,
                                                               const std::string& workspace,
                                                               const std::string& lead);
absl::Status InsertAssignment(sql::Connection& db, const std::string& workspace,
                              const AssignmentRecord& record);

// The seller of the contact's last lead before this one that had any; empty: none.
absl::StatusOr<std::string> PreviousSeller(sql::Connection& db, const std::string& workspace,
                                           const std::string& contact, const std::string& lead);

// A lead that waits for a seller, and since which revision.
struct QueuedLead {
  int64_t revision = 0;
  std::string lead;
};
// Where it is in the queue already it stays there.
absl::Status EnterQueue(sql::Connection& db, const std::string& workspace,
                        const QueuedLead& queued);
// Up to `count` after `after`, the longest waiting first.
absl::StatusOr<std::vector<QueuedLead>> ListQueue(sql::Connection& db, const std::string& workspace,
                                                  const QueuedLead& after, int count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_ASSIGNMENT_ROWS_H_
