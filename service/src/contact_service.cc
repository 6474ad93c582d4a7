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

}  // namespace

void AddContactMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("ContactService/GetContact", Work::kQuick, HandleGetContact));
  methods.push_back(Unary("ContactService/ListContacts", Work::kScan, HandleListContacts));
  methods.push_back(Unary("ContactService/UpdateContact", Work::kWrite, HandleUpdateContact));
  methods.push_back(Unary("ContactService/FindContact", Work::kQuick, HandleFindContact));
}

}  // namespace sales::service
