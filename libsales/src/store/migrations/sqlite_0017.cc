#include "src/store/migrations/migrations.h"

namespace sales::store {

// What a seller sees is a list of his leads, latest first: one who has few among many need not wait
// until all were looked at. Captures of leads that nobody has yet pay nothing for it.
const char kSqliteSellersLeads[] = R"sql(
CREATE INDEX leads_by_seller ON leads (workspace, seller, receive_time, lead) WHERE seller <> '';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('leads', 'leads_by_seller', '500000 500000 5000 2 1');
)sql";

}  // namespace sales::store
