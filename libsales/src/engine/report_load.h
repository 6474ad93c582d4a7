// What the load report and a staffing plan share.
#ifndef SALES_SRC_ENGINE_REPORT_LOAD_H_
#define SALES_SRC_ENGINE_REPORT_LOAD_H_

#include "absl/status/statusor.h"
#include "sales/load.h"
#include "src/engine/core.h"
#include "src/engine/report_scope.h"

namespace sales::internal {

// The report without sellers.
absl::StatusOr<LoadReport> ArrivalsIn(ReadScope& scope, const ReportBasis& basis,
                                      const Window& window);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REPORT_LOAD_H_
