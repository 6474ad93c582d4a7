#include "src/store/contact_rows.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/decide/identity.h"
#include "src/store/duplicate_rows.h"
#include "src/store/lead_codec.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define CONTACT_COLUMNS                                                                       \
  "contact, display_name, organization, identities, lead_count, create_time, update_time, "   \
  "revision, attributes, do_not_email, do_not_email_source, do_not_email_time, do_not_call, " \
  "do_not_call_source, do_not_call_time, merged_into, erase_time"

// The identities as a JSON list of [kind, value, source, normal value].
std::string EncodeIdentities(const std::vector<Identity>& identities) {
  nlohmann::json list = nlohmann::json::array();
  for (const Identity& identity : identities) {
    list.push_back(
        {static_cast<int>(identity.kind), identity.value, identity.source, identity.normal_value});
  }
  return list.dump();
}

absl::Status DecodeIdentities(std::string_view text, std::vector<Identity>& identities) {
  const nlohmann::json list = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) return MakeError(Reason::kStoreCorrupt, "A contact cannot be read.");
  for (const nlohmann::json& entry : list) {
    if (!entry.is_array() || entry.size() != 4 || !entry[0].is_number_integer() ||
        !entry[1].is_string() || !entry[2].is_string() || !entry[3].is_string()) {
      return MakeError(Reason::kStoreCorrupt, "A contact cannot be read.");
    }
    Identity& identity = identities.emplace_back();
    identity.kind = static_cast<IdentityKind>(entry[0].get<int>());
    identity.value = entry[1].get<std::string>();
    identity.source = entry[2].get<std::string>();
    identity.normal_value = entry[3].get<std::string>();
    identity.usable = !identity.normal_value.empty();
  }
  return absl::OkStatus();
}

absl::Status ReadContact(const sql::Row& row, Contact& contact) {
  contact.id = TextOf(row, 0);
  contact.display_name = TextOf(row, 1);
  contact.organization = TextOf(row, 2);
  SALES_RETURN_IF_ERROR(DecodeIdentities(row.Text(3), contact.identities));
  contact.lead_count = static_cast<int>(row.Int(4));
  contact.create_time = TimeOf(row, 5);
  contact.update_time = TimeOf(row, 6);
  contact.revision = row.Int(7);
  contact.etag = std::to_string(contact.revision);
  SALES_ASSIGN_OR_RETURN(contact.attributes, DecodeAttributes(row.Text(8)));
  contact.do_not_email = {row.Int(9) != 0, TextOf(row, 10), OptionalTimeOf(row, 11)};
  contact.do_not_call = {row.Int(12) != 0, TextOf(row, 13), OptionalTimeOf(row, 14)};
  contact.merged_into = TextOf(row, 15);
  contact.erase_time = OptionalTimeOf(row, 16);
  return absl::OkStatus();
}

// A contact's values in the order of CONTACT_COLUMNS, after the workspace's and with the folded
// texts last. Owns the texts that are made for the row.
class ContactParams {
 public:
  ContactParams(const std::string& workspace, const Contact& contact)
      : identities_(EncodeIdentities(contact.identities)),
        attributes_(EncodeAttributes(contact.attributes)),
        display_name_folded_(FoldText(contact.display_name)),
        organization_folded_(FoldText(contact.organization)),
        params_{std::string_view(workspace),
                std::string_view(contact.id),
                std::string_view(contact.display_name),
                std::string_view(contact.organization),
                std::string_view(identities_),
                int64_t{contact.lead_count},
                ToMicros(contact.create_time),
                ToMicros(contact.update_time),
                contact.revision,
                std::string_view(attributes_),
                Flag(contact.do_not_email.refused),
                std::string_view(contact.do_not_email.source),
                Nullable(contact.do_not_email.time),
                Flag(contact.do_not_call.refused),
                std::string_view(contact.do_not_call.source),
                Nullable(contact.do_not_call.time),
                std::string_view(contact.merged_into),
                Nullable(contact.erase_time),
                std::string_view(display_name_folded_),
                std::string_view(organization_folded_)} {}

  absl::Span<const sql::Param> span() const { return params_; }

 private:
  const std::string identities_;
  const std::string attributes_;
  const std::string display_name_folded_;
  const std::string organization_folded_;
  const std::array<sql::Param, 20> params_;
};

constexpr FilterField kFilterFields[] = {
    {"display_name", FilterType::kFolded, "display_name_folded"},
    {"organization", FilterType::kFolded, "organization_folded"},
    {"lead_count", FilterType::kInteger, "lead_count"},
    {"create_time", FilterType::kTime, "create_time"},
    {"update_time", FilterType::kTime, "update_time"},
};
constexpr OrderField kOrderFields[] = {{"create_time", "create_time"},
                                       {"update_time", "update_time"}};

}  // namespace

absl::StatusOr<std::optional<Contact>> LoadContact(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& contact) {
  std::optional<Contact> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " CONTACT_COLUMNS " FROM contacts WHERE workspace = $1 AND contact = $2",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { read = ReadContact(row, found.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status InsertContact(sql::Connection& db, const std::string& workspace,
                           const Contact& contact) {
  return db.Apply("INSERT INTO contacts (workspace, " CONTACT_COLUMNS
                  ", display_name_folded, organization_folded) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                  "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
                  ContactParams(workspace, contact).span());
}

absl::Status UpdateContact(sql::Connection& db, const std::string& workspace,
                           const Contact& contact) {
  SALES_ASSIGN_OR_RETURN(const std::optional<Contact> before,
                         LoadContact(db, workspace, contact.id));
  SALES_RETURN_IF_ERROR(
      db.Apply("UPDATE contacts SET display_name = $3, organization = $4, identities = $5, "
               "lead_count = $6, create_time = $7, update_time = $8, revision = $9, "
               "attributes = $10, do_not_email = $11, do_not_email_source = $12, "
               "do_not_email_time = $13, do_not_call = $14, do_not_call_source = $15, "
               "do_not_call_time = $16, merged_into = $17, erase_time = $18, "
               "display_name_folded = $19, organization_folded = $20 "
               "WHERE workspace = $1 AND contact = $2",
               ContactParams(workspace, contact).span()));
  return ReplaceBlocks(db, workspace, before.has_value() ? &*before : nullptr, &contact);
}

absl::Status AddToLeadCount(sql::Connection& db, const std::string& workspace,
                            const std::string& contact) {
  return db.Apply(
      "UPDATE contacts SET lead_count = lead_count + 1 WHERE workspace = $1 AND contact = $2",
      {std::string_view(workspace), std::string_view(contact)});
}

absl::Status ScanContacts(sql::Connection& db, const std::string& workspace,
                          absl::FunctionRef<void(const Contact&)> on_contact) {
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " CONTACT_COLUMNS
               " FROM contacts WHERE workspace = $1 AND merged_into = '' AND erase_time IS NULL "
               "ORDER BY contact",
               {std::string_view(workspace)}, [&](const sql::Row& row) {
                 Contact contact;
                 read.Update(ReadContact(row, contact));
                 if (read.ok()) on_contact(contact);
               }));
  return read;
}

absl::StatusOr<int> CountLeads(sql::Connection& db, const std::string& workspace,
                               const std::string& contact) {
  int count = 0;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT COUNT(*) FROM leads WHERE workspace = $1 AND contact = $2",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { count = static_cast<int>(row.Int(0)); }));
  return count;
}

absl::StatusOr<std::vector<std::string>> ContactsMergedInto(sql::Connection& db,
                                                            const std::string& workspace,
                                                            const std::string& contact) {
  std::vector<std::string> contacts;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT contact FROM contacts WHERE workspace = $1 AND merged_into <> '' AND "
               "merged_into = $2 ORDER BY contact",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { contacts.push_back(TextOf(row, 0)); }));
  return contacts;
}

absl::StatusOr<std::string> ContactOfIdentity(sql::Connection& db, const std::string& workspace,
                                              const Identity& identity) {
  std::string contact;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT contact FROM identity_keys WHERE workspace = $1 AND kind = $2 AND source = $3 "
      "AND normal_value = $4",
      {std::string_view(workspace), static_cast<int64_t>(identity.kind),
       std::string_view(identity.source), std::string_view(identity.normal_value)},
      [&](const sql::Row& row) { contact = TextOf(row, 0); }));
  return contact;
}

absl::StatusOr<std::vector<std::string>> ContactsOfIdentities(
    sql::Connection& db, const std::string& workspace,
    const std::vector<const Identity*>& identities) {
  std::vector<std::string> contacts(identities.size());
  if (identities.empty()) return contacts;
  std::string select;
  std::vector<sql::Param> params = {std::string_view(workspace)};
  for (size_t i = 0; i < identities.size(); ++i) {
    const size_t first = params.size() + 1;
    absl::StrAppend(&select, i == 0 ? "SELECT " : " UNION ALL SELECT ", i,
                    ", contact FROM identity_keys WHERE workspace = $1 AND kind = $", first,
                    " AND source = $", first + 1, " AND normal_value = $", first + 2);
    params.emplace_back(static_cast<int64_t>(identities[i]->kind));
    params.emplace_back(std::string_view(identities[i]->source));
    params.emplace_back(std::string_view(identities[i]->normal_value));
  }
  SALES_RETURN_IF_ERROR(db.Query(select, params, [&](const sql::Row& row) {
    contacts[static_cast<size_t>(row.Int(0))] = TextOf(row, 1);
  }));
  return contacts;
}

absl::Status InsertIdentityKey(sql::Connection& db, const std::string& workspace,
                               const std::string& contact, const Identity& identity) {
  return db.Apply(
      "INSERT INTO identity_keys (workspace, kind, source, normal_value, contact) "
      "VALUES ($1, $2, $3, $4, $5)",
      {std::string_view(workspace), static_cast<int64_t>(identity.kind),
       std::string_view(identity.source), std::string_view(identity.normal_value),
       std::string_view(contact)});
}

absl::Status MoveIdentityKey(sql::Connection& db, const std::string& workspace,
                             const Identity& identity, const std::string& contact) {
  return db.Apply(
      "UPDATE identity_keys SET contact = $5 WHERE workspace = $1 AND kind = $2 AND "
      "source = $3 AND normal_value = $4",
      {std::string_view(workspace), static_cast<int64_t>(identity.kind),
       std::string_view(identity.source), std::string_view(identity.normal_value),
       std::string_view(contact)});
}

absl::Status DeleteIdentityKey(sql::Connection& db, const std::string& workspace,
                               const Identity& identity) {
  return db.Apply(
      "DELETE FROM identity_keys WHERE workspace = $1 AND kind = $2 AND source = $3 "
      "AND normal_value = $4",
      {std::string_view(workspace), static_cast<int64_t>(identity.kind),
       std::string_view(identity.source), std::string_view(identity.normal_value)});
}

absl::StatusOr<std::vector<Contact>> ListContacts(sql::Connection& db, const std::string& workspace,
                                                  const ListPlan& plan) {
  std::vector<Contact> contacts;
  absl::Status read;
  SALES_RETURN_IF_ERROR(RunList(
      db,
      "SELECT " CONTACT_COLUMNS
      " FROM (SELECT * FROM contacts WHERE merged_into = '' AND erase_time IS NULL) AS living",
      workspace, plan,
      [&](const sql::Row& row) { read.Update(ReadContact(row, contacts.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  return contacts;
}

const ListSchema& ContactListSchema() {
  static const ListSchema schema = {
      "contacts", kFilterFields, kOrderFields, {"create_time", false}, "contact"};
  return schema;
}

int64_t ContactOrderKey(const Contact& contact, const ListPlan& plan) {
  return ToMicros(std::string_view(plan.order.column) == "update_time" ? contact.update_time
                                                                       : contact.create_time);
}

}  // namespace sales::store
