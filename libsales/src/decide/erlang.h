// The Erlang formulas: how likely a client waits who asks one of several sellers.
//
// Clients ask independently of each other, handling times are exponential, and nobody gives up.
// Everything is worked out as logarithms, for with many sellers the probabilities are smaller than
// any double. Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of
// significance in automatic telephone exchanges" (1917); R. B. Cooper, "Introduction to Queueing
// Theory", 2nd ed. (1981), section 3.4 for the recursion.
#ifndef SALES_SRC_DECIDE_ERLANG_H_
#define SALES_SRC_DECIDE_ERLANG_H_

#include <cstdint>
#include <optional>

namespace sales {

// ln B and ln C for 0, 1, 2 … sellers, one after another: each step costs the same.
class ErlangSteps {
 public:
  // `offered_load` in erlangs: arrivals times handling time, at least 0 and finite.
  explicit ErlangSteps(double offered_load);

  // One more seller.
  void Next();

  int64_t sellers() const { return sellers_; }
  // ln of Erlang B: that all sellers are busy where clients who find them so go away. Minus
  // infinity where nobody comes.
  double log_blocking() const;
  // ln of Erlang C: that a client has to wait. 0 where the sellers are too few for the load.
  double log_waiting() const;

 private:
  const double load_;
  const double log_load_;
  int64_t sellers_ = 0;
  // ln(1 / B), which grows with the sellers.
  double log_inverse_ = 0;
};

// Of a number of sellers from 0 up.
double LogErlangB(double offered_load, int64_t sellers);
double LogErlangC(double offered_load, int64_t sellers);

// P(wait <= limit), both times in one unit; the handling time above 0, the limit not below. 0 where
// the sellers are too few for the load.
double ServiceLevel(double offered_load, int64_t sellers, double log_waiting, double handling_time,
                    double limit);
// The mean wait of all clients; infinite where the sellers are too few for the load.
double MeanWait(double offered_load, int64_t sellers, double log_waiting, double handling_time);

struct SellersNeeded {
  int64_t sellers = 0;
  double service_level = 0;
};
// The fewest sellers, up to `max`, for whom P(wait <= limit) >= goal; nullopt where so many do not
// reach it. 0 where nobody comes.
std::optional<SellersNeeded> FewestSellers(double offered_load, double handling_time, double limit,
                                           double goal, int64_t max);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_ERLANG_H_
