// The client library as salesctl's verbs use it: by the names of methods, with failures for people.
#ifndef SALES_CLIENTS_CLI_SRC_CLIENT_H_
#define SALES_CLIENTS_CLI_SRC_CLIENT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "clients/cli/src/failure.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "sales/client.h"

namespace salesctl {

// What a failed call says.
Failure FailureOf(const absl::Status& status, const std::string& server);

class Client {
 public:
  Client(sales::client::Client client, std::string server)
      : client_(std::move(client)), server_(std::move(server)) {}

  // A unary call of "LeadService.GetLead".
  Result<std::unique_ptr<google::protobuf::Message>> Call(const std::string& method,
                                                          google::protobuf::Message& request);
  template <typename Response>
  Result<Response> Call(const std::string& method, google::protobuf::Message&& request) {
    Result<std::unique_ptr<google::protobuf::Message>> response = Call(method, request);
    if (!response.ok()) return response.failure();
    return std::move(static_cast<Response&>(**response));
  }

  // For what is not one answer.
  const sales::client::Client& client() const { return client_; }
  Failure FailureOf(const absl::Status& status) const {
    return salesctl::FailureOf(status, server_);
  }

 private:
  const sales::client::Client client_;
  const std::string server_;
};

// The method's descriptor; "LeadService.GetLead" must be in the contract.
const google::protobuf::MethodDescriptor& MethodOf(const std::string& method);

// A new message of the type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_CLIENT_H_
