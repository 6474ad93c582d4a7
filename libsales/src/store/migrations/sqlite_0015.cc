#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteWebhooks[] = R"sql(
-- Whom to tell of events over HTTP. Their secrets are not here: they are made from the uid.
CREATE TABLE webhooks (
  workspace TEXT NOT NULL,
  webhook TEXT NOT NULL,
  uid TEXT NOT NULL,
  display_name TEXT NOT NULL,
  url TEXT NOT NULL,
  types TEXT NOT NULL,                 -- numbers, a space between two; empty: all
  lead TEXT NOT NULL,                  -- empty: any
  state INTEGER NOT NULL,
  secret_generation INTEGER NOT NULL,
  previous_secret_expire_time INTEGER,
  next_revision INTEGER NOT NULL,      -- the next event is the first at or after this place
  next_ordinal INTEGER NOT NULL,
  failed_attempts INTEGER NOT NULL,    -- in a row; 0: what follows says nothing
  first_failure_time INTEGER,
  last_failure_time INTEGER,
  next_attempt_time INTEGER,           -- NULL: none follows
  fault INTEGER NOT NULL,
  http_status INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  revision INTEGER NOT NULL,           -- of the last change, which is not that of a delivery
  PRIMARY KEY (workspace, webhook)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
