#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/engine/contacts.h"
#include "src/engine/fingerprint.h"
#include "src/store/contact_rows.h"
#include "src/store/erase_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/request_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::WriteScope;

// What is left of a contact: that there was one, and how many leads it had.
Contact Remains(const WriteScope& scope, const Contact& contact) {
  Contact remains;
  remains.id = contact.id;
  remains.lead_count = contact.lead_count;
  remains.create_time = contact.create_time;
  remains.merged_into = contact.merged_into;
  remains.erase_time = scope.now;
  internal::StampContact(scope, remains);
  return remains;
}

// Erases the contact and everything about it; its leads' and its own id are added to `ids`.
absl::StatusOr<Contact> EraseOne(WriteScope& scope, const Contact& contact,
                                 std::vector<std::string>& ids) {
  for (const Identity& identity : contact.identities) {
    if (!identity.usable) continue;
    SALES_RETURN_IF_ERROR(store::DeleteIdentityKey(scope.db, scope.workspace(), identity));
  }
  SALES_RETURN_IF_ERROR(store::EraseBesideContact(scope.db, scope.workspace(), contact.id));
  SALES_ASSIGN_OR_RETURN(const std::vector<store::ContactLead> leads,
                         store::LeadsOfContact(scope.db, scope.workspace(), contact.id));
  for (const store::ContactLead& lead : leads) {
    SALES_RETURN_IF_ERROR(
        store::EraseLead(scope.db, scope.workspace(), lead.lead, scope.now, scope.revision()));
    ids.push_back(lead.lead);
  }
  ids.push_back(contact.id);
  Contact remains = Remains(scope, contact);
  SALES_RETURN_IF_ERROR(store::UpdateContact(scope.db, scope.workspace(), remains));
  Event event;
  event.type = EventType::kContactErased;
  event.contact = contact.id;
  SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
  return remains;
}

// With those merged into it, and into those.
absl::StatusOr<Contact> EraseIn(WriteScope& scope, const Contact& contact) {
  std::vector<std::string> ids;
  std::vector<std::string> open = {contact.id};
  Contact remains;
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> merged,
                           store::ContactsMergedInto(scope.db, scope.workspace(), next));
    open.insert(open.end(), merged.begin(), merged.end());
    SALES_ASSIGN_OR_RETURN(const Contact found,
                           internal::FindContactById(scope.db, scope.workspace(), next));
    if (found.erase_time.has_value()) continue;
    SALES_ASSIGN_OR_RETURN(Contact erased, EraseOne(scope, found, ids));
    if (next == contact.id) remains = std::move(erased);
  }
  std::sort(ids.begin(), ids.end());
  SALES_RETURN_IF_ERROR(store::ScrubAnswers(scope.db, scope.workspace(), ids));
  return remains;
}

}  // namespace

absl::StatusOr<Contact> Desk::EraseContact(const std::string& contact) const {
  return core_->Write<Contact>(workspace_, call_, CallFingerprint(call_, "EraseContact", contact),
                               [&](WriteScope& scope) -> absl::StatusOr<Contact> {
                                 SALES_ASSIGN_OR_RETURN(
                                     const Contact found,
                                     internal::FindLivingContact(scope.db, workspace_, contact));
                                 SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, found.etag));
                                 return EraseIn(scope, found);
                               });
}

}  // namespace sales
