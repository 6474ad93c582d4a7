// The verbs of TeamService: who sells, when, and who gets which lead.
#ifndef SALES_CLIENTS_CLI_SRC_TEAM_VERBS_H_
#define SALES_CLIENTS_CLI_SRC_TEAM_VERBS_H_

#include <vector>

#include "clients/cli/src/verbs.h"

namespace salesctl {

std::vector<Verb> CalendarVerbs();
std::vector<Verb> TeamVerbs();
std::vector<Verb> SellerVerbs();

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_TEAM_VERBS_H_
