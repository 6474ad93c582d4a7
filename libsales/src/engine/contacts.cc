#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/identity.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/contact_rows.h"
#include "src/store/list.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::StatusOr<Contact> FindContactById(sql::Connection& db, const std::string& workspace,
                                        const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(std::optional<Contact> found, store::LoadContact(db, workspace, contact));
  if (!found.has_value()) {
    return MakeError(Reason::kContactNotFound, "There is no such contact.");
  }
  return *std::move(found);
}

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
  if (!command.identities.has_value()) return absl::OkStatus();
  return CheckIdentities("identities", *command.identities);
}

}  // namespace

absl::StatusOr<Contact> Desk::GetContact(const std::string& contact) const {
  Contact found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindContactById(scope.db, workspace_, contact));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Contact>> Desk::ListContacts(const ListQuery& query) const {
  SALES_ASSIGN_OR_RETURN(const store::ListPlan plan,
                         store::PlanList(store::ContactListSchema(), workspace_, query));
  Page<Contact> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
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
        SALES_ASSIGN_OR_RETURN(Contact found, FindContactById(scope.db, workspace_, contact));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, found.etag));
        Event event;
        event.type = EventType::kContactUpdated;
        event.contact = found.id;
        if (command.display_name.has_value()) found.display_name = *command.display_name;
        if (command.organization.has_value()) found.organization = *command.organization;
        if (command.identities.has_value()) {
          const std::string before = std::to_string(found.identities.size());
          SALES_RETURN_IF_ERROR(ReplaceIdentities(scope, *command.identities, found));
          event.changes.push_back({"identities", before, std::to_string(found.identities.size())});
        }
        found.update_time = scope.now;
        found.revision = scope.revision();
        found.etag = std::to_string(found.revision);
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
    SALES_ASSIGN_OR_RETURN(found, FindContactById(scope.db, workspace_, owner));
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace sales
