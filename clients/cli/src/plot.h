// Pictures made of characters, for figures that people would rather look at than read.
#ifndef SALES_CLIENTS_CLI_SRC_PLOT_H_
#define SALES_CLIENTS_CLI_SRC_PLOT_H_

#include <string>
#include <vector>

namespace salesctl {

// A bar of eighths of a character: `share` of `width` columns. What is more than nothing shows.
// Shares outside of 0 to 1 are drawn as the nearer of the two.
std::string Bar(double share, int width);

// A column for each value, from 0 up to the greatest; empty without values, a line at the bottom
// where all are 0. Negative values count as 0.
std::string Sparkline(const std::vector<double>& values);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_PLOT_H_
