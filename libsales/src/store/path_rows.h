// What makes a contact's paths, in rows.
#ifndef SALES_SRC_STORE_PATH_ROWS_H_
#define SALES_SRC_STORE_PATH_ROWS_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/decide/contact_paths.h"
#include "src/sql/driver.h"

namespace sales::store {

// The contact's earliest touches and the leads with the first ids, one more of each than makes
// paths: so that whoever comes or goes next is among them.
absl::StatusOr<ContactTouches> LoadContactTouches(sql::Connection& db, const std::string& workspace,
                                                  const std::string& contact);
// All of them: before and after many move at once.
absl::StatusOr<ContactTouches> LoadAllContactTouches(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& contact);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_PATH_ROWS_H_
