// Lists: filtered, ordered, and gone through page by page from the last row's keys, so that a page
// costs the same wherever it lies.
#ifndef SALES_SRC_STORE_LIST_H_
#define SALES_SRC_STORE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "sales/page.h"
#include "src/decide/filter.h"
#include "src/sql/driver.h"
#include "src/store/filter_sql.h"

namespace sales::store {

// What a list is of, and what it can be filtered and ordered by. Order columns are whole
// numbers and never NULL.
struct ListSchema {
  const char* list;
  FilterSchema filter;
  absl::Span<const OrderField> orders;
  Order order;
  const char* id_column;
};

struct ListPlan {
  const ListSchema* schema = nullptr;
  uint64_t fingerprint = 0;
  SqlCondition condition;
  Order order;
  // The last row of the page before.
  struct Key {
    int64_t order = 0;
    std::string id;
  };
  std::optional<Key> after;
  int page_size = 0;
};

// Errors: those of ParseFilter, ParseOrderBy and DecodePageToken, and PAGE_SIZE_INVALID.
absl::StatusOr<ListPlan> PlanList(const ListSchema& schema, const std::string& workspace,
                                  const ListQuery& query);

// Leaves in the list what has one of these sellers, in its own column `seller`; of contacts, those
// with a lead of one of them.
void KeepOfSellers(const std::vector<std::string>& sellers, ListPlan& plan);
void KeepContactsOfSellers(const std::vector<std::string>& sellers, ListPlan& plan);
// "($4, $5)": placeholders from `first` on for so many values.
std::string Placeholders(size_t first, size_t count);

// Gives the page's rows and one more if there is a further page. `select` ends with the table's
// name.
absl::Status RunList(sql::Connection& db, std::string_view select, const std::string& workspace,
                     const ListPlan& plan, sql::OnRow on_row);

// The token of the page that follows a row with these keys.
std::string NextPageToken(const ListPlan& plan, int64_t order, const std::string& id);

// The token of a list that is ordered by ids alone; and the id it goes on after, empty at first.
std::string IdPageToken(uint64_t fingerprint, const std::string& id);
absl::StatusOr<std::string> IdAfter(uint64_t fingerprint, const std::string& page_token);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_LIST_H_
