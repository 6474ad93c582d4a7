// The reports computed from events in the plainest way: every figure as its definition reads, from
// lists of leads, with no tallies and no code of the reports. What the reports must equal.
#ifndef SALES_TESTS_RIGS_NAIVE_REPORT_H_
#define SALES_TESTS_RIGS_NAIVE_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "sales/report.h"

namespace sales::naive {

// What a report needs of a workspace.
struct Record {
  // In their order, from the first.
  std::vector<Event> events;
  absl::TimeZone zone;
  std::string currency_code;
  // By channel and campaign.
  std::map<std::pair<std::string, std::string>, int64_t> audiences;
};

// The policy's funnel is reported, whatever the query names.
FunnelReport ReportFunnel(const Record& record, const FunnelPolicy& policy,
                          const ReportQuery& query);
ChannelReport ReportChannels(const Record& record, const ReportQuery& query);

// A line for each figure in which a report differs from the naive one. Medians and percentiles of
// durations may differ by 1 %; window and revision are not compared.
std::vector<std::string> Differences(const FunnelReport& report, const FunnelReport& naive);
std::vector<std::string> Differences(const ChannelReport& report, const ChannelReport& naive);

}  // namespace sales::naive

#endif  // SALES_TESTS_RIGS_NAIVE_REPORT_H_
