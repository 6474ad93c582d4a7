#ifndef SALES_SRC_STORE_LEAD_ROWS_H_
#define SALES_SRC_STORE_LEAD_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/lead.h"
#include "src/decide/record.h"
#include "src/sql/driver.h"
#include "src/store/list.h"
#include "src/store/workspace_rows.h"

namespace sales::store {

// A lead with everything it holds but its activities.
absl::StatusOr<std::optional<LeadRecord>> LoadLead(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& lead,
                                                   const std::string& currency_code);

// What a caller gets to see of a lead, read in one statement with its workspace: in `record` only
// `lead` and what its clocks are read by; no value if there is no such lead. Errors:
// WORKSPACE_NOT_FOUND.
absl::StatusOr<WorkspaceRow> LoadWorkspaceAndLead(sql::Connection& db, const std::string& workspace,
                                                  const std::string& lead,
                                                  std::optional<LeadRecord>& record);

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

// Writes what the client expects, the advice and the promise where one of them differs.
absl::Status SaveForetold(sql::Connection& db, const std::string& workspace,
                          const LeadRecord& before, const LeadRecord& after);

// Gives the leads received in [start, end) to `on_lead`, in their order.
struct ReceivedLead {
  absl::Time receive_time;
  std::string_view channel;
  std::string_view campaign;
  std::string_view seller;
  std::string_view funnel;
};
absl::Status ScanReceived(sql::Connection& db, const std::string& workspace, absl::Time start,
                          absl::Time end, absl::FunctionRef<void(const ReceivedLead&)> on_lead);
// Only when, at most `count` of them: from an index, without the leads' rows.
absl::Status ScanReceiveTimes(sql::Connection& db, const std::string& workspace, absl::Time start,
                              absl::Time end, int64_t count,
                              absl::FunctionRef<void(absl::Time)> on_lead);

// Whether one of these sellers has a lead of the contact.
absl::StatusOr<bool> HasLeadOf(sql::Connection& db, const std::string& workspace,
                               const std::string& contact, const std::vector<std::string>& sellers);
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
