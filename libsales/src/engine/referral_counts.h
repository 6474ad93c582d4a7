// What is kept of contacts who sent leads, apart from the tallies of the lead alone.
#ifndef SALES_SRC_ENGINE_REFERRAL_COUNTS_H_
#define SALES_SRC_ENGINE_REFERRAL_COUNTS_H_

#include "absl/status/status.h"
#include "src/decide/record.h"
#include "src/engine/core.h"

namespace sales::internal {

// Counts the lead, which was kept already, for who sent it, and no longer for who had. `before` of
// a new lead is LeadRecord{}.
absl::Status NoteReferrer(WriteScope& scope, const LeadRecord& before, const LeadRecord& after);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REFERRAL_COUNTS_H_
