#include "src/store/migrations/migrations.h"

namespace sales::store {

// Without statistics SQLite takes `workspace = …` for as selective as any other key, and walks a
// whole workspace by its primary key where an index leads to a few rows. Real statistics would
// change with the data, and plans with them; these say once how the tables are meant: few
// workspaces with many rows, and few rows for each lead and contact.
const char kSqliteStatistics[] = R"sql(
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('leads', 'leads', '1000000 1000000 1'),
  ('leads', 'leads_by_contact', '1000000 1000000 2 1'),
  ('leads', 'leads_by_receive_time', '1000000 1000000 2 1'),
  ('events', 'events', '10000000 10000000 2 1'),
  ('events', 'events_by_lead', '10000000 10000000 10 2 1');
)sql";

}  // namespace sales::store
