// Who is told of events over HTTP.
#ifndef SALES_CLIENTS_CLI_SRC_WEBHOOK_VERBS_H_
#define SALES_CLIENTS_CLI_SRC_WEBHOOK_VERBS_H_

#include <vector>

#include "clients/cli/src/verbs.h"

namespace salesctl {

std::vector<Verb> WebhookVerbs();

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_WEBHOOK_VERBS_H_
