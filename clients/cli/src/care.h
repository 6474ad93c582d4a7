// Whole stores and workspaces: backups, exports, imports.
#ifndef SALES_CLIENTS_CLI_SRC_CARE_H_
#define SALES_CLIENTS_CLI_SRC_CARE_H_

#include <string>

#include "clients/cli/src/failure.h"
#include "clients/cli/src/session.h"

namespace salesctl {

// Files that are written must not be there yet; "-" is standard output, or input.

struct BackupOptions {
  std::string file;
  // Instead of a file: where it is made, named by the time, "sales-20260131T235959Z.db"; the newest
  // `keep` of them stay, or all where that is 0.
  std::string directory;
  int keep = 0;
};
// Writes a copy of the server's store, while it serves.
Done BackupStore(const BackupOptions& options, Session& session);

// Of the workspace, or of the session's where that is empty.
Done ExportWorkspace(const std::string& workspace, const std::string& file, Session& session);
Done ImportWorkspace(const std::string& workspace, const std::string& file, Session& session);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_CARE_H_
