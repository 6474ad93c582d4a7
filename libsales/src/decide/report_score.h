// The score report: how well scores, stances and advice foretold outcomes.
#ifndef SALES_SRC_DECIDE_REPORT_SCORE_H_
#define SALES_SRC_DECIDE_REPORT_SCORE_H_

#include <cstdint>
#include <string>

#include "sales/score.h"
#include "src/decide/tally_sum.h"

namespace sales {

// `sums`: the tallies of Sheet::kScore in the query's window. Each lead was promised its
// probability by the outcomes recorded before its own and by no later one, so a report is an
// evaluation on leads that the scores did not know.
ScoreReport MakeScoreReport(const ScoreQuery& query, const std::string& currency_code,
                            int64_t as_of_revision, const TallySum& sums);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_SCORE_H_
