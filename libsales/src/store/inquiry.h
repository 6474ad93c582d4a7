// What several parts of a report ask of the database, gathered so that it is asked at once.
#ifndef SALES_SRC_STORE_INQUIRY_H_
#define SALES_SRC_STORE_INQUIRY_H_

#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "src/sql/driver.h"

namespace sales::store {

class Inquiry {
 public:
  // Gets each row; what it finds wrong with one is what Ask gives.
  using Take = std::function<absl::Status(const sql::Row&)>;

  // The statement and the texts among its values must stay until it is asked.
  void Add(std::string_view sql, std::vector<sql::Param> params, Take take);

  // Asks everything that was added; on a server that costs the way there and back once.
  absl::Status Ask(sql::Connection& db) const;

 private:
  struct Entry {
    std::string_view sql;
    std::vector<sql::Param> params;
    Take take;
  };
  std::vector<Entry> entries_;
};

}  // namespace sales::store

#endif  // SALES_SRC_STORE_INQUIRY_H_
