// What the verbs of contacts share.
#ifndef SALES_SRC_ENGINE_CONTACTS_H_
#define SALES_SRC_ENGINE_CONTACTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/engine/core.h"

namespace sales::internal {

// Errors: CONTACT_NOT_FOUND.
absl::StatusOr<Contact> FindContactById(sql::Connection& db, const std::string& workspace,
                                        const std::string& contact);

// CONTACT_ERASED, and CONTACT_MERGED (metadata `contact`), unless the contact is one of its own.
absl::Status CheckLiving(const Contact& contact);

// Both.
absl::StatusOr<Contact> FindLivingContact(sql::Connection& db, const std::string& workspace,
                                          const std::string& contact);
// The same for a contact that a field names; the errors carry its path.
absl::Status CheckContactRef(const WriteScope& scope, const std::string& field,
                             const std::string& contact);

// Marks the contact as changed by this write.
void StampContact(const WriteScope& scope, Contact& contact);

// REFERRAL_CYCLE if the contact is among those who sent the referrer, directly or through others.
absl::Status CheckReferral(sql::Connection& db, const std::string& workspace,
                           const std::string& referrer, const std::string& contact);
// Whether `ancestor` is `contact` or among those who sent it. Errors: LIMIT_REACHED.
absl::StatusOr<bool> SentBy(sql::Connection& db, const std::string& workspace,
                            const std::string& contact, const std::string& ancestor);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CONTACTS_H_
