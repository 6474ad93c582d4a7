// Turns a filter into SQL that SQLite and PostgreSQL share.
#ifndef SALES_SRC_STORE_FILTER_SQL_H_
#define SALES_SRC_STORE_FILTER_SQL_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "src/decide/filter.h"
#include "src/sql/driver.h"

namespace sales::store {

// A condition for a WHERE clause, never NULL, in parentheses where it needs them. Its text is made
// of column names of the schema and placeholders; every value is in `values`, in the order of their
// numbers. Whatever ParseFilter reads fits the parser of either database.
struct SqlCondition {
  std::string text;
  std::vector<std::variant<int64_t, std::string>> values;

  // Adds the values to a statement's; they point into this condition.
  void AppendTo(std::vector<sql::Param>& params) const;
};

// Placeholders are $first, $first+1 and so on, and $1 for the workspace.
SqlCondition FilterToSql(const FilterNode& filter, int first);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_FILTER_SQL_H_
