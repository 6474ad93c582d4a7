// `salesctl import leads`.
#ifndef SALES_CLIENTS_CLI_SRC_IMPORT_RUN_H_
#define SALES_CLIENTS_CLI_SRC_IMPORT_RUN_H_

#include <string>

#include "clients/cli/src/failure.h"
#include "clients/cli/src/session.h"

namespace salesctl {

struct ImportOptions {
  std::string file;
  std::string mapping;
  // Empty: the one that the mapping names, beside `file`.
  std::string join_file;
  // Empty: `file` with ".rejects.csv" at its end.
  std::string rejects_file;
  // Show progress even if standard error is no terminal.
  bool progress = false;
};

// Takes over every row that can be, and writes the others to the rejects file. Doing it again
// changes nothing that is taken over already.
Done ImportLeads(const ImportOptions& options, Session& session);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_IMPORT_RUN_H_
