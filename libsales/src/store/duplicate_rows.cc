#include "src/store/duplicate_rows.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "src/decide/errors.h"
#include "src/store/contact_rows.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

std::vector<Block> LivingBlocksOf(const Contact* contact) {
  if (contact == nullptr || !contact->merged_into.empty() || contact->erase_time.has_value()) {
    return {};
  }
  return BlocksOf(*contact);
}

absl::Status InsertBlock(sql::Connection& db, const std::string& workspace,
                         const std::string& contact, const Block& block) {
  return db.Apply(
      "INSERT INTO contact_blocks (workspace, block, neighbour, contact) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      {std::string_view(workspace), block.key, block.neighbour, std::string_view(contact)});
}

absl::Status DeleteBlock(sql::Connection& db, const std::string& workspace,
                         const std::string& contact, const Block& block) {
  return db.Apply(
      "DELETE FROM contact_blocks WHERE workspace = $1 AND block = $2 AND neighbour = $3 AND "
      "contact = $4",
      {std::string_view(workspace), block.key, block.neighbour, std::string_view(contact)});
}

absl::Status MakeBlocks(sql::Connection& db, const std::string& workspace, const std::string& id) {
  SALES_ASSIGN_OR_RETURN(const std::optional<Contact> contact, LoadContact(db, workspace, id));
  SALES_RETURN_IF_ERROR(
      ReplaceBlocks(db, workspace, nullptr, contact.has_value() ? &*contact : nullptr));
  return db.Apply("UPDATE contacts SET blocked = 1 WHERE workspace = $1 AND contact = $2",
                  {std::string_view(workspace), std::string_view(id)});
}

}  // namespace

absl::Status ReplaceBlocks(sql::Connection& db, const std::string& workspace, const Contact* before,
                           const Contact* after) {
  const std::vector<Block> old_blocks = LivingBlocksOf(before);
  const std::vector<Block> new_blocks = LivingBlocksOf(after);
  std::vector<Block> gone;
  std::vector<Block> fresh;
  std::set_difference(old_blocks.begin(), old_blocks.end(), new_blocks.begin(), new_blocks.end(),
                      std::back_inserter(gone));
  std::set_difference(new_blocks.begin(), new_blocks.end(), old_blocks.begin(), old_blocks.end(),
                      std::back_inserter(fresh));
  for (const Block& block : gone) {
    SALES_RETURN_IF_ERROR(DeleteBlock(db, workspace, before->id, block));
  }
  for (const Block& block : fresh) {
    SALES_RETURN_IF_ERROR(InsertBlock(db, workspace, after->id, block));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ContactsWithoutBlocks(sql::Connection& db,
                                                               const std::string& workspace,
                                                               int count) {
  std::vector<std::string> contacts;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT contact FROM contacts WHERE workspace = $1 AND blocked = 0 LIMIT $2",
               {std::string_view(workspace), int64_t{count}},
               [&](const sql::Row& row) { contacts.push_back(TextOf(row, 0)); }));
  return contacts;
}

absl::StatusOr<int> MakeMissingBlocks(sql::Connection& db, const std::string& workspace,
                                      int count) {
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> contacts,
                         ContactsWithoutBlocks(db, workspace, count));
  for (const std::string& contact : contacts) {
    SALES_RETURN_IF_ERROR(MakeBlocks(db, workspace, contact));
  }
  return static_cast<int>(contacts.size());
}

absl::Status ScanBlocks(sql::Connection& db, const std::string& workspace,
                        absl::FunctionRef<void(const Block&, std::string_view)> on_block) {
  return db.Query(
      "SELECT block, neighbour, contact FROM contact_blocks WHERE workspace = $1 "
      "ORDER BY block, neighbour, contact",
      {std::string_view(workspace)}, [&](const sql::Row& row) {
        on_block({row.Int(0), row.Int(1)}, row.Text(2));
      });
}

absl::StatusOr<std::vector<std::string>> NeighboursOf(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const Block& block,
                                                      const std::string& contact, int count) {
  std::vector<std::string> neighbours;
  const auto add = [&](const sql::Row& row) { neighbours.push_back(TextOf(row, 0)); };
  const sql::Param params[] = {std::string_view(workspace), block.key, block.neighbour,
                               std::string_view(contact), int64_t{count}};
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT contact FROM contact_blocks WHERE workspace = $1 AND block = $2 AND "
               "(neighbour, contact) > ($3, $4) ORDER BY neighbour, contact LIMIT $5",
               params, add));
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT contact FROM contact_blocks WHERE workspace = $1 AND block = $2 AND "
               "(neighbour, contact) < ($3, $4) ORDER BY neighbour DESC, contact DESC LIMIT $5",
               params, add));
  return neighbours;
}

ContactPair InOrder(const std::string& a, const std::string& b) {
  return a < b ? ContactPair(a, b) : ContactPair(b, a);
}

absl::Status DismissDuplicate(sql::Connection& db, const std::string& workspace,
                              const ContactPair& pair, absl::Time time, const std::string& actor) {
  return db.Apply(
      "INSERT INTO dismissed_duplicates (workspace, contact, other, dismiss_time, actor) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
      {std::string_view(workspace), std::string_view(pair.first), std::string_view(pair.second),
       ToMicros(time), std::string_view(actor)});
}

absl::StatusOr<std::vector<ContactPair>> DismissedDuplicates(sql::Connection& db,
                                                             const std::string& workspace) {
  std::vector<ContactPair> pairs;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT contact, other FROM dismissed_duplicates WHERE workspace = $1 "
               "ORDER BY contact, other",
               {std::string_view(workspace)},
               [&](const sql::Row& row) { pairs.emplace_back(TextOf(row, 0), TextOf(row, 1)); }));
  return pairs;
}

}  // namespace sales::store
