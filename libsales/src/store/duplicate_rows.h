// The keys by which duplicates are looked for, and the pairs that are none.
#ifndef SALES_SRC_STORE_DUPLICATE_ROWS_H_
#define SALES_SRC_STORE_DUPLICATE_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/contact.h"
#include "src/decide/duplicates.h"
#include "src/sql/driver.h"

namespace sales::store {

// Writes what differs between the keys of a contact before and after a write; null: it was not, or
// is not, there. A merged or erased contact has none.
absl::Status ReplaceBlocks(sql::Connection& db, const std::string& workspace, const Contact* before,
                           const Contact* after);

// Up to `count` contacts whose keys were not made yet. A new contact has none: a capture need not
// pay for a list that few ask for.
absl::StatusOr<std::vector<std::string>> ContactsWithoutBlocks(sql::Connection& db,
                                                               const std::string& workspace,
                                                               int count);
// Makes the keys of up to `count` of them, and gives how many there were.
absl::StatusOr<int> MakeMissingBlocks(sql::Connection& db, const std::string& workspace, int count);

// Gives every key with its contact, by key and neighbour.
absl::Status ScanBlocks(sql::Connection& db, const std::string& workspace,
                        absl::FunctionRef<void(const Block&, std::string_view contact)> on_block);
// Up to `count` contacts on each side of one under a key.
absl::StatusOr<std::vector<std::string>> NeighboursOf(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const Block& block,
                                                      const std::string& contact, int count);

using ContactPair = std::pair<std::string, std::string>;
// The ids with the lesser one first.
ContactPair InOrder(const std::string& a, const std::string& b);

absl::Status DismissDuplicate(sql::Connection& db, const std::string& workspace,
                              const ContactPair& pair, absl::Time time, const std::string& actor);
// In order.
absl::StatusOr<std::vector<ContactPair>> DismissedDuplicates(sql::Connection& db,
                                                             const std::string& workspace);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_DUPLICATE_ROWS_H_
