// A studio whose store somebody else writes into.
#ifndef SALES_TESTS_ENGINE_TAMPERED_STUDIO_H_
#define SALES_TESTS_ENGINE_TAMPERED_STUDIO_H_

#include <sqlite3.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/engine/studio.h"

namespace sales::testing {

class TamperedStudio : public Studio {
 protected:
  void Tamper(const std::string& sql) {
    engine_.reset();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((directory_ + "/store.db").c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    EXPECT_GT(sqlite3_changes(db), 0);
    sqlite3_close(db);
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
