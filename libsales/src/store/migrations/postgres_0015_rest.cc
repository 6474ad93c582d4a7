#include "src/store/migrations/migrations.h"

namespace sales::store {

// The second half, which refers to the first.
const char kPostgresGroundRest[] = R"sql(
CREATE TABLE calendars (
  workspace TEXT COLLATE "C" NOT NULL,
  calendar TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  time_zone TEXT COLLATE "C" NOT NULL,
  week TEXT COLLATE "C" NOT NULL,  -- JSON: [[[start, end], …], …], Monday first, in minutes
  exceptions TEXT COLLATE "C" NOT NULL,  -- JSON: [[day, title, [[start, end], …]], …]
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, calendar)
);

CREATE TABLE lead_clocks (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  response_start BIGINT,  -- of the last waiting that ended
  response_stop BIGINT,
  last_activity_time BIGINT,
  planned_count BIGINT NOT NULL,  -- activities ever planned
  planned_open BIGINT NOT NULL,  -- of those, neither completed nor cancelled
  response_mark BIGINT,  -- starts of the clocks whose limits were noted last
  proposal_mark BIGINT,
  stage_mark BIGINT,
  rot_mark BIGINT,
  wake_mark BIGINT,
  due_time BIGINT,  -- of the next thing; NULL for closed leads
  runs TEXT COLLATE "C" NOT NULL DEFAULT '',  -- a space between two
  declines TEXT COLLATE "C" NOT NULL DEFAULT '',  -- "bytes decline…"
  response_due BIGINT,
  proposal_due BIGINT,
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) WITH (fillfactor = 80);
CREATE INDEX lead_clocks_by_due_time ON lead_clocks (workspace, due_time, lead)
  WHERE due_time IS NOT NULL;
CREATE INDEX lead_clocks_by_response_due ON lead_clocks (workspace, response_due, lead)
  WHERE response_due IS NOT NULL;
CREATE INDEX lead_clocks_by_proposal_due ON lead_clocks (workspace, proposal_due, lead)
  WHERE proposal_due IS NOT NULL;

CREATE TABLE planned_activities (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  planned_activity BIGINT NOT NULL,
  is_open BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  due_time BIGINT NOT NULL,
  text TEXT COLLATE "C" NOT NULL,  -- personal
  owner TEXT COLLATE "C" NOT NULL,
  plan_time BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, lead, planned_activity),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE handoffs (
  workspace TEXT COLLATE "C" NOT NULL,
  handoff TEXT COLLATE "C" NOT NULL,
  state BIGINT NOT NULL,
  manager TEXT COLLATE "C" NOT NULL,
  evidence TEXT COLLATE "C" NOT NULL,  -- JSON; personal
  open_time BIGINT NOT NULL,
  introduction_due_time BIGINT,
  accept_due_time BIGINT,
  accept_time BIGINT,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  limit_due_time BIGINT,
  PRIMARY KEY (workspace, handoff),
  FOREIGN KEY (workspace, handoff) REFERENCES leads (workspace, lead)
);
CREATE INDEX handoffs_by_open_time ON handoffs (workspace, open_time, handoff);
CREATE INDEX handoffs_by_limit_due_time ON handoffs (workspace, limit_due_time, handoff)
  WHERE limit_due_time IS NOT NULL;

CREATE TABLE projects (
  workspace TEXT COLLATE "C" NOT NULL,
  project TEXT COLLATE "C" NOT NULL,
  state BIGINT NOT NULL,
  manager TEXT COLLATE "C" NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  members TEXT COLLATE "C" NOT NULL,  -- ids, a space between
  satisfaction BIGINT NOT NULL,
  open_time BIGINT NOT NULL,
  close_time BIGINT,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, project),
  FOREIGN KEY (workspace, project) REFERENCES handoffs (workspace, handoff)
);
CREATE INDEX projects_by_open_time ON projects (workspace, open_time, project);

CREATE TABLE plans (
  workspace TEXT COLLATE "C" NOT NULL,
  plan TEXT COLLATE "C" NOT NULL,
  quarter BIGINT NOT NULL,  -- since the first of year 0
  team TEXT COLLATE "C" NOT NULL,  -- empty: the whole studio; so is the seller
  seller TEXT COLLATE "C" NOT NULL,
  revenue BIGINT,
  won BIGINT,
  leads BIGINT,
  response_within_limit BIGINT,  -- hundredths of a percent; so are the next two
  proposal_within_limit BIGINT,
  conversion BIGINT,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, plan)
);
CREATE UNIQUE INDEX plans_by_quarter ON plans (workspace, quarter, team, seller);

CREATE TABLE former_attributes (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  until_revision BIGINT NOT NULL,
  attributes TEXT COLLATE "C" NOT NULL,  -- JSON object; empty for none
  PRIMARY KEY (workspace, lead, until_revision),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE teams (
  workspace TEXT COLLATE "C" NOT NULL,
  team TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, team)
);

CREATE TABLE sellers (
  workspace TEXT COLLATE "C" NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  record TEXT COLLATE "C" NOT NULL,  -- JSON
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, seller)
);

CREATE TABLE seller_turns (
  workspace TEXT COLLATE "C" NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  turn BIGINT NOT NULL,
  pass_start BIGINT NOT NULL,
  pass BIGINT NOT NULL,
  PRIMARY KEY (workspace, seller)
) WITH (fillfactor = 50);

CREATE TABLE seller_days (
  workspace TEXT COLLATE "C" NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  leads BIGINT NOT NULL,
  PRIMARY KEY (workspace, seller, day)
) WITH (fillfactor = 50);

CREATE TABLE seller_loads (
  workspace TEXT COLLATE "C" NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  funnel TEXT COLLATE "C" NOT NULL,
  stage TEXT COLLATE "C" NOT NULL,
  leads BIGINT NOT NULL,
  PRIMARY KEY (workspace, seller, funnel, stage)
) WITH (fillfactor = 50);

CREATE TABLE assignment_policies (
  workspace TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  policy TEXT COLLATE "C" NOT NULL,  -- JSON
  set_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, version)
);

CREATE TABLE assignments (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  record TEXT COLLATE "C" NOT NULL,  -- JSON
  PRIMARY KEY (workspace, lead, revision),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE assignment_queue (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);
CREATE INDEX assignment_queue_by_revision ON assignment_queue (workspace, revision, lead);

CREATE TABLE stances (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  ordinal BIGINT NOT NULL,
  stance BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  stage TEXT COLLATE "C" NOT NULL,
  occur_time BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, lead, ordinal),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE lead_labels (
  workspace TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, label, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE lead_attributes (
  workspace TEXT COLLATE "C" NOT NULL,
  ordinal BIGINT NOT NULL,
  attribute TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  type BIGINT NOT NULL,
  choices TEXT COLLATE "C" NOT NULL,  -- JSON array of an ENUM's values; empty for other types
  PRIMARY KEY (workspace, ordinal),
  FOREIGN KEY (workspace) REFERENCES workspaces (workspace)
);

CREATE TABLE calendar_versions (
  workspace TEXT COLLATE "C" NOT NULL,
  calendar TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  time_zone TEXT COLLATE "C" NOT NULL,
  week TEXT COLLATE "C" NOT NULL,
  exceptions TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, calendar, revision)
);

CREATE TABLE default_calendars (
  workspace TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  calendar TEXT COLLATE "C" NOT NULL,  -- empty: none, all time is working time
  PRIMARY KEY (workspace, revision)
);

CREATE TABLE plan_snapshots (
  workspace TEXT COLLATE "C" NOT NULL,
  plan TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,  -- since 1970-01-01
  revision BIGINT NOT NULL,  -- what it stands for
  progress TEXT COLLATE "C" NOT NULL,  -- JSON, without personal data
  PRIMARY KEY (workspace, plan, day),
  FOREIGN KEY (workspace, plan) REFERENCES plans (workspace, plan)
);

CREATE TABLE tokens (
  workspace TEXT COLLATE "C" NOT NULL,
  token TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  role BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  creator TEXT COLLATE "C" NOT NULL,
  create_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  revoke_time BIGINT,
  PRIMARY KEY (workspace, token)
);
CREATE UNIQUE INDEX tokens_by_hash ON tokens (hash);

CREATE TABLE lead_bases (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  capture_revision BIGINT NOT NULL,  -- the place of its capture among the events
  capture_ordinal BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  track TEXT COLLATE "C" NOT NULL,  -- JSON, without personal data
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE unfinished_workspaces (
  workspace TEXT COLLATE "C" NOT NULL,
  import TEXT COLLATE "C" NOT NULL,  -- which one; empty: all is to be removed
  until_time BIGINT NOT NULL,  -- an import that is silent for longer has failed
  PRIMARY KEY (workspace)
);

CREATE TABLE last_backup (
  one BIGINT NOT NULL,
  backup_time BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (one)
);

CREATE TABLE webhooks (
  workspace TEXT COLLATE "C" NOT NULL,
  webhook TEXT COLLATE "C" NOT NULL,
  uid TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C" NOT NULL,
  types TEXT COLLATE "C" NOT NULL,  -- numbers, a space between two; empty: all
  lead TEXT COLLATE "C" NOT NULL,  -- empty: any
  state BIGINT NOT NULL,
  secret_generation BIGINT NOT NULL,
  previous_secret_expire_time BIGINT,
  next_revision BIGINT NOT NULL,  -- the next event is the first at or after this place
  next_ordinal BIGINT NOT NULL,
  failed_attempts BIGINT NOT NULL,  -- in a row; 0: what follows says nothing
  first_failure_time BIGINT,
  last_failure_time BIGINT,
  next_attempt_time BIGINT,  -- NULL: none follows
  fault BIGINT NOT NULL,
  http_status BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,  -- of the last change, which is not that of a delivery
  PRIMARY KEY (workspace, webhook)
) WITH (fillfactor = 70);

CREATE VIEW shown_handoffs AS
  SELECT handoffs.*, leads.contact, leads.seller
  FROM handoffs JOIN leads
    ON leads.workspace = handoffs.workspace AND leads.lead = handoffs.handoff;
CREATE VIEW shown_projects AS
  SELECT projects.*, leads.contact AS client
  FROM projects JOIN leads
    ON leads.workspace = projects.workspace AND leads.lead = projects.project;
)sql";

}  // namespace sales::store
