// Paths as a Markov chain of order 1: from one channel to the next, and at last to a conversion or
// to none.
#ifndef SALES_SRC_DECIDE_MARKOV_CHAIN_H_
#define SALES_SRC_DECIDE_MARKOV_CHAIN_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace sales {

// Where paths begin and end. No id is like these.
inline constexpr char kPathStart[] = "";
inline constexpr char kPathWon[] = "+";
inline constexpr char kPathEnd[] = "-";

// How often a path went from one to the other. Whoever stays in a channel takes no step.
using PathSteps = std::map<std::pair<std::string, std::string>, int64_t>;

// The share of conversions that would be missed without each channel: whoever comes to a removed
// channel does not convert. 0 for all where no path converts. Exact but for rounding: one
// inversion of a matrix of as many rows as there are channels. Source: E. Anderl and others,
// "Mapping the customer journey", IJRM 33 (2016).
std::map<std::string, double> RemovalEffects(const PathSteps& steps);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_MARKOV_CHAIN_H_
