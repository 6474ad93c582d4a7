// The verbs of ReportService: figures, each with its base.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_VERBS_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_VERBS_H_

#include <vector>

#include "clients/cli/src/verbs.h"

namespace salesctl {

std::vector<Verb> ReportVerbs();

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_VERBS_H_
