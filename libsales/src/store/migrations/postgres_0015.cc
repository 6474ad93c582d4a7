#include "src/store/migrations/migrations.h"

namespace sales::store {

// What SQLite's first fifteen migrations lead to, for a database that begins here; a test compares
// the two catalogues. Text is compared byte by byte, as SQLite does. Tables whose rows change in
// place have room for that on their pages.
const char kPostgresGround[] = R"sql(
CREATE TABLE workspaces (
  workspace TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  time_zone TEXT COLLATE "C" NOT NULL,
  currency_code TEXT COLLATE "C" NOT NULL,
  default_region TEXT COLLATE "C" NOT NULL,
  default_funnel TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,  -- of the last write
  changed_revision BIGINT NOT NULL,  -- that last changed this row's own fields
  funnel_revision BIGINT NOT NULL,  -- that last put a policy in force
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  default_calendar TEXT COLLATE "C" NOT NULL DEFAULT '',
  calendar_revision BIGINT NOT NULL DEFAULT 0,
  team_revision BIGINT NOT NULL DEFAULT 0,
  attribute_revision BIGINT NOT NULL DEFAULT 0,
  score_features TEXT COLLATE "C" NOT NULL DEFAULT '',
  lead_visibility BIGINT NOT NULL DEFAULT 1,
  incarnation BIGINT NOT NULL DEFAULT 0,
  event_retention_days BIGINT NOT NULL DEFAULT 0,  -- 0: for ever
  compacted_revision BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace)
) WITH (fillfactor = 50);

CREATE TABLE contacts (
  workspace TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  display_name_folded TEXT COLLATE "C" NOT NULL,
  organization TEXT COLLATE "C" NOT NULL,
  organization_folded TEXT COLLATE "C" NOT NULL,
  identities TEXT COLLATE "C" NOT NULL,  -- JSON, in the order given
  lead_count BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  attributes TEXT COLLATE "C" NOT NULL DEFAULT '',  -- JSON; empty for none
  do_not_email BIGINT NOT NULL DEFAULT 0,
  do_not_email_source TEXT COLLATE "C" NOT NULL DEFAULT '',
  do_not_email_time BIGINT,
  do_not_call BIGINT NOT NULL DEFAULT 0,
  do_not_call_source TEXT COLLATE "C" NOT NULL DEFAULT '',
  do_not_call_time BIGINT,
  merged_into TEXT COLLATE "C" NOT NULL DEFAULT '',
  erase_time BIGINT,
  blocked BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, contact)
);
CREATE INDEX contacts_by_create_time ON contacts (workspace, create_time, contact);
CREATE INDEX contacts_unblocked ON contacts (workspace, contact) WHERE blocked = 0;
CREATE INDEX contacts_by_merge ON contacts (workspace, merged_into) WHERE merged_into <> '';

CREATE TABLE identity_keys (
  workspace TEXT COLLATE "C" NOT NULL,
  kind BIGINT NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  normal_value TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, kind, source, normal_value),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
);

CREATE TABLE channels (
  workspace TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  outreach BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, channel)
);

CREATE TABLE campaigns (
  workspace TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C" NOT NULL,
  audience_size BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, channel, campaign),
  FOREIGN KEY (workspace, channel) REFERENCES channels (workspace, channel)
);

CREATE TABLE touches (
  workspace TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  occur_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, channel, campaign, contact, occur_time, revision),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, channel, campaign) REFERENCES campaigns (workspace, channel, campaign)
);
CREATE INDEX touches_by_contact ON touches
  (workspace, contact, occur_time, revision, channel, campaign);

CREATE TABLE funnel_policies (
  workspace TEXT COLLATE "C" NOT NULL,
  funnel TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  in_force BIGINT NOT NULL,  -- 1 for one version of a funnel, else 0
  policy TEXT COLLATE "C" NOT NULL,  -- JSON
  activate_time BIGINT NOT NULL,
  PRIMARY KEY (workspace, funnel, version)
);

CREATE TABLE leads (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  state BIGINT NOT NULL,
  stage TEXT COLLATE "C" NOT NULL,
  funnel TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  need TEXT COLLATE "C" NOT NULL,
  need_folded TEXT COLLATE "C" NOT NULL,
  interest BIGINT NOT NULL,
  expected_value BIGINT,
  budget BIGINT,
  decision_maker_known BIGINT NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  referrer TEXT COLLATE "C" NOT NULL,
  external_id TEXT COLLATE "C",
  import_fingerprint BIGINT,
  attributes TEXT COLLATE "C" NOT NULL,  -- JSON object; empty for none
  receive_time BIGINT NOT NULL,
  close_time BIGINT,
  won_value BIGINT,
  first_response_time BIGINT,
  awaiting_since BIGINT,
  furthest TEXT COLLATE "C" NOT NULL,
  qualified BIGINT NOT NULL,
  new_contact BIGINT NOT NULL,
  returned_from TEXT COLLATE "C" NOT NULL,
  returned BIGINT NOT NULL,
  returned_won BIGINT NOT NULL,
  returned_revenue BIGINT NOT NULL,
  activity_counts TEXT COLLATE "C" NOT NULL,
  visits TEXT COLLATE "C" NOT NULL,
  requirements_count BIGINT NOT NULL,
  proposals_count BIGINT NOT NULL,
  outcomes_count BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  project TEXT COLLATE "C" NOT NULL DEFAULT '',
  stance BIGINT NOT NULL DEFAULT 0,
  labels TEXT COLLATE "C" NOT NULL DEFAULT '',
  returned_decline BIGINT NOT NULL DEFAULT 0,
  generation BIGINT NOT NULL DEFAULT 0,
  expected_close BIGINT,
  expectation BIGINT NOT NULL DEFAULT 0,
  advice BIGINT NOT NULL DEFAULT 0,
  promised TEXT COLLATE "C" NOT NULL DEFAULT '',
  scored_features TEXT COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (workspace, lead),
  FOREIGN KEY (workspace, channel) REFERENCES channels (workspace, channel),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
) WITH (fillfactor = 85);
CREATE INDEX leads_by_contact ON leads (workspace, contact, lead);
CREATE INDEX leads_by_receive_time ON leads (workspace, receive_time, lead);
CREATE UNIQUE INDEX leads_by_external_id ON leads (workspace, external_id)
  WHERE external_id IS NOT NULL;
CREATE INDEX leads_by_referrer ON leads (workspace, referrer, lead) WHERE referrer <> '';
CREATE INDEX leads_by_project ON leads (workspace, project, state, seller) WHERE project <> '';
CREATE INDEX declined_leads_by_contact ON leads (workspace, contact, close_time) WHERE state = 4;
CREATE INDEX leads_referred ON leads
  (workspace, receive_time, referrer, contact, generation, state, won_value)
  WHERE referrer <> '' AND generation > 0;

CREATE TABLE activities (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  activity TEXT COLLATE "C" NOT NULL,
  kind BIGINT NOT NULL,
  direction BIGINT NOT NULL,
  occur_time BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  record_time BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  expectation BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, lead, activity),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE requirements (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  agree_time BIGINT NOT NULL,
  PRIMARY KEY (workspace, lead, version),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE proposals (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  state BIGINT NOT NULL,
  scope TEXT COLLATE "C" NOT NULL,
  price BIGINT,
  valid_until BIGINT,
  request_time BIGINT,
  send_time BIGINT,
  answer_time BIGINT,
  PRIMARY KEY (workspace, lead, version),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE outcomes (
  workspace TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  ordinal BIGINT NOT NULL,
  state BIGINT NOT NULL,
  stage TEXT COLLATE "C" NOT NULL,
  occur_time BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  argument_better TEXT COLLATE "C" NOT NULL,
  argument_price TEXT COLLATE "C" NOT NULL,
  argument_differ TEXT COLLATE "C" NOT NULL,
  alternatives TEXT COLLATE "C" NOT NULL,
  told_in TEXT COLLATE "C" NOT NULL,
  may_keep_in_touch BIGINT NOT NULL,
  revisit BIGINT,
  competitor TEXT COLLATE "C" NOT NULL,
  wake BIGINT,
  owner TEXT COLLATE "C" NOT NULL,
  value BIGINT,
  PRIMARY KEY (workspace, lead, ordinal),
  FOREIGN KEY (workspace, lead) REFERENCES leads (workspace, lead)
);

CREATE TABLE events (
  workspace TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  type BIGINT NOT NULL,
  occur_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL,  -- JSON: [[field, before, after], …]
  PRIMARY KEY (workspace, revision, ordinal)
);
CREATE INDEX events_by_lead ON events (workspace, lead, revision) WHERE lead <> '';

CREATE TABLE tallies (
  workspace TEXT COLLATE "C" NOT NULL,
  dimension BIGINT NOT NULL,
  grain BIGINT NOT NULL,  -- 0: period is a day, 1: period is a month since 1970-01
  sheet BIGINT NOT NULL,
  period BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  funnel TEXT COLLATE "C" NOT NULL,
  counts TEXT COLLATE "C" NOT NULL,  -- "metric:detail bucket=n …;…"
  PRIMARY KEY (workspace, dimension, grain, sheet, period, key, funnel)
) WITH (fillfactor = 70);

CREATE TABLE requests (
  workspace TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  fingerprint BIGINT NOT NULL,
  answer TEXT COLLATE "C" NOT NULL,
  expire_time BIGINT NOT NULL,
  PRIMARY KEY (workspace, request_id)
);
CREATE INDEX requests_by_expire_time ON requests (workspace, expire_time);

CREATE TABLE contact_blocks (
  workspace TEXT COLLATE "C" NOT NULL,
  block BIGINT NOT NULL,
  neighbour BIGINT NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, block, neighbour, contact),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
);

CREATE TABLE dismissed_duplicates (
  workspace TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  other TEXT COLLATE "C" NOT NULL,
  dismiss_time BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, contact, other),
  FOREIGN KEY (workspace, other) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
);

CREATE TABLE merges (
  workspace TEXT COLLATE "C" NOT NULL,
  merged TEXT COLLATE "C" NOT NULL,
  kept TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,  -- of the write that merged
  merge_time BIGINT NOT NULL,
  kept_before TEXT COLLATE "C" NOT NULL,  -- JSON, as the other two
  kept_after TEXT COLLATE "C" NOT NULL,
  merged_before TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, merged),
  FOREIGN KEY (workspace, kept) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, merged) REFERENCES contacts (workspace, contact)
);
CREATE INDEX merges_by_kept ON merges (workspace, kept);

CREATE TABLE merge_parts (
  workspace TEXT COLLATE "C" NOT NULL,
  merged TEXT COLLATE "C" NOT NULL,
  kind BIGINT NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  before TEXT COLLATE "C" NOT NULL,
  after TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace, merged, kind, item),
  FOREIGN KEY (workspace, merged) REFERENCES merges (workspace, merged)
);
CREATE INDEX merge_parts_by_item ON merge_parts (workspace, kind, item);

CREATE TABLE referrals (
  workspace TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL,
  referrer TEXT COLLATE "C" NOT NULL,
  occur_time BIGINT NOT NULL,
  PRIMARY KEY (workspace, contact, referrer),
  FOREIGN KEY (workspace, referrer) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
);
CREATE INDEX referrals_by_referrer ON referrals (workspace, referrer, contact);
)sql";

}  // namespace sales::store
