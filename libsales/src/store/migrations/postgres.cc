#include <string>

#include "src/store/migrations/migrations.h"

namespace sales::store {

const std::vector<sql::Migration>& PostgresMigrations() {
  static const std::string* const ground =
      new std::string(std::string(kPostgresGround) + kPostgresGroundRest);
  static const std::vector<sql::Migration>* const migrations = new std::vector<sql::Migration>{
      {15, "ground", ground->c_str()},
      {16, "referrers", kPostgresReferrers},
      {17, "sellers", kPostgresSellersLeads},
  };
  return *migrations;
}

}  // namespace sales::store
