// The parts of a lead that have tables of their own: requirements, proposals, outcomes, activities.
#ifndef SALES_SRC_STORE_LEAD_PARTS_H_
#define SALES_SRC_STORE_LEAD_PARTS_H_

#include <string>

#include "absl/status/status.h"
#include "sales/lead.h"
#include "src/sql/driver.h"

namespace sales::store {

absl::Status LoadRequirements(sql::Connection& db, const std::string& workspace, Lead& lead);
absl::Status LoadProposals(sql::Connection& db, const std::string& workspace,
                           const std::string& currency_code, Lead& lead);
absl::Status LoadOutcomes(sql::Connection& db, const std::string& workspace,
                          const std::string& currency_code, Lead& lead);

absl::Status LoadStances(sql::Connection& db, const std::string& workspace, Lead& lead);

// Writes the requirements, outcomes and stances that `after` has more than `before`, and the
// proposals and labels that are new or differ.
absl::Status SaveParts(sql::Connection& db, const std::string& workspace, const Lead& before,
                       const Lead& after);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_LEAD_PARTS_H_
