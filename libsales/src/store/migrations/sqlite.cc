#include "src/store/migrations/migrations.h"

namespace sales::store {

const std::vector<sql::Migration>& SqliteMigrations() {
  static const std::vector<sql::Migration>* const migrations = new std::vector<sql::Migration>{
      {1, "ground", kSqliteGround},
      {2, "contacts", kSqliteContacts},
      {3, "time", kSqliteTime},
      {4, "handoffs", kSqliteHandoffs},
      {5, "past", kSqlitePast},
      {6, "teams", kSqliteTeams},
      {7, "outreach", kSqliteOutreach},
      {8, "leads", kSqliteLeads},
      {9, "statistics", kSqliteStatistics},
      {10, "speed", kSqliteSpeed},
      {11, "figures", kSqliteFigures},
      {12, "score", kSqliteScore},
      {13, "rights", kSqliteRights},
      {14, "care", kSqliteCare},
      {15, "webhooks", kSqliteWebhooks},
      {16, "referrers", kSqliteReferrers},
      {17, "sellers", kSqliteSellersLeads},
  };
  return *migrations;
}

int SchemaVersion() { return static_cast<int>(SqliteMigrations().size()); }

}  // namespace sales::store
