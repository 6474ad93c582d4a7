// Speed, declines and referrals computed from events in the plainest way, by no code of the engine:
// who waited, who came back and who sent whom is told again from activities, states and contacts,
// never from what the events say of runs, declines and generations.
#ifndef SALES_TESTS_RIGS_NAIVE_LIVES_H_
#define SALES_TESTS_RIGS_NAIVE_LIVES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/declines.h"
#include "sales/funnel.h"
#include "sales/referrals.h"
#include "sales/speed.h"
#include "tests/rigs/naive_report.h"

namespace sales::naive {

// All time is working time, the policy is the only one, and nothing is overdue but as of `now`.
SpeedReport ReportSpeed(const Record& record, const FunnelPolicy& policy, absl::Time now,
                        const ReportQuery& query);
DeclineReport ReportDeclines(const Record& record, const ReportQuery& query);
ReferralReport ReportReferrals(const Record& record, const ReferralQuery& query);

// As those of naive_report.h.
std::vector<std::string> Differences(const SpeedReport& report, const SpeedReport& naive);
std::vector<std::string> Differences(const DeclineReport& report, const DeclineReport& naive);
std::vector<std::string> Differences(const ReferralReport& report, const ReferralReport& naive);

}  // namespace sales::naive

#endif  // SALES_TESTS_RIGS_NAIVE_LIVES_H_
