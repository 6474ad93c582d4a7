// WatchEvents: a cursor over the events. It holds one message at a time and reads the next only
// when that one is gone, so a slow client costs no memory and an idle one no thread.
#ifndef SALES_SERVICE_WATCH_H_
#define SALES_SERVICE_WATCH_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "sales/engine.h"
#include "sales/v1/event.pb.h"
#include "service/src/admission.h"
#include "service/src/auth/authenticator.h"
#include "service/src/call.h"
#include "service/src/log.h"
#include "service/src/pool.h"
#include "service/src/streams.h"
#include "service/src/watch_pages.h"

namespace sales::service {

struct WatchContext {
  const Engine& engine;
  Admission& admission;
  StreamHub& hub;
  Pool& pool;
  WatchPages& pages;
  Authenticator& authenticator;
  Log& log;
};

// Starts answering a WatchEvents call, whose gRPC context is `call`; the reactor lives until gRPC
// is done with it.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StartWatch(const WatchContext& context,
                                                       const grpc::CallbackServerContext* call,
                                                       Incoming incoming,
                                                       const grpc::ByteBuffer& request);

}  // namespace sales::service

#endif  // SALES_SERVICE_WATCH_H_
