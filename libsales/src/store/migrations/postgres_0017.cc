#include "src/store/migrations/migrations.h"

namespace sales::store {

// As SQLite's.
const char kPostgresSellersLeads[] = R"sql(
CREATE INDEX leads_by_seller ON leads (workspace, seller, receive_time, lead) WHERE seller <> '';
)sql";

}  // namespace sales::store
