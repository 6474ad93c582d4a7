#include "src/decide/erlang.h"

#include <cmath>
#include <limits>

namespace sales {
namespace {

// ln(1 + e^x), for any x.
double LogOnePlusExp(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

bool IsOverloaded(double offered_load, int64_t sellers) {
  return offered_load > 0 && static_cast<double>(sellers) <= offered_load;
}

ErlangSteps StepsTo(double offered_load, int64_t sellers) {
  ErlangSteps steps(offered_load);
  while (steps.sellers() < sellers) steps.Next();
  return steps;
}

}  // namespace

ErlangSteps::ErlangSteps(double offered_load)
    : load_(offered_load), log_load_(std::log(offered_load)) {}

void ErlangSteps::Next() {
  ++sellers_;
  // 1 / B(n) = 1 + n / load * 1 / B(n - 1).
  log_inverse_ = LogOnePlusExp(std::log(static_cast<double>(sellers_)) - log_load_ + log_inverse_);
}

double ErlangSteps::log_blocking() const {
  if (load_ == 0 && sellers_ > 0) return -std::numeric_limits<double>::infinity();
  return -log_inverse_;
}

double ErlangSteps::log_waiting() const {
  if (IsOverloaded(load_, sellers_)) return 0;
  if (load_ == 0) return log_blocking();
  // C = B / (1 - use + use * B), where use = load / sellers.
  const double use = load_ / static_cast<double>(sellers_);
  const double idle = (static_cast<double>(sellers_) - load_) / static_cast<double>(sellers_);
  return -log_inverse_ - std::log(idle + use * std::exp(-log_inverse_));
}

double LogErlangB(double offered_load, int64_t sellers) {
  return StepsTo(offered_load, sellers).log_blocking();
}

double LogErlangC(double offered_load, int64_t sellers) {
  return StepsTo(offered_load, sellers).log_waiting();
}

double ServiceLevel(double offered_load, int64_t sellers, double log_waiting, double handling_time,
                    double limit) {
  if (offered_load == 0) return 1;
  if (IsOverloaded(offered_load, sellers)) return 0;
  const double spare = static_cast<double>(sellers) - offered_load;
  return -std::expm1(log_waiting - spare * limit / handling_time);
}

double MeanWait(double offered_load, int64_t sellers, double log_waiting, double handling_time) {
  if (offered_load == 0) return 0;
  if (IsOverloaded(offered_load, sellers)) return std::numeric_limits<double>::infinity();
  return std::exp(log_waiting) * handling_time / (static_cast<double>(sellers) - offered_load);
}

std::optional<SellersNeeded> FewestSellers(double offered_load, double handling_time, double limit,
                                           double goal, int64_t max) {
  if (offered_load == 0) return SellersNeeded{0, 1};
  if (static_cast<double>(max) <= offered_load) return std::nullopt;
  ErlangSteps steps(offered_load);
  while (steps.sellers() < max) {
    steps.Next();
    const double level =
        ServiceLevel(offered_load, steps.sellers(), steps.log_waiting(), handling_time, limit);
    if (level >= goal) return SellersNeeded{steps.sellers(), level};
  }
  return std::nullopt;
}

}  // namespace sales
