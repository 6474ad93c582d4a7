#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteCare[] = R"sql(
-- Another number for each workspace that ever had the id: what was kept of one is not the next's.
ALTER TABLE workspaces ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspaces ADD COLUMN event_retention_days INTEGER NOT NULL DEFAULT 0;  -- 0: for ever
-- Up to this one the events of leads are, or are being, compacted; 0: none are.
ALTER TABLE workspaces ADD COLUMN compacted_revision INTEGER NOT NULL DEFAULT 0;

-- What the compacted events of a lead folded into; the events after `revision` are kept.
CREATE TABLE lead_bases (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  capture_revision INTEGER NOT NULL,   -- the place of its capture among the events
  capture_ordinal INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  track TEXT NOT NULL,                 -- JSON, without personal data
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

-- Ids under which rows lie that are no workspace's: an import's that has not ended, or those left
-- of a workspace that was removed.
CREATE TABLE unfinished_workspaces (
  workspace TEXT NOT NULL,
  import TEXT NOT NULL,                -- which one; empty: all is to be removed
  until_time INTEGER NOT NULL,         -- an import that is silent for longer has failed
  PRIMARY KEY (workspace)
) STRICT, WITHOUT ROWID;

CREATE TABLE last_backup (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  backup_time INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
)sql";

}  // namespace sales::store
