// Makes the errors of sales/error.h.
#ifndef SALES_SRC_DECIDE_ERRORS_H_
#define SALES_SRC_DECIDE_ERRORS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "sales/error.h"

namespace sales {

// MakeError of sales/error.h, of a reason alone. `message` says what is wrong and what to do,
// without values that a person typed.
inline absl::Status MakeError(Reason reason, std::string message) {
  ErrorDetail detail;
  detail.reason = reason;
  return MakeError(std::move(detail), std::move(message));
}

// An error about one field: `description` completes "<field>: …".
absl::Status FieldError(Reason reason, std::string field, std::string description);

// The same error with `prefix` put before its field paths: "contact." or "requests[3].".
absl::Status UnderField(const absl::Status& status, const std::string& prefix);

// The same error with one more entry in its metadata.
absl::Status WithMetadata(const absl::Status& status, const std::string& key,
                          const std::string& value);

}  // namespace sales

#define SALES_CONCAT_INNER_(a, b) a##b
#define SALES_CONCAT_(a, b) SALES_CONCAT_INNER_(a, b)

// Returns from the function if the expression is an error.
#define SALES_RETURN_IF_ERROR(expression) \
  SALES_RETURN_IF_ERROR_(SALES_CONCAT_(sales_status_, __COUNTER__), expression)
#define SALES_RETURN_IF_ERROR_(status, expression)                       \
  do {                                                                   \
    if (absl::Status status = (expression); !status.ok()) return status; \
  } while (false)

// Declares or assigns `lhs` from a StatusOr, or returns its error.
#define SALES_ASSIGN_OR_RETURN(lhs, expression) \
  SALES_ASSIGN_OR_RETURN_(SALES_CONCAT_(sales_status_or_, __COUNTER__), lhs, expression)
#define SALES_ASSIGN_OR_RETURN_(temporary, lhs, expression) \
  auto temporary = (expression);                            \
  if (!temporary.ok()) return temporary.status();           \
  lhs = *std::move(temporary)

#endif  // SALES_SRC_DECIDE_ERRORS_H_
