#ifndef SALES_SRC_STORE_HANDOFF_ROWS_H_
#define SALES_SRC_STORE_HANDOFF_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
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
