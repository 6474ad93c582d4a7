#include "clients/cli/src/health.h"

#include <chrono>
#include <future>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace salesctl {

// The messages have a field each, so that no stubs are needed: HealthCheckRequest.service is text
// number 1, HealthCheckResponse.status is enum number 1, of which 1 is SERVING.
std::optional<bool> IsServing(Client& client, const std::string& part) {
  const grpc::Slice text(std::string("\x0a") + static_cast<char>(part.size()) + part);
  const grpc::ByteBuffer request(&text, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  if (!client.client().Prepare(context).ok()) return std::nullopt;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  grpc::GenericStub stub(client.client().channel());
  std::promise<grpc::Status> answered;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&answered](grpc::Status status) { answered.set_value(std::move(status)); });
  if (!answered.get_future().get().ok()) return std::nullopt;
  grpc::Slice bytes;
  if (!response.DumpToSingleSlice(&bytes).ok()) return std::nullopt;
  return bytes.size() == 2 && bytes.begin()[0] == 0x08 && bytes.begin()[1] == 1;
}

}  // namespace salesctl
