#include "src/store/migrations/migrations.h"

namespace sales::store {

const std::vector<sql::Migration>& SqliteMigrations() {
  static const std::vector<sql::Migration>* const migrations = new std::vector<sql::Migration>{
      kSqlite0001,
      kSqlite0002,
  };
  return *migrations;
}

}  // namespace sales::store
