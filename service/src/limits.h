// The bounds of what salesd takes in at once or keeps waiting, beside those of sales/limits.h.
#ifndef SALES_SERVICE_LIMITS_H_
#define SALES_SERVICE_LIMITS_H_

#include <cstddef>

namespace sales::limits {

// One message: longer ones are refused by gRPC itself with RESOURCE_EXHAUSTED; protobuf itself
// reads no deeper.
inline constexpr int message_bytes_max = 16 << 20;
inline constexpr int message_depth_max = 100;

// What waits for a thread.
inline constexpr size_t calls_waiting_max = 10'000;
inline constexpr size_t imports_waiting_max = 10'000;
inline constexpr size_t watches_waiting_max = 100'000;
inline constexpr size_t rebuilds_waiting_max = 10;

// The rows of one import that wait to be written.
inline constexpr size_t import_rows_waiting_max = 500;
inline constexpr size_t import_bytes_waiting_max = 8 << 20;

// Log lines that wait to be written out.
inline constexpr size_t log_bytes_waiting_max = 1 << 16;

// How long a call may take.
inline constexpr int call_seconds_max = 60;

}  // namespace sales::limits

#endif  // SALES_SERVICE_LIMITS_H_
