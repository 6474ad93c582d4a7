#include "src/store/migrations/migrations.h"

namespace sales::store {

// What keeps reports as fast as they are however many leads there are. Tallies of before are laid
// out in another way: they are made anew when the store is opened. Now they lie in the order of
// their keys, in which reports read them.
const char kSqliteReferrers[] = R"sql(
ALTER TABLE workspaces ADD COLUMN tallies_layout INTEGER NOT NULL DEFAULT 0;

DROP TABLE tallies;
CREATE TABLE tallies (
  workspace TEXT NOT NULL,
  dimension INTEGER NOT NULL,
  grain INTEGER NOT NULL,              -- 0: period is a day, 1: period is a month since 1970-01
  sheet INTEGER NOT NULL,
  period INTEGER NOT NULL,
  key TEXT NOT NULL,
  funnel TEXT NOT NULL,
  counts TEXT NOT NULL,                -- "metric:detail bucket=n …;…"
  PRIMARY KEY (workspace, dimension, grain, sheet, period, key, funnel)
) STRICT, WITHOUT ROWID;

-- How many leads each contact sent.
CREATE TABLE referrers (
  workspace TEXT NOT NULL,
  year INTEGER NOT NULL,               -- of 365.25 days since 1970; -1: all of them
  referrer TEXT NOT NULL,
  leads INTEGER NOT NULL,
  PRIMARY KEY (workspace, year, referrer)
) STRICT, WITHOUT ROWID;
CREATE INDEX referrers_by_leads ON referrers (workspace, year, leads DESC, referrer);
INSERT INTO referrers (workspace, year, referrer, leads)
  SELECT workspace, receive_time / 31557600000000, referrer, COUNT(*) FROM leads
    WHERE referrer <> '' AND generation > 0 GROUP BY 1, 2, 3
  UNION ALL SELECT workspace, -1, referrer, COUNT(*) FROM leads
    WHERE referrer <> '' AND generation > 0 GROUP BY 1, 3;

-- A referrer's leads in a window.
CREATE INDEX leads_of_referrer ON leads
  (workspace, referrer, receive_time, contact, state, won_value, generation)
  WHERE referrer <> '' AND generation > 0;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('leads', 'leads_of_referrer', '50000 50000 2 1 1 1 1 1');
)sql";

}  // namespace sales::store
