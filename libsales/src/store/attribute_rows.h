// What the attributes of leads were before they changed: policies ask for their values, and events
// hold none, for they may be personal.
#ifndef SALES_SRC_STORE_ATTRIBUTE_ROWS_H_
#define SALES_SRC_STORE_ATTRIBUTE_ROWS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/sql/driver.h"

namespace sales::store {

// Keeps the attributes that a lead had before `until_revision`, which gave it others.
absl::Status InsertFormerAttributes(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, int64_t until_revision,
                                    const std::map<std::string, std::string>& attributes);

// The attributes as a revision left them.
absl::StatusOr<std::map<std::string, std::string>> AttributesAt(sql::Connection& db,
                                                                const std::string& workspace,
                                                                const std::string& lead,
                                                                int64_t revision);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_ATTRIBUTE_ROWS_H_
