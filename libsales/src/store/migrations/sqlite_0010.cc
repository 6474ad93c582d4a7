#include "src/store/migrations/migrations.h"

namespace sales::store {

// What clients waited for, what came of declines, and how far from the first a referral is. The due
// times are of what they wait for now: what is open is overdue, but for what is found by them.
const char kSqliteSpeed[] = R"sql(
ALTER TABLE lead_clocks ADD COLUMN runs TEXT NOT NULL DEFAULT '';      -- a space between two
ALTER TABLE lead_clocks ADD COLUMN declines TEXT NOT NULL DEFAULT '';  -- "bytes decline…"
ALTER TABLE lead_clocks ADD COLUMN response_due INTEGER;
ALTER TABLE lead_clocks ADD COLUMN proposal_due INTEGER;
CREATE INDEX lead_clocks_by_response_due ON lead_clocks (workspace, response_due, lead)
  WHERE response_due IS NOT NULL;
CREATE INDEX lead_clocks_by_proposal_due ON lead_clocks (workspace, proposal_due, lead)
  WHERE proposal_due IS NOT NULL;

-- Which decline of `returned_from` it was, from 1 on; 0: one of before they were kept.
ALTER TABLE leads ADD COLUMN returned_decline INTEGER NOT NULL DEFAULT 0;
-- 1: sent by somebody whom nobody had sent; 0: not sent, or before generations were kept.
ALTER TABLE leads ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
CREATE INDEX leads_referred ON leads
  (workspace, receive_time, referrer, contact, generation, state, won_value)
  WHERE referrer <> '' AND generation > 0;
)sql";

}  // namespace sales::store
