#include "src/store/contact_rows.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/decide/identity.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define CONTACT_COLUMNS                                                                     \
  "contact, display_name, organization, identities, lead_count, create_time, update_time, " \
  "revision"

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
  return absl::OkStatus();
}

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
  const std::string identities = EncodeIdentities(contact.identities);
  const std::string display_name_folded = FoldText(contact.display_name);
  const std::string organization_folded = FoldText(contact.organization);
  return db
      .Execute(
          "INSERT INTO contacts (workspace, contact, display_name, display_name_folded, "
          "organization, organization_folded, identities, lead_count, create_time, update_time, "
          "revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
          {std::string_view(workspace), std::string_view(contact.id),
           std::string_view(contact.display_name), std::string_view(display_name_folded),
           std::string_view(contact.organization), std::string_view(organization_folded),
           std::string_view(identities), int64_t{contact.lead_count}, ToMicros(contact.create_time),
           ToMicros(contact.update_time), contact.revision})
      .status();
}

absl::Status UpdateContact(sql::Connection& db, const std::string& workspace,
                           const Contact& contact) {
  const std::string identities = EncodeIdentities(contact.identities);
  const std::string display_name_folded = FoldText(contact.display_name);
  const std::string organization_folded = FoldText(contact.organization);
  return db
      .Execute(
          "UPDATE contacts SET display_name = $3, display_name_folded = $4, organization = $5, "
          "organization_folded = $6, identities = $7, update_time = $8, revision = $9 "
          "WHERE workspace = $1 AND contact = $2",
          {std::string_view(workspace), std::string_view(contact.id),
           std::string_view(contact.display_name), std::string_view(display_name_folded),
           std::string_view(contact.organization), std::string_view(organization_folded),
           std::string_view(identities), ToMicros(contact.update_time), contact.revision})
      .status();
}

absl::Status AddToLeadCount(sql::Connection& db, const std::string& workspace,
                            const std::string& contact) {
  return db
      .Execute(
          "UPDATE contacts SET lead_count = lead_count + 1 WHERE workspace = $1 AND contact = $2",
          {std::string_view(workspace), std::string_view(contact)})
      .status();
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

absl::Status InsertIdentityKey(sql::Connection& db, const std::string& workspace,
                               const std::string& contact, const Identity& identity) {
  return db
      .Execute(
          "INSERT INTO identity_keys (workspace, kind, source, normal_value, contact) "
          "VALUES ($1, $2, $3, $4, $5)",
          {std::string_view(workspace), static_cast<int64_t>(identity.kind),
           std::string_view(identity.source), std::string_view(identity.normal_value),
           std::string_view(contact)})
      .status();
}

absl::Status DeleteIdentityKey(sql::Connection& db, const std::string& workspace,
                               const Identity& identity) {
  return db
      .Execute(
          "DELETE FROM identity_keys WHERE workspace = $1 AND kind = $2 AND source = $3 "
          "AND normal_value = $4",
          {std::string_view(workspace), static_cast<int64_t>(identity.kind),
           std::string_view(identity.source), std::string_view(identity.normal_value)})
      .status();
}

absl::StatusOr<std::vector<Contact>> ListContacts(sql::Connection& db, const std::string& workspace,
                                                  const ListPlan& plan) {
  std::vector<Contact> contacts;
  absl::Status read;
  SALES_RETURN_IF_ERROR(RunList(
      db, "SELECT " CONTACT_COLUMNS " FROM contacts", workspace, plan,
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
