#include "service/src/convert/contact.h"

#include <set>
#include <utility>
#include <vector>

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

absl::StatusOr<std::vector<Identity>> IdentitiesFrom(const v1::Contact& contact,
                                                     const std::string& field) {
  std::vector<Identity> identities;
  identities.reserve(contact.identities_size());
  for (int i = 0; i < contact.identities_size(); ++i) {
    ASSIGN_OR_RETURN(
        Identity identity,
        FromProto(contact.identities(i), field + ".identities[" + std::to_string(i) + "]"));
    identities.push_back(std::move(identity));
  }
  return identities;
}

}  // namespace

v1::Contact ToProto(const Contact& contact, const std::string& workspace) {
  v1::Contact out;
  out.set_name(ContactNameOf(workspace, contact.id));
  out.set_display_name(contact.display_name);
  out.set_organization(contact.organization);
  for (const Identity& identity : contact.identities) {
    v1::Identity& added = *out.add_identities();
    added.set_kind(static_cast<v1::Identity::Kind>(identity.kind));
    added.set_value(identity.value);
    added.set_source(identity.source);
    added.set_normal_value(identity.normal_value);
    added.set_usable(identity.usable);
  }
  out.set_lead_count(contact.lead_count);
  SetTime(contact.create_time, out.mutable_create_time());
  SetTime(contact.update_time, out.mutable_update_time());
  out.set_etag(contact.etag);
  out.set_revision(contact.revision);
  return out;
}

absl::StatusOr<Identity> FromProto(const v1::Identity& identity, const std::string& field) {
  Identity out;
  ASSIGN_OR_RETURN(
      out.kind, EnumFrom<IdentityKind>(identity.kind(), v1::Identity::Kind_IsValid(identity.kind()),
                                       field + ".kind"));
  out.value = identity.value();
  out.source = identity.source();
  return out;
}

absl::StatusOr<ContactInput> ContactInputFrom(const v1::Contact& contact,
                                              const std::string& workspace,
                                              const std::string& field) {
  ContactInput input;
  ASSIGN_OR_RETURN(input.id, ContactRef(contact.name(), workspace, field + ".name"));
  input.display_name = contact.display_name();
  input.organization = contact.organization();
  ASSIGN_OR_RETURN(input.identities, IdentitiesFrom(contact, field));
  return input;
}

absl::StatusOr<UpdateContact> FromProto(const v1::UpdateContactRequest& request) {
  const v1::Contact& contact = request.contact();
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), contact,
                                 {"display_name", "organization", "identities"}));
  UpdateContact command;
  if (fields.count("display_name") > 0) command.display_name = contact.display_name();
  if (fields.count("organization") > 0) command.organization = contact.organization();
  if (fields.count("identities") > 0) {
    ASSIGN_OR_RETURN(command.identities, IdentitiesFrom(contact, "contact"));
  }
  return command;
}

absl::Status SpellUpdateContact(const absl::Status& status) {
  return Respell(status,
                 {{{"contact", "contact"}, {"request_id", "request_id"}, {"", "contact."}}});
}

}  // namespace sales::service
