#include "src/engine/report_checks.h"

#include <string>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/engine/retention.h"

namespace sales::internal {

absl::Status CheckWindow(const Window& window) {
  const auto invalid = [](const char* what) {
    return FieldError(Reason::kWindowInvalid, "window", what);
  };
  if (window.start.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDay("window.start_date", *window.start));
  }
  if (window.end.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDay("window.end_date", *window.end));
  }
  if (!window.start.has_value() || !window.end.has_value()) return absl::OkStatus();
  if (*window.start >= *window.end) return invalid("must start before it ends");
  if (window.end->year() - window.start->year() > limits::window_years_max) {
    return invalid("is longer than 200 years");
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RevisionOf(const ReadScope& scope, int64_t as_of_revision) {
  const int64_t last = scope.row.workspace.revision;
  if (as_of_revision == 0) return last;
  if (as_of_revision >= 1 && as_of_revision <= last) {
    SALES_RETURN_IF_ERROR(CheckKept(scope.row.workspace, as_of_revision));
    return as_of_revision;
  }
  return WithMetadata(FieldError(Reason::kRevisionInvalid, "as_of_revision",
                                 "is not one of the workspace's revisions"),
                      "revision", std::to_string(last));
}

}  // namespace sales::internal
