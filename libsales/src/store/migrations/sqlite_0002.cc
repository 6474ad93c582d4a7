#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteContacts[] = R"sql(
ALTER TABLE contacts ADD COLUMN attributes TEXT NOT NULL DEFAULT '';  -- JSON; empty for none
ALTER TABLE contacts ADD COLUMN do_not_email INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN do_not_email_source TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN do_not_email_time INTEGER;
ALTER TABLE contacts ADD COLUMN do_not_call INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN do_not_call_source TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN do_not_call_time INTEGER;
ALTER TABLE contacts ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN erase_time INTEGER;
-- Whether the contact's rows in contact_blocks are there.
ALTER TABLE contacts ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_unblocked ON contacts (workspace, contact) WHERE blocked = 0;
CREATE INDEX contacts_by_merge ON contacts (workspace, merged_into) WHERE merged_into <> '';

-- The keys by which duplicates are looked for, as hashes.
CREATE TABLE contact_blocks (
  workspace TEXT NOT NULL,
  block INTEGER NOT NULL,
  neighbour INTEGER NOT NULL,
  contact TEXT NOT NULL,
  PRIMARY KEY (workspace, block, neighbour, contact),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact)
) STRICT, WITHOUT ROWID;

-- Pairs that are not one, the lesser id first.
CREATE TABLE dismissed_duplicates (
  workspace TEXT NOT NULL,
  contact TEXT NOT NULL,
  other TEXT NOT NULL,
  dismiss_time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (workspace, contact, other),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, other) REFERENCES contacts (workspace, contact)
) STRICT, WITHOUT ROWID;

-- Merges that stand, with what is needed to undo them.
CREATE TABLE merges (
  workspace TEXT NOT NULL,
  merged TEXT NOT NULL,
  kept TEXT NOT NULL,
  revision INTEGER NOT NULL,           -- of the write that merged
  merge_time INTEGER NOT NULL,
  kept_before TEXT NOT NULL,           -- JSON, as the other two
  kept_after TEXT NOT NULL,
  merged_before TEXT NOT NULL,
  PRIMARY KEY (workspace, merged),
  FOREIGN KEY (workspace, merged) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, kept) REFERENCES contacts (workspace, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX merges_by_kept ON merges (workspace, kept);

-- What a merge moved, and between what.
CREATE TABLE merge_parts (
  workspace TEXT NOT NULL,
  merged TEXT NOT NULL,
  kind INTEGER NOT NULL,
  item TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (workspace, merged, kind, item),
  FOREIGN KEY (workspace, merged) REFERENCES merges (workspace, merged)
) STRICT, WITHOUT ROWID;

CREATE INDEX merge_parts_by_item ON merge_parts (workspace, kind, item);

-- Referrals recorded by hand; those of captures are in leads.referrer.
CREATE TABLE referrals (
  workspace TEXT NOT NULL,
  contact TEXT NOT NULL,
  referrer TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  PRIMARY KEY (workspace, contact, referrer),
  FOREIGN KEY (workspace, contact) REFERENCES contacts (workspace, contact),
  FOREIGN KEY (workspace, referrer) REFERENCES contacts (workspace, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX referrals_by_referrer ON referrals (workspace, referrer, contact);
CREATE INDEX leads_by_referrer ON leads (workspace, referrer, lead) WHERE referrer <> '';
CREATE INDEX touches_by_contact ON touches (workspace, contact);
)sql";

}  // namespace sales::store
