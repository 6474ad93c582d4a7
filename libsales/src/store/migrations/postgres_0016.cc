#include "src/store/migrations/migrations.h"

namespace sales::store {

// As SQLite's.
const char kPostgresReferrers[] = R"sql(
ALTER TABLE workspaces ADD COLUMN tallies_layout BIGINT NOT NULL DEFAULT 0;

-- How many leads each contact sent.
CREATE TABLE referrers (
  workspace TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL,  -- of 365.25 days since 1970; -1: all of them
  referrer TEXT COLLATE "C" NOT NULL,
  leads BIGINT NOT NULL,
  PRIMARY KEY (workspace, year, referrer)
);
CREATE INDEX referrers_by_leads ON referrers (workspace, year, leads DESC, referrer);
INSERT INTO referrers (workspace, year, referrer, leads)
  SELECT workspace, receive_time / 31557600000000, referrer, COUNT(*) FROM leads
    WHERE referrer <> '' AND generation > 0 GROUP BY 1, 2, 3
  UNION ALL SELECT workspace, -1, referrer, COUNT(*) FROM leads
    WHERE referrer <> '' AND generation > 0 GROUP BY 1, 3;

CREATE INDEX leads_of_referrer ON leads
  (workspace, referrer, receive_time, contact, state, won_value, generation)
  WHERE referrer <> '' AND generation > 0;
)sql";

}  // namespace sales::store
