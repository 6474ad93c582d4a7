// The schema's history, a list a database. A migration is a file of its own and a line in the list.
#ifndef SALES_SRC_STORE_MIGRATIONS_MIGRATIONS_H_
#define SALES_SRC_STORE_MIGRATIONS_MIGRATIONS_H_

#include <vector>

#include "src/sql/driver.h"

namespace sales::store {

extern const sql::Migration kSqlite0001;
extern const sql::Migration kSqlite0002;

const std::vector<sql::Migration>& SqliteMigrations();

}  // namespace sales::store

#endif  // SALES_SRC_STORE_MIGRATIONS_MIGRATIONS_H_
