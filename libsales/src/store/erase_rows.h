// Taking what is personal out of rows that stay.
#ifndef SALES_SRC_STORE_ERASE_ROWS_H_
#define SALES_SRC_STORE_ERASE_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/sql/driver.h"

namespace sales::store {

// What stands in the place of a text that was erased: that there was one is history, and what
// conditions and figures know of it.
inline constexpr char kErasedText[] = "[erased]";

// Removes what other tables than its own row keep of the contact, but for its leads: keys, merges,
// dismissed duplicates.
absl::Status EraseBesideContact(sql::Connection& db, const std::string& workspace,
                                const std::string& contact);

// Removes every text about the lead: of the lead, its activities, requirements, proposals,
// outcomes and stances; labels stay, for they are codes. The lead changes with it.
absl::Status EraseLead(sql::Connection& db, const std::string& workspace, const std::string& lead,
                       absl::Time now, int64_t revision);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_ERASE_ROWS_H_
