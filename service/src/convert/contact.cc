#include "service/src/convert/contact.h"

#include <map>
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

absl::StatusOr<Consent> ConsentFrom(const v1::Consent& consent, const std::string& field) {
  Consent out;
  out.refused = consent.refused();
  out.source = consent.source();
  if (consent.has_time()) {
    ASSIGN_OR_RETURN(out.time, TimeFrom(consent.time(), field + ".time"));
  }
  return out;
}

void SetConsent(const Consent& consent, v1::Consent* out) {
  out->set_refused(consent.refused);
  out->set_source(consent.source);
  SetTime(*consent.time, out->mutable_time());
}

std::map<std::string, std::string> AttributesFrom(const v1::Contact& contact) {
  return {contact.attributes().begin(), contact.attributes().end()};
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
  for (const auto& [key, value] : contact.attributes) (*out.mutable_attributes())[key] = value;
  if (contact.do_not_email.time.has_value()) {
    SetConsent(contact.do_not_email, out.mutable_do_not_email());
  }
  if (contact.do_not_call.time.has_value()) {
    SetConsent(contact.do_not_call, out.mutable_do_not_call());
  }
  out.set_merged_into(ContactNameOf(workspace, contact.merged_into));
  if (contact.erase_time.has_value()) SetTime(*contact.erase_time, out.mutable_erase_time());
  return out;
}

v1::Duplicate ToProto(const Duplicate& duplicate, const std::string& workspace) {
  v1::Duplicate out;
  out.set_contact(ContactNameOf(workspace, duplicate.contact));
  out.set_other(ContactNameOf(workspace, duplicate.other));
  out.set_score(duplicate.score);
  for (const DuplicateReason& reason : duplicate.reasons) {
    v1::DuplicateReason& added = *out.add_reasons();
    added.set_feature(reason.feature);
    added.set_similarity(reason.similarity);
    added.set_evidence(reason.evidence);
  }
  return out;
}

v1::Referral ToProto(const Referral& referral, const std::string& workspace) {
  v1::Referral out;
  out.set_referrer(ContactNameOf(workspace, referral.referrer));
  out.set_contact(ContactNameOf(workspace, referral.contact));
  out.set_lead(LeadNameOf(workspace, referral.lead));
  SetTime(referral.occur_time, out.mutable_occur_time());
  return out;
}

absl::StatusOr<DuplicateQuery> FromProto(const v1::ListDuplicatesRequest& request,
                                         const std::string& workspace) {
  DuplicateQuery query;
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  ASSIGN_OR_RETURN(query.contact, ContactRef(request.contact(), workspace, "contact"));
  return query;
}

absl::StatusOr<std::string> OtherContactFrom(const std::string& name, const std::string& workspace,
                                             const std::string& field) {
  if (name.empty()) return Refuse(Reason::kFieldRequired, field, "is needed");
  return ContactRef(name, workspace, field);
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
  input.attributes = AttributesFrom(contact);
  return input;
}

absl::StatusOr<UpdateContact> FromProto(const v1::UpdateContactRequest& request) {
  const v1::Contact& contact = request.contact();
  ASSIGN_OR_RETURN(const std::set<std::string> fields,
                   ChangedFields(request.update_mask(), contact,
                                 {"display_name", "organization", "identities", "attributes",
                                  "do_not_email", "do_not_call"}));
  UpdateContact command;
  if (fields.count("display_name") > 0) command.display_name = contact.display_name();
  if (fields.count("organization") > 0) command.organization = contact.organization();
  if (fields.count("identities") > 0) {
    ASSIGN_OR_RETURN(command.identities, IdentitiesFrom(contact, "contact"));
  }
  if (fields.count("attributes") > 0) command.attributes = AttributesFrom(contact);
  if (fields.count("do_not_email") > 0) {
    ASSIGN_OR_RETURN(command.do_not_email,
                     ConsentFrom(contact.do_not_email(), "contact.do_not_email"));
  }
  if (fields.count("do_not_call") > 0) {
    ASSIGN_OR_RETURN(command.do_not_call,
                     ConsentFrom(contact.do_not_call(), "contact.do_not_call"));
  }
  return command;
}

absl::Status SpellUpdateContact(const absl::Status& status) {
  return Respell(status,
                 {{{"contact", "contact"}, {"request_id", "request_id"}, {"", "contact."}}});
}

absl::Status SpellRecordReferral(const absl::Status& status) {
  return Respell(status, {{{"contact", "name"}}});
}

}  // namespace sales::service
