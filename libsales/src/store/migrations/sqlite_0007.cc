#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteOutreach[] = R"sql(
ALTER TABLE channels ADD COLUMN outreach INTEGER NOT NULL DEFAULT 0;

-- When the sweep is to look at the limits of the handoff next; NULL where none is left to note.
ALTER TABLE handoffs ADD COLUMN limit_due_time INTEGER;
UPDATE handoffs SET limit_due_time = CASE
    WHEN introduction_due_time IS NULL THEN accept_due_time
    WHEN accept_due_time IS NULL THEN introduction_due_time
    ELSE MIN(introduction_due_time, accept_due_time) END
  WHERE state IN (1, 2);
CREATE INDEX handoffs_by_limit_due_time ON handoffs (workspace, limit_due_time, handoff)
  WHERE limit_due_time IS NOT NULL;
)sql";

}  // namespace sales::store
