#include "src/engine/contacts.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/consent.h"
#include "src/decide/identity.h"
#include "src/engine/fingerprint.h"
#include "src/engine/sight.h"
#include "src/store/contact_rows.h"
#include "src/store/list.h"

namespace sales::internal {

absl::StatusOr<Contact> FindContactById(sql::Connection& db, const std::string& workspace,
                                        const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(std::optional<Contact> found, store::LoadContact(db, workspace, contact));
  if (!found.has_value()) {
    return MakeError(Reason::kContactNotFound, "There is no such contact.");
  }
  return *std::move(found);
}

absl::Status CheckLiving(const Contact& contact) {
  if (contact.erase_time.has_value()) {
    return MakeError(Reason::kContactErased,
                     "The contact was erased; capture the person anew to begin again.");
  }
  if (contact.merged_into.empty()) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = Reason::kContactMerged;
  detail.metadata["contact"] = contact.merged_into;
  return MakeError(std::move(detail),
                   "The contact was merged into another; use that one, or unmerge it first.");
}

absl::StatusOr<Contact> FindLivingContact(sql::Connection& db, const std::string& workspace,
                                          const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(Contact found, FindContactById(db, workspace, contact));
  SALES_RETURN_IF_ERROR(CheckLiving(found));
  return found;
}

absl::Status CheckContactRef(const WriteScope& scope, const std::string& field,
                             const std::string& contact) {
  absl::Status found = CheckSeesContact(scope, contact);
  if (found.ok()) found = FindLivingContact(scope.db, scope.workspace(), contact).status();
  if (found.ok()) return found;
  ErrorDetail detail = DetailOf(found);
  detail.fields.push_back({field, std::string(found.message())});
  return MakeError(std::move(detail), field + ": " + std::string(found.message()));
}

void StampContact(const WriteScope& scope, Contact& contact) {
  contact.update_time = scope.now;
  contact.revision = scope.revision();
  contact.etag = std::to_string(contact.revision);
}

}  // namespace sales::internal

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::FindContactById;
using internal::FindLivingContact;
using internal::ReadScope;
using internal::WriteScope;

// Gives the contact these identities in place of those it has, and the keys with them.
absl::Status ReplaceIdentities(WriteScope& scope, const std::vector<Identity>& identities,
                               Contact& contact) {
  for (const Identity& identity : contact.identities) {
    if (!identity.usable) continue;
    SALES_RETURN_IF_ERROR(store::DeleteIdentityKey(scope.db, scope.workspace(), identity));
  }
  contact.identities.clear();
  for (size_t i = 0; i < identities.size(); ++i) {
    Identity identity = NormalizeIdentity(identities[i], scope.row.workspace.default_region);
    if (identity.usable) {
      SALES_ASSIGN_OR_RETURN(const std::string owner,
                             store::ContactOfIdentity(scope.db, scope.workspace(), identity));
      // Given twice: one key is enough.
      if (owner == contact.id) continue;
      if (!owner.empty()) {
        return WithMetadata(
            FieldError(Reason::kIdentityTaken, "identities[" + std::to_string(i) + "]",
                       "belongs to another contact"),
            "contact", owner);
      }
      SALES_RETURN_IF_ERROR(
          store::InsertIdentityKey(scope.db, scope.workspace(), contact.id, identity));
    }
    contact.identities.push_back(std::move(identity));
  }
  return absl::OkStatus();
}

absl::Status CheckUpdateContact(const UpdateContact& command) {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(
        CheckText("display_name", *command.display_name, limits::display_name_bytes_max));
  }
  if (command.organization.has_value()) {
    SALES_RETURN_IF_ERROR(
        CheckText("organization", *command.organization, limits::display_name_bytes_max));
  }
  if (command.attributes.has_value()) {
    SALES_RETURN_IF_ERROR(CheckAttributes("attributes", *command.attributes));
  }
  if (!command.identities.has_value()) return absl::OkStatus();
  return CheckIdentities("identities", *command.identities);
}

// Takes a consent as given, and records that it changed.
absl::Status TakeConsent(WriteScope& scope, const char* field, const Consent& given,
                         const std::string& contact, Consent& kept) {
  SALES_RETURN_IF_ERROR(CheckConsent(field, given, scope.now));
  const auto text = [](bool refused) { return refused ? "true" : ""; };
  Event event;
  event.type = EventType::kConsentChanged;
  event.contact = contact;
  event.occur_time = given.time.value_or(scope.occur_time);
  event.changes.push_back({field, text(kept.refused), text(given.refused)});
  event.changes.push_back({std::string(field) + "_source", kept.source, given.source});
  kept = given;
  kept.time = event.occur_time;
  return scope.Record(std::move(event));
}

// Changes what the command names, and says in the event how much of it there is.
absl::Status TakeUpdate(WriteScope& scope, const UpdateContact& command, Contact& contact,
                        Event& event) {
  if (command.display_name.has_value()) contact.display_name = *command.display_name;
  if (command.organization.has_value()) contact.organization = *command.organization;
  if (command.attributes.has_value()) {
    event.changes.push_back({"attributes", std::to_string(contact.attributes.size()),
                             std::to_string(command.attributes->size())});
    contact.attributes = *command.attributes;
  }
  if (command.identities.has_value()) {
    const std::string before = std::to_string(contact.identities.size());
    SALES_RETURN_IF_ERROR(ReplaceIdentities(scope, *command.identities, contact));
    event.changes.push_back({"identities", before, std::to_string(contact.identities.size())});
  }
  if (command.do_not_email.has_value()) {
    SALES_RETURN_IF_ERROR(TakeConsent(scope, "do_not_email", *command.do_not_email, contact.id,
                                      contact.do_not_email));
  }
  if (!command.do_not_call.has_value()) return absl::OkStatus();
  return TakeConsent(scope, "do_not_call", *command.do_not_call, contact.id, contact.do_not_call);
}

}  // namespace

absl::StatusOr<Contact> Desk::GetContact(const std::string& contact) const {
  Contact found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(internal::CheckSeesContact(scope, contact));
    SALES_ASSIGN_OR_RETURN(found, FindContactById(scope.db, workspace_, contact));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Contact>> Desk::ListContacts(const ListQuery& query) const {
  SALES_ASSIGN_OR_RETURN(store::ListPlan plan,
                         store::PlanList(store::ContactListSchema(), workspace_, query));
  Page<Contact> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(internal::NarrowToSeenContacts(scope, plan));
    SALES_ASSIGN_OR_RETURN(page.items, store::ListContacts(scope.db, workspace_, plan));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > plan.page_size) {
    page.items.pop_back();
    const Contact& last = page.items.back();
    page.next_page_token = store::NextPageToken(plan, store::ContactOrderKey(last, plan), last.id);
  }
  return page;
}

absl::StatusOr<Contact> Desk::UpdateContact(const std::string& contact,
                                            const sales::UpdateContact& command) const {
  SALES_RETURN_IF_ERROR(CheckUpdateContact(command));
  return core_->Write<Contact>(
      workspace_, call_, CallFingerprint(call_, "UpdateContact", contact, command),
      [&](WriteScope& scope) -> absl::StatusOr<Contact> {
        SALES_RETURN_IF_ERROR(internal::CheckSeesContact(scope, contact));
        SALES_ASSIGN_OR_RETURN(Contact found, FindLivingContact(scope.db, workspace_, contact));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, found.etag));
        Event event;
        event.type = EventType::kContactUpdated;
        event.contact = found.id;
        SALES_RETURN_IF_ERROR(TakeUpdate(scope, command, found, event));
        internal::StampContact(scope, found);
        SALES_RETURN_IF_ERROR(store::UpdateContact(scope.db, workspace_, found));
        SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        return found;
      });
}

absl::StatusOr<Contact> Desk::FindContact(const Identity& identity) const {
  SALES_RETURN_IF_ERROR(CheckIdentity("identity", identity));
  Contact found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    const Identity normal = NormalizeIdentity(identity, scope.row.workspace.default_region);
    if (!normal.usable) {
      return FieldError(Reason::kFieldInvalid, "identity.value",
                        "has no normal form, so no contact is found by it");
    }
    SALES_ASSIGN_OR_RETURN(const std::string owner,
                           store::ContactOfIdentity(scope.db, workspace_, normal));
    SALES_RETURN_IF_ERROR(internal::CheckSeesContact(scope, owner));
    SALES_ASSIGN_OR_RETURN(found, FindContactById(scope.db, workspace_, owner));
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace sales
