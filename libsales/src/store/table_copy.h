// The tables of a workspace as they are copied from store to store, row by row: for exports,
// imports and removals. One list, held against the schema by a test; the same for every database.
#ifndef SALES_SRC_STORE_TABLE_COPY_H_
#define SALES_SRC_STORE_TABLE_COPY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/sql/driver.h"

namespace sales::store {

struct CopiedColumn {
  std::string name;
  bool is_integer = false;
  bool nullable = false;
};

struct CopiedTable {
  std::string name;
  // Without the workspace, which is the first column of every table and of its key. The columns of
  // the key come first.
  std::vector<CopiedColumn> columns;
  size_t key_columns = 0;
};

// Every table that an export has, each after those that its rows refer to. `workspaces` and what
// refers to it come last: a workspace is there when its row is.
const std::vector<CopiedTable>& CopiedTables();
// Whether the table is `workspaces`, or refers to it.
bool MakesVisible(const CopiedTable& table);

absl::StatusOr<int64_t> CountRows(sql::Connection& db, const CopiedTable& table,
                                  const std::string& workspace);
// Gives every row in the order of the key.
absl::Status ScanRows(sql::Connection& db, const CopiedTable& table, const std::string& workspace,
                      sql::OnRow on_row);
// Errors: STORE_CONFLICT.
absl::Status InsertRow(sql::Connection& db, const CopiedTable& table, const std::string& workspace,
                       absl::Span<const sql::Param> values);

// Whether the workspace has anybody in it.
absl::StatusOr<bool> HasContacts(sql::Connection& db, const std::string& workspace);
// Removes the rows that make the workspace visible, and those that no export has and that act by
// themselves: tokens.
absl::Status RemoveWorkspaceRow(sql::Connection& db, const std::string& workspace);
// Removes up to `count` of the other rows of the workspace, and gives how many there were.
absl::StatusOr<int64_t> RemoveRows(sql::Connection& db, const std::string& workspace,
                                   int64_t count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_TABLE_COPY_H_
