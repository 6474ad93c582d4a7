#include "clients/cli/src/remedy.h"

#include "sales/error.h"

namespace salesctl {

std::string RemedyOf(const std::string& reason) {
  for (const sales::Reason known : sales::AllReasons()) {
    if (reason == sales::ReasonName(known)) return sales::ReasonRemedy(known);
  }
  return "";
}

}  // namespace salesctl
