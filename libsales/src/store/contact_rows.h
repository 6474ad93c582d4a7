#ifndef SALES_SRC_STORE_CONTACT_ROWS_H_
#define SALES_SRC_STORE_CONTACT_ROWS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "sales/contact.h"
#include "src/sql/driver.h"
#include "src/store/list.h"

namespace sales::store {

absl::StatusOr<std::optional<Contact>> LoadContact(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& contact);
absl::Status InsertContact(sql::Connection& db, const std::string& workspace,
                           const Contact& contact);
// Writes everything of the contact but its identities' keys.
absl::Status UpdateContact(sql::Connection& db, const std::string& workspace,
                           const Contact& contact);
absl::Status AddToLeadCount(sql::Connection& db, const std::string& workspace,
                            const std::string& contact);

// Gives every contact that is neither merged nor erased, by id.
absl::Status ScanContacts(sql::Connection& db, const std::string& workspace,
                          absl::FunctionRef<void(const Contact&)> on_contact);
absl::StatusOr<int> CountLeads(sql::Connection& db, const std::string& workspace,
                               const std::string& contact);
// Those merged into the contact directly, by id.
absl::StatusOr<std::vector<std::string>> ContactsMergedInto(sql::Connection& db,
                                                            const std::string& workspace,
                                                            const std::string& contact);

// The contact that a usable identity belongs to; empty if it belongs to none.
absl::StatusOr<std::string> ContactOfIdentity(sql::Connection& db, const std::string& workspace,
                                              const Identity& identity);
// The same of several, each in its place, in one statement.
absl::StatusOr<std::vector<std::string>> ContactsOfIdentities(
    sql::Connection& db, const std::string& workspace,
    const std::vector<const Identity*>& identities);
absl::Status InsertIdentityKey(sql::Connection& db, const std::string& workspace,
                               const std::string& contact, const Identity& identity);
// Gives the key to another contact.
absl::Status MoveIdentityKey(sql::Connection& db, const std::string& workspace,
                             const Identity& identity, const std::string& contact);
absl::Status DeleteIdentityKey(sql::Connection& db, const std::string& workspace,
                               const Identity& identity);

// Contacts that are neither merged nor erased.
absl::StatusOr<std::vector<Contact>> ListContacts(sql::Connection& db, const std::string& workspace,
                                                  const ListPlan& plan);
// What lists of contacts are filtered and ordered by.
const ListSchema& ContactListSchema();
// The value that the plan's order compares, for the next page's token.
int64_t ContactOrderKey(const Contact& contact, const ListPlan& plan);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_CONTACT_ROWS_H_
