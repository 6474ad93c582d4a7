// Every report of a window at once: what the owner looks at.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_ALL_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_ALL_H_

#include <cstdint>
#include <string>

#include "clients/cli/src/session.h"

namespace salesctl {

struct ReportAllOptions {
  // ISO 8601 days; empty: the whole record.
  std::string from;
  std::string to;
  int64_t as_of_revision = 0;
};

// Prints the reports one after the other, as one JSON object by their names, or as one page.
Done ReportAll(const ReportAllOptions& options, Session& session);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_ALL_H_
