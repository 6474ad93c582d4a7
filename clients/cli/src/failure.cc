#include "clients/cli/src/failure.h"

#include "clients/cli/src/table.h"
#include "sales/error.h"

namespace salesctl {

void PrintFailure(const Failure& failure, std::ostream& out) {
  out << "salesctl: " << ForTerminal(failure.message);
  if (!failure.reason.empty()) out << " [" << ForTerminal(failure.reason) << "]";
  out << "\n";
  for (const std::string& detail : failure.details) out << "  - " << ForTerminal(detail) << "\n";
  if (!failure.remedy.empty()) out << "  " << ForTerminal(failure.remedy) << "\n";
}

Failure RefusedByStore(const absl::Status& status) {
  const sales::Reason reason = sales::ReasonOf(status);
  return Refused(sales::ReasonName(reason), std::string(status.message()),
                 sales::ReasonRemedy(reason));
}

}  // namespace salesctl
