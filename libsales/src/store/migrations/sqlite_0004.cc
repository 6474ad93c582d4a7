#include "src/store/migrations/migrations.h"

namespace sales::store {

// A handoff and a project have the id of the lead that they came out of; whose they are is read
// from that lead, so that a contact who changes changes for them too. What a lead is asked for
// during a project is linked to it.
const char kSqliteHandoffs[] = R"sql(
CREATE TABLE handoffs (
  workspace TEXT NOT NULL,
  handoff TEXT NOT NULL,
  state INTEGER NOT NULL,
  manager TEXT NOT NULL,
  evidence TEXT NOT NULL,              -- JSON; personal
  open_time INTEGER NOT NULL,
  introduction_due_time INTEGER,
  accept_due_time INTEGER,
  accept_time INTEGER,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, handoff),
  FOREIGN KEY (workspace, handoff) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX handoffs_by_open_time ON handoffs (workspace, open_time, handoff);

CREATE VIEW shown_handoffs AS
  SELECT handoffs.*, leads.contact, leads.seller
  FROM handoffs JOIN leads
    ON leads.workspace = handoffs.workspace AND leads.lead = handoffs.handoff;

CREATE TABLE projects (
  workspace TEXT NOT NULL,
  project TEXT NOT NULL,
  state INTEGER NOT NULL,
  manager TEXT NOT NULL,
  seller TEXT NOT NULL,
  members TEXT NOT NULL,               -- ids, a space between
  satisfaction INTEGER NOT NULL,
  open_time INTEGER NOT NULL,
  close_time INTEGER,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, project),
  FOREIGN KEY (workspace, project) REFERENCES handoffs (workspace, handoff)
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_by_open_time ON projects (workspace, open_time, project);

CREATE VIEW shown_projects AS
  SELECT projects.*, leads.contact AS client
  FROM projects JOIN leads
    ON leads.workspace = projects.workspace AND leads.lead = projects.project;

ALTER TABLE leads ADD COLUMN project TEXT NOT NULL DEFAULT '';
-- Holds all that is asked of it: else SQLite takes the primary key for as good, and reads every lead.
CREATE INDEX leads_by_project ON leads (workspace, project, state, seller) WHERE project <> '';

-- Who asks again may have been declined before, and whoever asks for work in a project asks again.
CREATE INDEX declined_leads_by_contact ON leads (workspace, contact, close_time) WHERE state = 4;

CREATE TABLE plans (
  workspace TEXT NOT NULL,
  plan TEXT NOT NULL,
  quarter INTEGER NOT NULL,            -- since the first of year 0
  team TEXT NOT NULL,                  -- empty: the whole studio; so is the seller
  seller TEXT NOT NULL,
  revenue INTEGER,
  won INTEGER,
  leads INTEGER,
  response_within_limit INTEGER,       -- hundredths of a percent; so are the next two
  proposal_within_limit INTEGER,
  conversion INTEGER,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, plan)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX plans_by_quarter ON plans (workspace, quarter, team, seller);
)sql";

}  // namespace sales::store
