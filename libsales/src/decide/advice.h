// What to do about an open lead.
//
// Points for and against working on it, from what is known; nothing known is no point:
//
//   code              when                                                        points
//   score-high        the odds of a win are at least twice the base's                 +2
//   score-low         they are at most half of the base's                             -2
//   interest-high     interest is 75 or more                                          +1
//   interest-low      interest is from 1 to 24                                        -1
//   value-high        the expected value is at least twice that of a usual sale       +1
//   value-low         it is at most half of it                                        -1
//   expectation-peak  the client expects the utmost of us: 5                          +1
//   expectation-low   he expects little: 1 or 2                                       -1
//   load-low          the seller's open work units are at most half his capacity      +1
//   load-high         they are at least nine tenths of it                             -1
//
// and then, the first that holds:
//
//   DECLINE   expectation-peak with score-low: he will not buy, and never thought better of us. The
//             peak is then a reason for declining, and counts first.
//   DECLINE   -4 points or fewer
//   NURTURE   -2 or -3
//   PURSUE    +2 or more
//   STEADY    else
//
// Reasons are what gave points, the weightiest first, and in the order of this table. Without any,
// "score-usual" where the lead was scored and "score-unknown" where it could not be.
#ifndef SALES_SRC_DECIDE_ADVICE_H_
#define SALES_SRC_DECIDE_ADVICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sales/score.h"

namespace sales {

struct AdviceFacts {
  // Unset: there are not yet outcomes of both ends, or no features.
  std::optional<LeadScore> score;
  // 0: not told.
  int interest = 0;
  // Minor units.
  std::optional<int64_t> expected_value;
  // The mean value of the workspace's sales; unset before the first.
  std::optional<int64_t> usual_value;
  // What the client expected when it was told last, 1 to 5; 0: it never was.
  int expectation = 0;
  // Of the lead's seller; unset where he has no capacity set, or the lead no seller.
  std::optional<int64_t> open_work_units;
  int64_t capacity = 0;
};

struct Advised {
  AdviceAction action = AdviceAction::kUnspecified;
  std::vector<AdviceReason> reasons;
};
Advised Advise(const AdviceFacts& facts);

// "PURSUE"; empty for kUnspecified.
const char* AdviceName(AdviceAction action);
// The inverse; kUnspecified for a name that no action has.
AdviceAction ParseAdvice(std::string_view name);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_ADVICE_H_
