// The record of a workspace from its beginning: what compacted events folded into, and the others.
#ifndef SALES_SRC_ENGINE_RECORD_SCAN_H_
#define SALES_SRC_ENGINE_RECORD_SCAN_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "sales/event.h"
#include "src/decide/fold.h"
#include "src/sql/driver.h"

namespace sales::internal {

// Puts the leads of which events were compacted into `fold`, and gives the events up to `until` to
// `on_event`, which is to add them; all in the order in which they were captured and recorded, so
// that the fold is the same as if nothing had been compacted. `until` is not before
// Workspace::oldest_revision.
absl::Status ScanRecord(sql::Connection& db, const std::string& workspace, int64_t until,
                        Fold& fold, absl::FunctionRef<absl::Status(const Event&)> on_event);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_RECORD_SCAN_H_
