#ifndef SALES_CLIENTS_CPP_SRC_CHANNEL_H_
#define SALES_CLIENTS_CPP_SRC_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "sales/client.h"

namespace sales::client {

// A connection as the options say. Errors: as of Client::Connect.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const std::string& target,
                                                           const Options& options);

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_CHANNEL_H_
