// Copies workspaces from one store to another, of whichever databases, without a server.
#ifndef SALES_CLIENTS_CLI_SRC_COPY_H_
#define SALES_CLIENTS_CLI_SRC_COPY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/src/failure.h"

namespace salesctl {

struct CopyOptions {
  std::string from;
  // Made where there is none.
  std::string to;
  // Empty: every one.
  std::vector<std::string> workspaces;
};

struct Copied {
  std::string workspace;
  // Of the snapshot that was copied, and what was written to the source since.
  int64_t revision = 0;
  int64_t behind = 0;
  int64_t bytes = 0;
};

// Copies each workspace as it is now, while others read and write it: the same ids, revisions,
// events, answers and figures, without its tokens and webhooks. What was written is read back and
// compared, byte by byte, with what was read. `copied` gets each that was, also before an error.
absl::Status CopyWorkspaces(const CopyOptions& options, std::vector<Copied>& copied);

// Copies and prints what was copied.
Done CopyStore(const CopyOptions& options, bool json);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_COPY_H_
