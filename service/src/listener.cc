#include "service/src/listener.h"

#include <algorithm>
#include <utility>

#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "sales/error.h"
#include "service/src/limits.h"
#include "service/src/result.h"

namespace sales::service {
namespace {

// Watches are idle for long: pings find out which clients are gone, and theirs are welcome, if they
// do not come too often.
constexpr int kKeepaliveMillis = 60'000;
constexpr int kKeepaliveTimeoutMillis = 20'000;
constexpr int kPingIntervalMinMillis = 10'000;

void SetLimits(grpc::ServerBuilder& builder, absl::Duration connection_age) {
  // What came in and is no message yet.
  builder.SetResourceQuota(grpc::ResourceQuota("received").Resize(limits::received_bytes_max));
  builder.SetMaxReceiveMessageSize(limits::message_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, limits::metadata_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits::calls_per_connection_max);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             limits::handshake_seconds_max * 1000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kPingIntervalMinMillis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             limits::connection_idle_seconds_max * 1000);
  if (connection_age == absl::InfiniteDuration()) return;
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(connection_age)));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             limits::connection_grace_seconds_max * 1000);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(
    const ListenOptions& options, const std::vector<std::unique_ptr<grpc::Service>>& services,
    Log& log) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<Acceptor> acceptor,
      Acceptor::Listen(options.setting, options.address, options.connections_max, log));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetLimits(builder, options.connection_age);
  Acceptor::Handler handler = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, options.credentials);
  for (const auto& service : services) builder.RegisterService(service.get());
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    ErrorDetail detail;
    detail.reason = Reason::kInternal;
    return MakeError(std::move(detail), "gRPC did not start a server on " + options.address);
  }
  acceptor->Start(std::move(handler));
  return std::unique_ptr<Listener>(new Listener(std::move(acceptor), std::move(server)));
}

Listener::Listener(std::unique_ptr<Acceptor> acceptor, std::unique_ptr<grpc::Server> server)
    : acceptor_(std::move(acceptor)), server_(std::move(server)) {}

Listener::~Listener() { Stop(std::chrono::system_clock::now()); }

void Listener::SetServing(const std::string& service, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(service, serving);
}

void Listener::Stop(std::chrono::system_clock::time_point deadline) {
  acceptor_->Stop();
  // A call that comes while Shutdown begins would be answered with CANCELLED, which tells a client
  // nothing; the end of its connection says that it may try again.
  acceptor_->HangUp();
  server_->Shutdown(deadline);
}

}  // namespace sales::service
