#ifndef SALES_CLIENTS_CLI_SRC_REMEDY_H_
#define SALES_CLIENTS_CLI_SRC_REMEDY_H_

#include <string>

namespace salesctl {

// What to do about an error with this reason ("GUARD_UNMET"); empty for reasons of a newer server.
std::string RemedyOf(const std::string& reason);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REMEDY_H_
