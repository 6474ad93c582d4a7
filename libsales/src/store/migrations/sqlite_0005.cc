#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqlitePast[] = R"sql(
-- The attributes that a lead had before a revision gave it others.
CREATE TABLE former_attributes (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  until_revision INTEGER NOT NULL,
  attributes TEXT NOT NULL,            -- JSON object; empty for none
  PRIMARY KEY (workspace, lead, until_revision),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
