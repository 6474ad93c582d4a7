#ifndef SALES_SRC_STORE_HANDOFF_ROWS_H_
#define SALES_SRC_STORE_HANDOFF_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/handoff.h"
#include "src/decide/handoff.h"
#include "src/sql/driver.h"
#include "src/store/list.h"

namespace sales::store {

absl::StatusOr<std::optional<Handoff>> LoadHandoff(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& handoff);
// Writes it, be it new or not. Its contact and seller are its lead's and not written.
absl::Status SaveHandoff(sql::Connection& db, const std::string& workspace, const Handoff& handoff);

absl::StatusOr<std::vector<Handoff>> ListHandoffs(sql::Connection& db, const std::string& workspace,
                                                  const ListPlan& plan);
const ListSchema& HandoffListSchema();
// The value that the plan's order compares, for the next page's token.
int64_t HandoffOrderKey(const Handoff& handoff, const ListPlan& plan);

// Gives every handoff of the workspace.
absl::Status ScanHandoffs(sql::Connection& db, const std::string& workspace,
                          absl::FunctionRef<void(const Handoff&)> on_handoff);

// When the next limit of a handoff that was not noted yet falls due; unset where none is left.
absl::StatusOr<std::optional<absl::Time>> LimitDueTime(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& handoff);
absl::Status SetLimitDueTime(sql::Connection& db, const std::string& workspace,
                             const std::string& handoff, std::optional<absl::Time> due_time);
// Up to `count` handoffs of which a limit fell due before `before`, the longest due first.
absl::StatusOr<std::vector<std::string>> HandoffsDue(sql::Connection& db,
                                                     const std::string& workspace,
                                                     absl::Time before, int count);
absl::StatusOr<std::optional<absl::Time>> NextLimitDueTime(sql::Connection& db,
                                                           const std::string& workspace);

// Forgets what people wrote into the handoffs of a contact's leads: evidence and returns. Who did
// which step, and when, stays.
absl::Status EraseHandoffTexts(sql::Connection& db, const std::string& workspace,
                               const std::string& contact);

absl::StatusOr<std::optional<ProjectRecord>> LoadProject(sql::Connection& db,
                                                         const std::string& workspace,
                                                         const std::string& project);
// Writes it, be it new or not. Its client is its lead's and not written.
absl::Status SaveProject(sql::Connection& db, const std::string& workspace, const Project& project);

// The sellers of a project's open leads but for one lead.
absl::StatusOr<std::vector<std::string>> SellersOfOtherLeads(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& project,
                                                             const std::string& lead);

absl::StatusOr<std::vector<ProjectRecord>> ListProjects(sql::Connection& db,
                                                        const std::string& workspace,
                                                        const ListPlan& plan);
const ListSchema& ProjectListSchema();
int64_t ProjectOrderKey(const Project& project, const ListPlan& plan);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_HANDOFF_ROWS_H_
