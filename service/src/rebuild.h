// RebuildTallies: one thread folds the workspace's events, and how far it is goes out as fast as
// the client reads, the latest only.
#ifndef SALES_SERVICE_REBUILD_H_
#define SALES_SERVICE_REBUILD_H_

#include <string>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "sales/engine.h"
#include "service/src/admission.h"
#include "service/src/auth/authenticator.h"
#include "service/src/call.h"
#include "service/src/log.h"
#include "service/src/pool.h"
#include "service/src/streams.h"

namespace sales::service {

struct RebuildContext {
  const Engine& engine;
  Admission& admission;
  StreamHub& hub;
  Pool& pool;
  Authenticator& authenticator;
  Log& log;
};

// Starts answering a RebuildTallies call, whose gRPC context is `call`; the reactor lives until
// gRPC is done with it.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StartRebuild(const RebuildContext& context,
                                                         const grpc::CallbackServerContext* call,
                                                         Incoming incoming,
                                                         const grpc::ByteBuffer& request);

}  // namespace sales::service

#endif  // SALES_SERVICE_REBUILD_H_
