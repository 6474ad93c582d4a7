// The listening sockets of a server. gRPC's own stop accepting for good once the process has run
// out of descriptors, and take any number of connections; these take as many as they may, at most
// half of them from one address, and go on.
#ifndef SALES_SERVICE_ACCEPTOR_H_
#define SALES_SERVICE_ACCEPTOR_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/server_builder.h"
#include "service/src/log.h"

namespace sales::service {

class Acceptor {
 public:
  using Handler = std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor>;

  // Listens on HOST:PORT, where `setting` says so; clients wait until Start. Errors: PORT_IN_USE,
  // SETTING_INVALID. `log` outlives it.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Listen(const std::string& setting,
                                                          const std::string& address,
                                                          size_t connections_max, Log& log);
  // Stops.
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  int port() const { return port_; }
  // Hands connections on to a server that has started.
  void Start(Handler handler);
  // Takes no more, and closes the sockets.
  void Stop();
  // After Stop: says nothing more to anybody, so that clients, once they have read what was said,
  // go elsewhere.
  void HangUp();

 private:
  Acceptor(std::vector<int> sockets, int stop_event, int port, size_t connections_max, Log& log);

  void Accept();
  void AcceptFrom(int socket);
  bool HasRoom(const std::string& address);
  void ForgetClosed();
  void Refuse(int connection);

  const std::vector<int> sockets_;
  const int stop_event_;
  const int port_;
  const size_t connections_max_;
  Log& log_;
  Handler handler_;
  // A connection that gRPC was given. gRPC closes it without telling: then its descriptor stands
  // for nothing, or for another socket.
  struct Connection {
    ino_t socket = 0;
    std::string address;
  };
  // By descriptor.
  std::unordered_map<int, Connection> held_;
  std::unordered_map<std::string, size_t> counts_of_addresses_;
  std::chrono::steady_clock::time_point next_count_;
  std::chrono::steady_clock::time_point next_complaint_;
  int64_t refused_ = 0;
  std::thread thread_;
};

// Lets the process have as many descriptors as the machine allows it, and gives how many of them
// may be connections.
size_t RaiseConnectionsLimit();

}  // namespace sales::service

#endif  // SALES_SERVICE_ACCEPTOR_H_
