// The manual page, made from the tree of commands itself.
#ifndef SALES_CLIENTS_CLI_SRC_MAN_H_
#define SALES_CLIENTS_CLI_SRC_MAN_H_

#include <string>

#include "CLI/App.hpp"

namespace salesctl {

// salesctl(1) as man reads it.
std::string ManPage(const CLI::App& app);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_MAN_H_
