// The API as gRPC serves it: a grpc::Service for each of ours, made of the method table.
#ifndef SALES_SERVICE_API_H_
#define SALES_SERVICE_API_H_

#include <memory>
#include <vector>

#include "grpcpp/impl/codegen/service_type.h"
#include "sales/engine.h"
#include "service/src/admission.h"
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
  Admission& admission;
  CallMetrics& calls;
  Authenticator& authenticator;
  Log& log;
};

std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ApiContext& context,
                                                         ServerOptions::Threading threading);

}  // namespace sales::service

#endif  // SALES_SERVICE_API_H_
