// The verbs that are one call of the API each, as a table.
#ifndef SALES_CLIENTS_CLI_SRC_VERBS_H_
#define SALES_CLIENTS_CLI_SRC_VERBS_H_

#include <string>
#include <vector>

#include "clients/cli/src/request.h"

namespace salesctl {

struct Verb {
  // "lead"; the first word of the command.
  const char* group;
  // "advance"; the second.
  const char* name;
  // "LeadService.AdvanceLead".
  const char* method;
  const char* help;
  std::vector<Flag> flags;
};

// In the order in which help shows them.
const std::vector<Verb>& Verbs();

// What a group of verbs is about.
const char* GroupHelp(const std::string& group);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_VERBS_H_
