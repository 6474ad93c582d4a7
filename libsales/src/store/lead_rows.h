#ifndef SALES_SRC_STORE_LEAD_ROWS_H_
#define SALES_SRC_STORE_LEAD_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/lead.h"
#include "src/decide/record.h"
#include "src/sql/driver.h"
#include "src/store/list.h"

namespace sales::store {

// A lead with everything it holds but its activities.
absl::StatusOr<std::optional<LeadRecord>> LoadLead(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& lead,
                                                   const std::string& currency_code);

// Writes a new lead with everything it holds. The fingerprint tells an imported row; unset for
// leads that were not imported.
absl::Status InsertLead(sql::Connection& db, const std::string& workspace, const LeadRecord& record,
                        std::optional<int64_t> import_fingerprint);

// Writes what differs of a lead.
absl::Status UpdateLead(sql::Connection& db, const std::string& workspace, const LeadRecord& before,
                        const LeadRecord& after);

absl::Status InsertActivity(sql::Connection& db, const std::string& workspace,
                            const Activity& activity);
absl::StatusOr<bool> ActivityExists(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, const std::string& activity);

absl::StatusOr<bool> LeadExists(sql::Connection& db, const std::string& workspace,
                                const std::string& lead);

struct ExternalLead {
  std::string lead;
  std::optional<int64_t> import_fingerprint;
};
// The lead with an external id, if there is one.
absl::StatusOr<std::optional<ExternalLead>> LeadOfExternalId(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& external_id);

// A lead in the order of capture.
struct ContactLead {
  std::string lead;
  bool new_contact = false;
  std::string referrer;
};
// The contact's leads, the first captured first.
absl::StatusOr<std::vector<ContactLead>> LeadsOfContact(sql::Connection& db,
                                                        const std::string& workspace,
                                                        const std::string& contact);
// The leads whose referrer is the contact, by id.
absl::StatusOr<std::vector<std::string>> LeadsReferredBy(sql::Connection& db,
                                                         const std::string& workspace,
                                                         const std::string& contact);
// Writes whose a lead is. Neither etag nor time changes with it.
absl::Status SetLeadContact(sql::Connection& db, const std::string& workspace,
                            const LeadRecord& record);

// The lead's activities in the order of recording.
absl::StatusOr<std::vector<Activity>> ListActivities(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& lead);

// Up to `count` declined leads of the contact that were closed up to a time, the last closed first.
absl::StatusOr<std::vector<std::string>> DeclinedLeads(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& contact, absl::Time until,
                                                       int count);

// The leads of a funnel that are in a stage and not closed for good, by id.
absl::StatusOr<std::vector<std::string>> LeadsInStage(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& funnel,
                                                      const std::string& stage);

// Leads without visits, requirements, proposals, outcomes and stances.
absl::StatusOr<std::vector<Lead>> ListLeads(sql::Connection& db, const std::string& workspace,
                                            const std::string& currency_code, const ListPlan& plan);
// What lists of leads are filtered and ordered by.
const ListSchema& LeadListSchema();
// The value that the plan's order compares, for the next page's token.
int64_t LeadOrderKey(const Lead& lead, const ListPlan& plan);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_LEAD_ROWS_H_
