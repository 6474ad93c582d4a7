// Server reflection, for clients that learn the API from the server (grpcurl, for one).
//
// gRPC's own is a synchronous service: one such in a process makes its polling threads compete with
// those of the callback API for every event of every server, which costs a third of the throughput.
#ifndef SALES_SERVICE_REFLECTION_H_
#define SALES_SERVICE_REFLECTION_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/impl/codegen/service_type.h"

namespace sales::service {

// Says that the server has `services` (full names), and reflection besides.
std::unique_ptr<grpc::Service> MakeReflection(std::vector<std::string> services);

}  // namespace sales::service

#endif  // SALES_SERVICE_REFLECTION_H_
