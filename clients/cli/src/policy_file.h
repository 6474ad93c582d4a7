#ifndef SALES_CLIENTS_CLI_SRC_POLICY_FILE_H_
#define SALES_CLIENTS_CLI_SRC_POLICY_FILE_H_

#include <string>

#include "clients/cli/src/failure.h"

namespace sales::v1 {
class FunnelPolicy;
}

namespace salesctl {

// Reads a policy written in YAML or JSON. `funnel` names it; where that is empty the policy's own
// id does.
Done ReadPolicy(const std::string& file, const std::string& workspace, const std::string& funnel,
                sales::v1::FunnelPolicy& policy);

// The file's content.
Result<std::string> ReadFile(const std::string& file);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_POLICY_FILE_H_
