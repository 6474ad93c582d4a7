#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteFigures[] = R"sql(
-- Days since 1970-01-01; NULL: not known.
ALTER TABLE leads ADD COLUMN expected_close INTEGER;

-- The earliest touches of a contact are looked for.
DROP INDEX touches_by_contact;
CREATE INDEX touches_by_contact ON touches
  (workspace, contact, occur_time, revision, channel, campaign);

-- What a calendar said from a revision on: reports as of an earlier one count by it.
CREATE TABLE calendar_versions (
  workspace TEXT NOT NULL,
  calendar TEXT NOT NULL,
  revision INTEGER NOT NULL,
  time_zone TEXT NOT NULL,
  week TEXT NOT NULL,
  exceptions TEXT NOT NULL,
  PRIMARY KEY (workspace, calendar, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO calendar_versions (workspace, calendar, revision, time_zone, week, exceptions)
  SELECT workspace, calendar, revision, time_zone, week, exceptions FROM calendars;

-- Which calendar was the default from a revision on.
CREATE TABLE default_calendars (
  workspace TEXT NOT NULL,
  revision INTEGER NOT NULL,
  calendar TEXT NOT NULL,              -- empty: none, all time is working time
  PRIMARY KEY (workspace, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO default_calendars (workspace, revision, calendar)
  SELECT workspace, 1, default_calendar FROM workspaces WHERE default_calendar <> '';

-- How plans stood at the end of days; never changed.
CREATE TABLE plan_snapshots (
  workspace TEXT NOT NULL,
  plan TEXT NOT NULL,
  day INTEGER NOT NULL,                -- since 1970-01-01
  revision INTEGER NOT NULL,           -- what it stands for
  progress TEXT NOT NULL,              -- JSON, without personal data
  PRIMARY KEY (workspace, plan, day),
  FOREIGN KEY (workspace, plan) REFERENCES plans (workspace, plan)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
