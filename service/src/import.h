// ImportLeads: rows in, a result for each out, in the order sent. Rows that come while others are
// being written are gathered and written together; at most import_rows_waiting_max wait, then the
// client is not read from until some are written.
#ifndef SALES_SERVICE_IMPORT_H_
#define SALES_SERVICE_IMPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "sales/engine.h"
#include "sales/v1/lead.pb.h"
#include "service/src/admission.h"
#include "service/src/auth/authenticator.h"
#include "service/src/call.h"
#include "service/src/log.h"
#include "service/src/pool.h"
#include "service/src/streams.h"

namespace sales::service {

// Writes rows, each by itself, and says what became of each. An error says that the import as a
// whole cannot go on: there is no such workspace, the store is full.
absl::StatusOr<std::vector<v1::ImportLeadsResponse>> ImportRows(
    Caller& caller, const std::string& workspace, const std::vector<v1::ImportLeadsRequest>& rows);

struct ImportContext {
  const Engine& engine;
  Admission& admission;
  StreamHub& hub;
  Pool& pool;
  Authenticator& authenticator;
  Log& log;
};

// Starts answering an ImportLeads call, whose gRPC context is `call`; the reactor lives until gRPC
// is done with it.
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StartImport(
    const ImportContext& context, const grpc::CallbackServerContext* call, Incoming incoming);

}  // namespace sales::service

#endif  // SALES_SERVICE_IMPORT_H_
