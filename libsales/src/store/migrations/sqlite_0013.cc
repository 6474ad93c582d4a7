#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteRights[] = R"sql(
-- Which leads a seller sees: 1 all, 2 his team's, 3 his own.
ALTER TABLE workspaces ADD COLUMN lead_visibility INTEGER NOT NULL DEFAULT 1;

-- Secrets by which callers are known: of each, a hash. Those of the workspace '-' are good for every
-- one. A hash is looked for before it is known whose it is, so it is a key of its own.
CREATE TABLE tokens (
  workspace TEXT NOT NULL,
  token TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  role INTEGER NOT NULL,
  actor TEXT NOT NULL,
  creator TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  expire_time INTEGER NOT NULL,
  revoke_time INTEGER,
  PRIMARY KEY (workspace, token)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sales::store
