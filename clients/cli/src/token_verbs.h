// The verbs of tokens.
#ifndef SALES_CLIENTS_CLI_SRC_TOKEN_VERBS_H_
#define SALES_CLIENTS_CLI_SRC_TOKEN_VERBS_H_

#include <vector>

#include "clients/cli/src/verbs.h"

namespace salesctl {

// Of a workspace, and with --workspace - of every one.
std::vector<Verb> TokenVerbs();

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_TOKEN_VERBS_H_
