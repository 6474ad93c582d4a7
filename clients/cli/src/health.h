// What a server says of its health (grpc.health.v1).
#ifndef SALES_CLIENTS_CLI_SRC_HEALTH_H_
#define SALES_CLIENTS_CLI_SRC_HEALTH_H_

#include <optional>
#include <string>

#include "clients/cli/src/client.h"

namespace salesctl {

// Whether the part of the server is serving; nullopt if it does not say.
std::optional<bool> IsServing(Client& client, const std::string& part);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_HEALTH_H_
