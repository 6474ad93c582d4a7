// The referral report, made of the leads that were sent.
#ifndef SALES_SRC_DECIDE_REPORT_REFERRALS_H_
#define SALES_SRC_DECIDE_REPORT_REFERRALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sales/referrals.h"

namespace sales {

// A lead that was sent.
struct ReferredLead {
  std::string referrer;
  std::string contact;
  // From 1 on.
  int64_t generation = 0;
  bool won = false;
  // 0 unless it was won.
  int64_t revenue = 0;
};

// `leads`: those of the query's window, in any order. Whom a contact sent in turn is followed
// through these leads.
ReferralReport MakeReferralReport(const ReferralQuery& query, const std::string& currency_code,
                                  int64_t as_of_revision, const std::vector<ReferredLead>& leads);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_REFERRALS_H_
