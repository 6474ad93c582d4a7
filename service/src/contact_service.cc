#include "sales/v1/contact.pb.h"
#include "service/src/call.h"
#include "service/src/convert/contact.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Contact> HandleGetContact(Caller& caller, const v1::GetContactRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  ASSIGN_OR_RETURN(const Contact contact, caller.At(name.workspace).GetContact(name.contact));
  return ToProto(contact, name.workspace);
}

absl::StatusOr<v1::ListContactsResponse> HandleListContacts(
    Caller& caller, const v1::ListContactsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Contact> page, caller.At(workspace).ListContacts(query));
  v1::ListContactsResponse response;
  for (const Contact& item : page.items) *response.add_contacts() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Contact> HandleUpdateContact(Caller& caller,
                                                const v1::UpdateContactRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.contact().name(), "contact.name"));
  ASSIGN_OR_RETURN(const UpdateContact command, FromProto(request));
  const auto contact = caller.At(name.workspace).UpdateContact(name.contact, command);
  if (!contact.ok()) return SpellUpdateContact(contact.status());
  return ToProto(*contact, name.workspace);
}

absl::StatusOr<v1::Contact> HandleFindContact(Caller& caller,
                                              const v1::FindContactRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Identity identity, FromProto(request.identity(), "identity"));
  ASSIGN_OR_RETURN(const Contact contact, caller.At(workspace).FindContact(identity));
  return ToProto(contact, workspace);
}

absl::StatusOr<v1::ListDuplicatesResponse> HandleListDuplicates(
    Caller& caller, const v1::ListDuplicatesRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const DuplicateQuery query, FromProto(request, workspace));
  ASSIGN_OR_RETURN(const Page<Duplicate> page, caller.At(workspace).ListDuplicates(query));
  v1::ListDuplicatesResponse response;
  for (const Duplicate& item : page.items) *response.add_duplicates() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::DismissDuplicateResponse> HandleDismissDuplicate(
    Caller& caller, const v1::DismissDuplicateRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  ASSIGN_OR_RETURN(const std::string other,
                   OtherContactFrom(request.other(), name.workspace, "other"));
  v1::DismissDuplicateResponse response;
  ASSIGN_OR_RETURN(const int64_t revision,
                   caller.At(name.workspace).DismissDuplicate(name.contact, other));
  response.set_revision(revision);
  return response;
}

absl::StatusOr<v1::Contact> HandleMergeContacts(Caller& caller,
                                                const v1::MergeContactsRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  ASSIGN_OR_RETURN(const std::string merged,
                   OtherContactFrom(request.merged(), name.workspace, "merged"));
  ASSIGN_OR_RETURN(const Contact contact,
                   caller.At(name.workspace).MergeContacts(name.contact, merged));
  return ToProto(contact, name.workspace);
}

absl::StatusOr<v1::Contact> HandleUnmergeContact(Caller& caller,
                                                 const v1::UnmergeContactRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  ASSIGN_OR_RETURN(const Contact contact, caller.At(name.workspace).UnmergeContact(name.contact));
  return ToProto(contact, name.workspace);
}

absl::StatusOr<v1::Contact> HandleEraseContact(Caller& caller,
                                               const v1::EraseContactRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  ASSIGN_OR_RETURN(const Contact contact, caller.At(name.workspace).EraseContact(name.contact));
  return ToProto(contact, name.workspace);
}

absl::StatusOr<v1::ExportContactResponse> HandleExportContact(
    Caller& caller, const v1::ExportContactRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  v1::ExportContactResponse response;
  ASSIGN_OR_RETURN(*response.mutable_document(),
                   caller.At(name.workspace).ExportContact(name.contact));
  return response;
}

absl::StatusOr<v1::Referral> HandleRecordReferral(Caller& caller,
                                                  const v1::RecordReferralRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.name(), "name"));
  ASSIGN_OR_RETURN(const std::string referrer,
                   OtherContactFrom(request.referrer(), name.workspace, "referrer"));
  const auto referral = caller.At(name.workspace).RecordReferral({referrer, name.contact});
  if (!referral.ok()) return SpellRecordReferral(referral.status());
  return ToProto(*referral, name.workspace);
}

absl::StatusOr<v1::ListReferralsResponse> HandleListReferrals(
    Caller& caller, const v1::ListReferralsRequest& request) {
  ASSIGN_OR_RETURN(const ContactName name, ParseContact(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page<Referral> page,
                   caller.At(name.workspace).ListReferrals(name.contact, QueryFrom(request)));
  v1::ListReferralsResponse response;
  for (const Referral& item : page.items) {
    *response.add_referrals() = ToProto(item, name.workspace);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

}  // namespace

void AddContactMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("ContactService/GetContact", Work::kQuick, HandleGetContact));
  methods.push_back(Unary("ContactService/ListContacts", Work::kScan, HandleListContacts));
  methods.push_back(Unary("ContactService/UpdateContact", Work::kWrite, HandleUpdateContact));
  methods.push_back(Unary("ContactService/FindContact", Work::kQuick, HandleFindContact));
  methods.push_back(Unary("ContactService/ListDuplicates", Work::kScan, HandleListDuplicates));
  methods.push_back(Unary("ContactService/DismissDuplicate", Work::kWrite, HandleDismissDuplicate));
  methods.push_back(Unary("ContactService/MergeContacts", Work::kWrite, HandleMergeContacts));
  methods.push_back(Unary("ContactService/UnmergeContact", Work::kWrite, HandleUnmergeContact));
  methods.push_back(Unary("ContactService/EraseContact", Work::kWrite, HandleEraseContact));
  methods.push_back(Unary("ContactService/ExportContact", Work::kScan, HandleExportContact));
  methods.push_back(Unary("ContactService/RecordReferral", Work::kWrite, HandleRecordReferral));
  methods.push_back(Unary("ContactService/ListReferrals", Work::kScan, HandleListReferrals));
}

}  // namespace sales::service
