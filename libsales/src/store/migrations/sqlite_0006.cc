#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteLeads[] = R"sql(
-- The one taken last; 0: none was.
ALTER TABLE leads ADD COLUMN stance INTEGER NOT NULL DEFAULT 0;
CREATE TABLE stances (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  stance INTEGER NOT NULL,
  reason TEXT NOT NULL,
  stage TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (workspace, lead, ordinal),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
