#include "src/store/migrations/migrations.h"

namespace sales::store {

const char kSqliteOutreach[] = R"sql(
ALTER TABLE channels ADD COLUMN outreach INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace sales::store
