// The cells that reports have in common.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_CELLS_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_CELLS_H_

#include <cstdint>
#include <string>

#include "sales/v1/common.pb.h"

namespace salesctl {

// What stands where there is nothing to show, and where a whole report has nothing.
inline constexpr char kNothing[] = "–";
inline constexpr char kNothingInWindow[] = "Nothing in this window.";

std::string Decimal(double value, int decimals);

// "10.53 %", or a dash where there is no base.
std::string Percent(const sales::v1::Rate& rate);
// "10.53 % (842/8 000, 95 %: 9.87–11.22 %)".
std::string PercentWithBase(const sales::v1::Rate& rate);

std::string MoneyCell(const sales::v1::Money& money);
// A dash for none.
std::string CountOrNothing(int64_t count);
std::string MoneyOrNothing(const sales::v1::Money& money);
// `duration` is one of the figures'; a dash where they are of nothing.
std::string DurationCell(const sales::v1::DurationFigures& figures,
                         const google::protobuf::Duration& duration);

// "2026-01-01 up to 2026-04-01".
std::string WindowText(const sales::v1::Window& window);

// "2026-01-01 up to 2026-04-01, as of revision 17".
std::string ScopeText(const sales::v1::Window& window, int64_t as_of_revision);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_CELLS_H_
