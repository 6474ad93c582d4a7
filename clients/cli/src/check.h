#ifndef SALES_CLIENTS_CLI_SRC_CHECK_H_
#define SALES_CLIENTS_CLI_SRC_CHECK_H_

#include <string>

#include "clients/cli/src/failure.h"

namespace salesctl {

// Opens a store for reading, without a server, and prints everything that is wrong with it: refused
// if anything is.
Done CheckStore(const std::string& store, bool json);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_CHECK_H_
