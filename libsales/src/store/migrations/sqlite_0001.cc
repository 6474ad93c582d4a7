#include "src/store/migrations/migrations.h"

namespace sales::store {

// Every key begins with the workspace, and no foreign key leaves it. Times are microseconds since
// the epoch, days are days since 1970-01-01, amounts are minor units of the workspace's currency.
const char kSqliteGround[] = R"sql(
CREATE TABLE workspaces (
  workspace TEXT NOT NULL,
  display_name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency_code TEXT NOT NULL,
  default_region TEXT NOT NULL,
  default_funnel TEXT NOT NULL,
  revision INTEGER NOT NULL,           -- of the last write
  changed_revision INTEGER NOT NULL,   -- that last changed this row's own fields
  funnel_revision INTEGER NOT NULL,    -- that last put a policy in force
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  PRIMARY KEY (workspace)
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts (
  workspace TEXT NOT NULL,
  contact TEXT NOT NULL,
  display_name TEXT NOT NULL,
  display_name_folded TEXT NOT NULL,
  organization TEXT NOT NULL,
  organization_folded TEXT NOT NULL,
  identities TEXT NOT NULL,            -- JSON, in the order given
  lead_count INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_by_create_time ON contacts (workspace, create_time, contact);

-- The usable identities: each belongs to one contact.
CREATE TABLE identity_keys (
  workspace TEXT NOT NULL,
  kind INTEGER NOT NULL,
  source TEXT NOT NULL,
  normal_value TEXT NOT NULL,
  contact TEXT NOT NULL,
  PRIMARY KEY (workspace, kind, source, normal_value),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
  workspace TEXT NOT NULL,
  channel TEXT NOT NULL,
  display_name TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaigns (
  workspace TEXT NOT NULL,
  channel TEXT NOT NULL,
  campaign TEXT NOT NULL,
  display_name TEXT NOT NULL,
  audience_size INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, channel, campaign),
  FOREIGN KEY (workspace, channel) REFERENCES channels (workspace, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE touches (
  workspace TEXT NOT NULL,
  channel TEXT NOT NULL,
  campaign TEXT NOT NULL,
  contact TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, channel, campaign, contact, occur_time, revision),
  FOREIGN KEY (workspace, channel, campaign) REFERENCES campaigns (workspace, channel, campaign),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
) STRICT, WITHOUT ROWID;

CREATE TABLE funnel_policies (
  workspace TEXT NOT NULL,
  funnel TEXT NOT NULL,
  version INTEGER NOT NULL,
  in_force INTEGER NOT NULL,           -- 1 for one version of a funnel, else 0
  policy TEXT NOT NULL,                -- JSON
  activate_time INTEGER NOT NULL,
  PRIMARY KEY (workspace, funnel, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE leads (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  contact TEXT NOT NULL,
  state INTEGER NOT NULL,
  stage TEXT NOT NULL,
  funnel TEXT NOT NULL,
  channel TEXT NOT NULL,
  campaign TEXT NOT NULL,
  need TEXT NOT NULL,
  need_folded TEXT NOT NULL,
  interest INTEGER NOT NULL,
  expected_value INTEGER,
  budget INTEGER,
  decision_maker_known INTEGER NOT NULL,
  seller TEXT NOT NULL,
  referrer TEXT NOT NULL,
  external_id TEXT,
  import_fingerprint INTEGER,
  attributes TEXT NOT NULL,            -- JSON object; empty for none
  receive_time INTEGER NOT NULL,
  close_time INTEGER,
  won_value INTEGER,
  first_response_time INTEGER,
  awaiting_since INTEGER,
  furthest TEXT NOT NULL,
  qualified INTEGER NOT NULL,
  new_contact INTEGER NOT NULL,
  returned_from TEXT NOT NULL,
  returned INTEGER NOT NULL,
  returned_won INTEGER NOT NULL,
  returned_revenue INTEGER NOT NULL,
  activity_counts TEXT NOT NULL,
  visits TEXT NOT NULL,
  requirements_count INTEGER NOT NULL,
  proposals_count INTEGER NOT NULL,
  outcomes_count INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, channel) REFERENCES channels (workspace, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX leads_by_contact ON leads (workspace, contact, lead);
CREATE INDEX leads_by_receive_time ON leads (workspace, receive_time, lead);
CREATE UNIQUE INDEX leads_by_external_id ON leads (workspace, external_id)
  WHERE external_id IS NOT NULL;

CREATE TABLE activities (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  activity TEXT NOT NULL,
  kind INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  occur_time INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  text TEXT NOT NULL,
  record_time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (workspace, lead, activity),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

CREATE TABLE requirements (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  version INTEGER NOT NULL,
  text TEXT NOT NULL,
  agree_time INTEGER NOT NULL,
  PRIMARY KEY (workspace, lead, version),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

CREATE TABLE proposals (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  version INTEGER NOT NULL,
  state INTEGER NOT NULL,
  scope TEXT NOT NULL,
  price INTEGER,
  valid_until INTEGER,
  request_time INTEGER,
  send_time INTEGER,
  answer_time INTEGER,
  PRIMARY KEY (workspace, lead, version),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcomes (
  workspace TEXT NOT NULL,
  lead TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  state INTEGER NOT NULL,
  stage TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  argument_better TEXT NOT NULL,
  argument_price TEXT NOT NULL,
  argument_differ TEXT NOT NULL,
  alternatives TEXT NOT NULL,
  told_in TEXT NOT NULL,
  may_keep_in_touch INTEGER NOT NULL,
  revisit INTEGER,
  competitor TEXT NOT NULL,
  wake INTEGER,
  owner TEXT NOT NULL,
  value INTEGER,
  PRIMARY KEY (workspace, lead, ordinal),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  workspace TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  type INTEGER NOT NULL,
  occur_time INTEGER NOT NULL,
  record_time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  lead TEXT NOT NULL,
  contact TEXT NOT NULL,
  subject TEXT NOT NULL,
  changes TEXT NOT NULL,               -- JSON: [[field, before, after], …]
  PRIMARY KEY (workspace, revision, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_lead ON events (workspace, lead, revision) WHERE lead <> '';

-- What reports read: counts by day and by month, kept equal to a fold over the events. The period
-- comes before the key, so that a window bounds what a report reads.
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
) STRICT;

-- The answers of recent writes, for callers that ask again.
CREATE TABLE requests (
  workspace TEXT NOT NULL,
  request_id TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,
  answer TEXT NOT NULL,
  expire_time INTEGER NOT NULL,
  PRIMARY KEY (workspace, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_expire_time ON requests (workspace, expire_time);
)sql";

}  // namespace sales::store
