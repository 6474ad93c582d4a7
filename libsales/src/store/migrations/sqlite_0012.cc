#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteScore[] = R"sql(
-- What leads are scored by, a space between two.
ALTER TABLE workspaces ADD COLUMN score_features TEXT NOT NULL DEFAULT '';

-- What the client expected when it was told last, 1 to 5; 0: it never was.
ALTER TABLE leads ADD COLUMN expectation INTEGER NOT NULL DEFAULT 0;
-- The one given last; 0: none was.
ALTER TABLE leads ADD COLUMN advice INTEGER NOT NULL DEFAULT 0;
-- Of the present outcome: what was promised, in permille, and by which features.
ALTER TABLE leads ADD COLUMN promised TEXT NOT NULL DEFAULT '';
ALTER TABLE leads ADD COLUMN scored_features TEXT NOT NULL DEFAULT '';
UPDATE leads SET expectation = told.expectation FROM (
  SELECT workspace, lead, expectation, ROW_NUMBER() OVER (
    PARTITION BY workspace, lead ORDER BY record_time DESC, activity DESC) AS place
  FROM activities WHERE expectation <> 0) AS told
  WHERE told.place = 1 AND leads.workspace = told.workspace AND leads.lead = told.lead;
)sql";

}  // namespace sales::store
