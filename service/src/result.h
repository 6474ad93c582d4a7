// Passing errors on.
#ifndef SALES_SERVICE_RESULT_H_
#define SALES_SERVICE_RESULT_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define SERVICE_CONCAT_INNER_(a, b) a##b
#define SERVICE_CONCAT_(a, b) SERVICE_CONCAT_INNER_(a, b)

// Returns from the function if the expression is an error.
#define RETURN_IF_ERROR(expression)                                             \
  do {                                                                          \
    if (absl::Status returned_status_ = (expression); !returned_status_.ok()) { \
      return returned_status_;                                                  \
    }                                                                           \
  } while (false)

// Declares or assigns `lhs` from a StatusOr, or returns its error.
#define ASSIGN_OR_RETURN(lhs, expression) \
  ASSIGN_OR_RETURN_(SERVICE_CONCAT_(status_or_, __LINE__), lhs, expression)
#define ASSIGN_OR_RETURN_(temporary, lhs, expression) \
  auto temporary = (expression);                      \
  if (!temporary.ok()) return temporary.status();     \
  lhs = *std::move(temporary)

#endif  // SALES_SERVICE_RESULT_H_
