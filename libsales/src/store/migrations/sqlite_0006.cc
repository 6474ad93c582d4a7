#include "src/store/migrations/migrations.h"

namespace sales::store {

// What a seller is, what he was given and what he has open are rows of their own: the first is read
// once and kept until it changes, the others change with every lead. Sellers whom leads name need
// not be resources, so no foreign key asks for that.
const char kSqliteTeams[] = R"sql(
-- The revision that last changed a team, a seller or the assignment policy.
ALTER TABLE workspaces ADD COLUMN team_revision INTEGER NOT NULL DEFAULT 0;

CREATE TABLE teams (
  workspace TEXT NOT NULL,
  team TEXT NOT NULL,
  display_name TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, team)
) STRICT, WITHOUT ROWID;

CREATE TABLE sellers (
  workspace TEXT NOT NULL,
  seller TEXT NOT NULL,
  record TEXT NOT NULL,                -- JSON
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, seller)
) STRICT, WITHOUT ROWID;

-- Where each seller stands in the order of turns.
CREATE TABLE seller_turns (
  workspace TEXT NOT NULL,
  seller TEXT NOT NULL,
  turn INTEGER NOT NULL,
  pass_start INTEGER NOT NULL,
  pass INTEGER NOT NULL,
  PRIMARY KEY (workspace, seller)
) STRICT, WITHOUT ROWID;

-- How many leads a seller was given on a day, imports aside.
CREATE TABLE seller_days (
  workspace TEXT NOT NULL,
  seller TEXT NOT NULL,
  day INTEGER NOT NULL,
  leads INTEGER NOT NULL,
  PRIMARY KEY (workspace, seller, day)
) STRICT, WITHOUT ROWID;

-- How many open leads a seller has in each stage.
CREATE TABLE seller_loads (
  workspace TEXT NOT NULL,
  seller TEXT NOT NULL,
  funnel TEXT NOT NULL,
  stage TEXT NOT NULL,
  leads INTEGER NOT NULL,
  PRIMARY KEY (workspace, seller, funnel, stage)
) STRICT, WITHOUT ROWID;

INSERT INTO seller_loads (workspace, seller, funnel, stage, leads)
  SELECT workspace, seller, funnel, stage, COUNT(*) FROM leads
  WHERE state = 1 AND seller <> '' GROUP BY workspace, seller, funnel, stage;

CREATE TABLE assignment_policies (
  workspace TEXT NOT NULL,
  version INTEGER NOT NULL,
  policy TEXT NOT NULL,                -- JSON
  set_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignments (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  revision INTEGER NOT NULL,
  record TEXT NOT NULL,                -- JSON
  PRIMARY KEY (workspace, lead, revision),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

-- The leads that wait for a seller, since which revision.
CREATE TABLE assignment_queue (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_queue_by_revision ON assignment_queue (workspace, revision, lead);
)sql";

}  // namespace sales::store
