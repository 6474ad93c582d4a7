// What every call goes through: who calls, for how long, and what its status means.
#ifndef SALES_CLIENTS_CPP_SRC_CALLER_H_
#define SALES_CLIENTS_CPP_SRC_CALLER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/grpcpp.h"
#include "sales/client.h"
#include "stubs.h"
#include "token_file.h"

namespace sales::client {

// A connection that clients share.
struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  Stubs stubs;
  // None where no token is sent.
  std::unique_ptr<TokenFile> token;
};

// A client's own: who calls, about what.
struct Caller {
  std::shared_ptr<Connection> connection;
  // The id; empty where calls are about none.
  std::string workspace;
  std::string actor;
  absl::Duration deadline;

  // "workspaces/studio".
  std::string Parent() const;
  // Fills what a request may leave out.
  void Complete(google::protobuf::Message& request) const;
  // Adds what goes with every call but its deadline. Errors: of the token file.
  absl::Status Prepare(grpc::ClientContext& context) const;
};

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_CALLER_H_
