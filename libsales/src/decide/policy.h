// What the engine needs of policies besides sales/funnel.h.
#ifndef SALES_SRC_DECIDE_POLICY_H_
#define SALES_SRC_DECIDE_POLICY_H_

#include <vector>

#include "absl/status/status.h"
#include "sales/funnel.h"

namespace sales {

// POLICY_INVALID with the path and code of each fault, at most limits::policy_faults_max of them;
// OK if there is none.
absl::Status PolicyError(const std::vector<PolicyFault>& faults);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_POLICY_H_
