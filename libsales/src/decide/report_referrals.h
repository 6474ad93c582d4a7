// The referral report, made of the leads that were sent.
#ifndef SALES_SRC_DECIDE_REPORT_REFERRALS_H_
#define SALES_SRC_DECIDE_REPORT_REFERRALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
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

struct ReferralSum {
  int64_t leads = 0;
  int64_t won = 0;
  int64_t revenue = 0;
};

// What a report says of everybody together, and of whom it tells singly.
struct ReferralTotals {
  std::map<int64_t, ReferralSum> generations;
  // Those who sent anybody.
  int64_t contacts_count = 0;
  // Those who are listed, in order.
  std::vector<std::string> contacts;
};

// Whether somebody who sent so many is listed before another: who sent more, then by id.
bool SentMore(int64_t leads, std::string_view contact, int64_t other_leads, std::string_view other);

// `leads`: those of the query's window, in any order. Whom a contact sent in turn is followed
// through these leads.
ReferralReport MakeReferralReport(const ReferralQuery& query, const std::string& currency_code,
                                  int64_t as_of_revision, const std::vector<ReferredLead>& leads);
// `leads`: all that those listed sent in the window, and those whom they sent in turn.
ReferralReport MakeReferralReport(const ReferralQuery& query, const std::string& currency_code,
                                  int64_t as_of_revision, const ReferralTotals& totals,
                                  const std::vector<ReferredLead>& leads);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_REFERRALS_H_
