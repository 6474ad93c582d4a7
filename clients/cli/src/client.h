// The connection to salesd: one call at a time, retried by the contract's service config.
#ifndef SALES_CLIENTS_CLI_SRC_CLIENT_H_
#define SALES_CLIENTS_CLI_SRC_CLIENT_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "clients/cli/src/failure.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace salesctl {

struct ClientOptions {
  // "host:port".
  std::string server;
  // Sent with every call; recorded in events.
  std::string actor;
  absl::Duration timeout = absl::Seconds(10);
};

// What a failed call says, from its status and google.rpc details.
Failure FailureOf(const grpc::Status& status, const std::string& server);

class Client {
 public:
  explicit Client(ClientOptions options);

  // A unary call of "LeadService.GetLead". A write gets a request id if it has none, so that
  // retries of it happen once.
  Result<std::unique_ptr<google::protobuf::Message>> Call(const std::string& method,
                                                          google::protobuf::Message& request);
  template <typename Response>
  Result<Response> Call(const std::string& method, google::protobuf::Message&& request) {
    Result<std::unique_ptr<google::protobuf::Message>> response = Call(method, request);
    if (!response.ok()) return response.failure();
    return std::move(static_cast<Response&>(**response));
  }

  // For streams: the channel, and a context with the actor but no deadline.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  void Prepare(grpc::ClientContext& context) const;
  const std::string& server() const { return options_.server; }

 private:
  ClientOptions options_;
  std::shared_ptr<grpc::Channel> channel_;
};

// The method's descriptor; "LeadService.GetLead" must be in the contract.
const google::protobuf::MethodDescriptor& MethodOf(const std::string& method);

// A new message of the type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_CLIENT_H_
