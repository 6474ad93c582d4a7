// Load and score reports computed from events in the plainest way, with no code of the reports.
#ifndef SALES_TESTS_RIGS_NAIVE_LOAD_H_
#define SALES_TESTS_RIGS_NAIVE_LOAD_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "sales/load.h"
#include "sales/score.h"

namespace sales::naive {

// The zone's offsets must be whole hours. `capacities` are of the sellers who are resources.
LoadReport ReportLoad(const std::vector<Event>& events, absl::TimeZone zone,
                      const FunnelPolicy& policy, const std::map<std::string, int64_t>& capacities,
                      const ReportQuery& query);
ScoreReport ReportScore(const std::vector<Event>& events, absl::TimeZone zone,
                        const std::string& currency_code, const ScoreQuery& query);

// A line for each outcome whose promise is not what the outcomes before it promise.
std::vector<std::string> PromiseFaults(const std::vector<Event>& events);

// A line for each figure in which a report differs from the naive one.
std::vector<std::string> Differences(const LoadReport& report, const LoadReport& naive);
std::vector<std::string> Differences(const ScoreReport& report, const ScoreReport& naive);

}  // namespace sales::naive

#endif  // SALES_TESTS_RIGS_NAIVE_LOAD_H_
