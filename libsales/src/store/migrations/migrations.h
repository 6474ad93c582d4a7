// The schema's history, a list a database. A migration is a file of its own and a line in the list.
#ifndef SALES_SRC_STORE_MIGRATIONS_MIGRATIONS_H_
#define SALES_SRC_STORE_MIGRATIONS_MIGRATIONS_H_

#include <vector>

#include "src/sql/driver.h"

namespace sales::store {

const std::vector<sql::Migration>& SqliteMigrations();
const std::vector<sql::Migration>& PostgresMigrations();
inline sql::Migrations AllMigrations() { return {SqliteMigrations(), PostgresMigrations()}; }
// What an open store's schema holds: the number of its last migration.
int SchemaVersion();

// What each of them does, a file a migration.
extern const char kSqliteGround[];
extern const char kSqliteContacts[];
extern const char kSqliteTime[];
extern const char kSqliteHandoffs[];
extern const char kSqlitePast[];
extern const char kSqliteTeams[];
extern const char kSqliteOutreach[];
extern const char kSqliteLeads[];
extern const char kSqliteStatistics[];
extern const char kSqliteSpeed[];
extern const char kSqliteFigures[];
extern const char kSqliteScore[];
extern const char kSqliteRights[];
extern const char kSqliteCare[];
extern const char kSqliteWebhooks[];
extern const char kSqliteReferrers[];
extern const char kSqliteSellersLeads[];
extern const char kPostgresGround[];
extern const char kPostgresGroundRest[];
extern const char kPostgresReferrers[];
extern const char kPostgresSellersLeads[];

}  // namespace sales::store

#endif  // SALES_SRC_STORE_MIGRATIONS_MIGRATIONS_H_
