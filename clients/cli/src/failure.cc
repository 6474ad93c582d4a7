#include "clients/cli/src/failure.h"

#include "clients/cli/src/table.h"

namespace salesctl {

void PrintFailure(const Failure& failure, std::ostream& out) {
  out << "salesctl: " << ForTerminal(failure.message);
  if (!failure.reason.empty()) out << " [" << ForTerminal(failure.reason) << "]";
  out << "\n";
  for (const std::string& detail : failure.details) out << "  - " << ForTerminal(detail) << "\n";
  if (!failure.remedy.empty()) out << "  " << ForTerminal(failure.remedy) << "\n";
}

}  // namespace salesctl
