#include "src/store/migrations/migrations.h"

namespace sales::store {

// What the clocks of a lead need is in rows of its own: the sweep looks for the next due time, and
// moves it on, without touching the lead's wide row. A due time of 1 asks the sweep to look at the
// lead and find out.
const char kSqliteTime[] = R"sql(
ALTER TABLE workspaces ADD COLUMN default_calendar TEXT NOT NULL DEFAULT '';
-- The revision that last changed a calendar.
ALTER TABLE workspaces ADD COLUMN calendar_revision INTEGER NOT NULL DEFAULT 0;

CREATE TABLE calendars (
  workspace TEXT NOT NULL,
  calendar TEXT NOT NULL,
  display_name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  week TEXT NOT NULL,                  -- JSON: [[[start, end], …], …], Monday first, in minutes
  exceptions TEXT NOT NULL,            -- JSON: [[day, title, [[start, end], …]], …]
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, calendar)
) STRICT, WITHOUT ROWID;

CREATE TABLE lead_clocks (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  response_start INTEGER,              -- of the last waiting that ended
  response_stop INTEGER,
  last_activity_time INTEGER,
  planned_count INTEGER NOT NULL,      -- activities ever planned
  planned_open INTEGER NOT NULL,       -- of those, neither completed nor cancelled
  response_mark INTEGER,               -- starts of the clocks whose limits were noted last
  proposal_mark INTEGER,
  stage_mark INTEGER,
  rot_mark INTEGER,
  wake_mark INTEGER,
  due_time INTEGER,                    -- of the next thing; NULL for closed leads
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_clocks_by_due_time ON lead_clocks (workspace, due_time, lead)
  WHERE due_time IS NOT NULL;

INSERT INTO lead_clocks (workspace, lead, last_activity_time, planned_count, planned_open, due_time)
  SELECT l.workspace, l.lead,
         (SELECT MAX(a.occur_time) FROM activities a
          WHERE a.workspace = l.workspace AND a.lead = l.lead),
         0, 0, CASE WHEN l.state IN (1, 2) THEN 1 END
  FROM leads l;

CREATE TABLE planned_activities (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  planned_activity INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  due_time INTEGER NOT NULL,
  text TEXT NOT NULL,                  -- personal
  owner TEXT NOT NULL,
  plan_time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (workspace, lead, planned_activity),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
