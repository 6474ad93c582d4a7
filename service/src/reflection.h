// Server reflection, for clients that learn the API from the server (grpcurl, for one).
//
// gRPC's own is a synchronous service: one such in a process makes its polling threads compete with
// those of the callback API for every event of every server, which costs a third of the throughput.
#ifndef SALES_SERVICE_REFLECTION_H_
#define SALES_SERVICE_REFLECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/server_context.h"

namespace sales::service {

// Says whether a caller may be told.
using ReflectionGuard = std::function<absl::Status(const grpc::ServerContextBase& call)>;

// Says that the server has `services` (full names), and reflection besides.
std::unique_ptr<grpc::Service> MakeReflection(std::vector<std::string> services,
                                              ReflectionGuard guard);

}  // namespace sales::service

#endif  // SALES_SERVICE_REFLECTION_H_
