#ifndef SALES_PAGE_H_
#define SALES_PAGE_H_

#include <string>
#include <vector>

namespace sales {

// Which page of a list. Filters are the AIP-160 subset: comparisons (= != < <= > >= and `:` for
// "contains"), AND, OR, NOT and parentheses over the fields that the list names.
struct ListQuery {
  std::string filter;
  // A field that the list names, with or without " desc". Empty: the list's default.
  std::string order_by;
  // 0: limits::page_size_default; at most limits::page_size_max.
  int page_size = 0;
  // Empty for the first page; else the previous page's next_page_token.
  std::string page_token;
};

template <typename Resource>
struct Page {
  std::vector<Resource> items;
  // Empty on the last page.
  std::string next_page_token;
};

}  // namespace sales

#endif  // SALES_PAGE_H_
