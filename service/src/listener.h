// A gRPC server on an address: what it takes from whom, and for how long connections live.
#ifndef SALES_SERVICE_LISTENER_H_
#define SALES_SERVICE_LISTENER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "service/src/acceptor.h"
#include "service/src/log.h"

namespace sales::service {

struct ListenOptions {
  // Which setting the address comes from, for errors.
  std::string setting;
  // HOST:PORT; port 0 takes any free one.
  std::string address;
  std::shared_ptr<grpc::ServerCredentials> credentials;
  size_t connections_max = 0;
  // After how long a connection is to be made anew, so that clients spread over servers and
  // certificates run out; infinite: never.
  absl::Duration connection_age = absl::InfiniteDuration();
};

class Listener {
 public:
  // Errors: PORT_IN_USE, SETTING_INVALID. `services` and `log` outlive it.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(
      const ListenOptions& options, const std::vector<std::unique_ptr<grpc::Service>>& services,
      Log& log);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return acceptor_->port(); }
  void SetServing(const std::string& service, bool serving);
  // Ends every connection, and what is left of its calls by `deadline`.
  void Stop(std::chrono::system_clock::time_point deadline);

 private:
  Listener(std::unique_ptr<Acceptor> acceptor, std::unique_ptr<grpc::Server> server);

  std::unique_ptr<Acceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_LISTENER_H_
