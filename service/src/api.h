// The API as gRPC serves it: a grpc::Service for each of ours, made of the method table.
#ifndef SALES_SERVICE_API_H_
#define SALES_SERVICE_API_H_

#include <atomic>
#include <memory>
#include <vector>

#include "grpcpp/impl/codegen/service_type.h"
#include "sales/engine.h"
#include "service/src/auth/authenticator.h"
#include "service/src/call.h"
#include "service/src/call_metrics.h"
#include "service/src/log.h"
#include "service/src/pool.h"
#include "service/src/scratch.h"
#include "service/src/server.h"
#include "service/src/server_state.h"
#include "service/src/streams.h"
#include "service/src/write_batcher.h"

namespace sales::service {

// How many unary calls are being answered, and whether new ones are.
struct Traffic {
  std::atomic<int> calls{0};
  // From then on calls are refused with SHUTTING_DOWN, so that clients go elsewhere.
  std::atomic<bool> closed{false};
};

// What handlers work with; outlives the services.
struct ApiContext {
  const Engine& engine;
  StreamHub& hub;
  WriteBatcher& writes;
  Pool& imports;
  Pool& scans;
  Pool& watches;
  Pool& rebuilds;
  Pool& transfers;
  const Scratch& scratch;
  const ServerState& state;
  Traffic& traffic;
  CallMetrics& calls;
  Authenticator& authenticator;
  Log& log;
};

std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ApiContext& context,
                                                         ServerOptions::Threading threading);

}  // namespace sales::service

#endif  // SALES_SERVICE_API_H_
