// A studio whose store somebody else writes into.
#ifndef SALES_TESTS_ENGINE_TAMPERED_STUDIO_H_
#define SALES_TESTS_ENGINE_TAMPERED_STUDIO_H_

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/engine/studio.h"

namespace sales::testing {

class TamperedStudio : public Studio {
 protected:
  void Tamper(const std::string& sql) {
    engine_.reset();
    EXPECT_GT(store_.Run(sql), 0);
    Reopen();
  }
  // The kinds of the faults, in the order found.
  std::string Kinds() const {
    std::string kinds;
    const std::vector<CheckFault> faults = *engine_->Check();
    for (const CheckFault& fault : faults) kinds += fault.kind + ";";
    return kinds;
  }
};

}  // namespace sales::testing

#endif  // SALES_TESTS_ENGINE_TAMPERED_STUDIO_H_
