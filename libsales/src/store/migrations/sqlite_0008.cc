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

-- 1 to 5; 0: not told.
ALTER TABLE activities ADD COLUMN expectation INTEGER NOT NULL DEFAULT 0;

-- In their order, a space between two.
ALTER TABLE leads ADD COLUMN labels TEXT NOT NULL DEFAULT '';
-- The same, to find leads by a label.
CREATE TABLE lead_labels (
  workspace TEXT NOT NULL,
  label TEXT NOT NULL,
  lead TEXT NOT NULL,
  PRIMARY KEY (workspace, label, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

-- Of the last write that changed the attributes that leads may have; 0: none did.
ALTER TABLE workspaces ADD COLUMN attribute_revision INTEGER NOT NULL DEFAULT 0;
CREATE TABLE lead_attributes (
  workspace TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  display_name TEXT NOT NULL,
  type INTEGER NOT NULL,
  choices TEXT NOT NULL,               -- JSON array of an ENUM's values; empty for other types
  PRIMARY KEY (workspace, ordinal),
  FOREIGN KEY (workspace) REFERENCES workspaces (workspace)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
