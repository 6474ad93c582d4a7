#ifndef SALES_SERVICE_CONVERT_CONTACT_H_
#define SALES_SERVICE_CONVERT_CONTACT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/contact.h"
#include "sales/duplicate.h"
#include "sales/v1/contact.pb.h"

namespace sales::service {

v1::Contact ToProto(const Contact& contact, const std::string& workspace);
v1::Duplicate ToProto(const Duplicate& duplicate, const std::string& workspace);
v1::Referral ToProto(const Referral& referral, const std::string& workspace);
absl::StatusOr<DuplicateQuery> FromProto(const v1::ListDuplicatesRequest& request,
                                         const std::string& workspace);
// The id of a second contact, which must be named and in the same workspace.
absl::StatusOr<std::string> OtherContactFrom(const std::string& name, const std::string& workspace,
                                             const std::string& field);
absl::StatusOr<Identity> FromProto(const v1::Identity& identity, const std::string& field);
// A contact by name, or a person by what is known of him; `field` is the contact's path.
absl::StatusOr<ContactInput> ContactInputFrom(const v1::Contact& contact,
                                              const std::string& workspace,
                                              const std::string& field);
absl::StatusOr<UpdateContact> FromProto(const v1::UpdateContactRequest& request);

// The engine's errors about an update, with the request's field paths.
absl::Status SpellUpdateContact(const absl::Status& status);
// Of a referral: the contact that was sent is the request's name.
absl::Status SpellRecordReferral(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_CONTACT_H_
