// The bounds of what salesd takes in at once or keeps waiting, beside those of sales/limits.h.
#ifndef SALES_SERVICE_LIMITS_H_
#define SALES_SERVICE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace sales::limits {

// One message: longer ones are refused by gRPC itself with RESOURCE_EXHAUSTED; protobuf itself
// reads no deeper.
inline constexpr int message_bytes_max = 16 << 20;
inline constexpr int message_depth_max = 100;
// The fields of one message, those of its parts included: two bytes may become a hundred in memory.
inline constexpr int message_fields_max = 200'000;

// What has come in over all connections and is no request yet.
inline constexpr size_t received_bytes_max = 128 << 20;
// The requests that are being answered, taken together.
inline constexpr int64_t requests_bytes_max = 128 << 20;

// Calls and streams being answered at once, and those whose rate is looked after.
inline constexpr int calls_max = 4'096;
inline constexpr size_t streams_max = 2'000;
// Those of the streams that bring much in or keep a thread busy: imports and rebuildings.
inline constexpr size_t imports_max = 64;
inline constexpr size_t rate_callers_max = 100'000;

// What waits for a thread.
inline constexpr size_t calls_waiting_max = 10'000;
inline constexpr size_t imports_waiting_max = 10'000;
inline constexpr size_t watches_waiting_max = 100'000;
inline constexpr size_t rebuilds_waiting_max = 10;
inline constexpr size_t transfers_waiting_max = 10;

// How long the import of a workspace may wait for the next piece.
inline constexpr int import_silence_seconds_max = 300;

// The rows of one import that wait to be written.
inline constexpr size_t import_rows_waiting_max = 500;
inline constexpr size_t import_bytes_waiting_max = 4 << 20;
inline constexpr size_t import_row_bytes_max = 1 << 20;

// Calls to webhooks at once, and what is read of an answer to one.
inline constexpr size_t webhook_calls_max = 64;
inline constexpr size_t webhook_header_bytes_max = 1 << 16;
inline constexpr size_t webhook_answer_bytes_max = 1 << 14;

// Log lines that wait to be written out.
inline constexpr size_t log_bytes_waiting_max = 1 << 16;

// A file of certificates or of a key.
inline constexpr size_t tls_file_bytes_max = 1 << 20;

// Metadata of one call.
inline constexpr int metadata_bytes_max = 16 << 10;

// Connections: of the API's port, as far as the process may have descriptors, and of the admin
// port.
inline constexpr size_t connections_max = 4'096;
// Those from one address are at most this part of all.
inline constexpr size_t admin_connections_max = 64;
// Descriptors that are not for connections: the store's, and gRPC's own.
inline constexpr size_t descriptors_kept_max = 256;
// Calls and streams of one connection at once; those beyond wait at the client.
inline constexpr int calls_per_connection_max = 200;
// How long a new connection may take to say its first words.
inline constexpr int handshake_seconds_max = 10;
// After how much time without a call a connection is closed.
inline constexpr int connection_idle_seconds_max = 300;
// How long streams may go on over a connection that is too old.
inline constexpr int connection_grace_seconds_max = 600;

// What is carried on of a call's trace.
inline constexpr size_t trace_state_bytes_max = 512;
inline constexpr size_t trace_state_members_max = 32;

// Credentials: the longest that are looked at, how many verified ones are remembered, and how many
// addresses that came with wrong ones; and the workspaces that one caller may have.
inline constexpr size_t credential_file_bytes_max = 1 << 20;
inline constexpr size_t credentials_bytes_max = 8'192;
inline constexpr size_t credentials_cached_max = 10'000;
inline constexpr size_t throttled_addresses_max = 10'000;
inline constexpr size_t identity_workspaces_max = 100;

// How long a call may take.
inline constexpr int call_seconds_max = 60;

}  // namespace sales::limits

#endif  // SALES_SERVICE_LIMITS_H_
