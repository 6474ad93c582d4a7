#include "clients/cli/src/report_cells.h"

#include <cstdio>

#include "clients/cli/src/values.h"

namespace salesctl {

std::string Decimal(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string Percent(const sales::v1::Rate& rate) {
  if (rate.denominator() == 0) return kNothing;
  return FormatQuotient(rate.numerator() * 100, rate.denominator(), 2) + " %";
}

std::string PercentWithBase(const sales::v1::Rate& rate) {
  if (rate.denominator() == 0) return kNothing;
  return Percent(rate) + " (" + FormatCount(rate.numerator()) + "/" +
         FormatCount(rate.denominator()) + ", 95 %: " + Decimal(rate.low() * 100, 2) + "–" +
         Decimal(rate.high() * 100, 2) + " %)";
}

std::string MoneyCell(const sales::v1::Money& money) {
  return FormatMoney(money.minor_units(), money.currency_code());
}

std::string CountOrNothing(int64_t count) { return count == 0 ? kNothing : FormatCount(count); }

std::string MoneyOrNothing(const sales::v1::Money& money) {
  return money.minor_units() == 0 ? kNothing : MoneyCell(money);
}

std::string DurationCell(const sales::v1::DurationFigures& figures,
                         const google::protobuf::Duration& duration) {
  return figures.count() == 0 ? kNothing : FormatDuration(duration);
}

std::string WindowText(const sales::v1::Window& window) {
  if (window.start_date().empty() && window.end_date().empty()) return "whole record";
  return (window.start_date().empty() ? "…" : window.start_date()) + " up to " +
         (window.end_date().empty() ? "…" : window.end_date());
}

std::string ScopeText(const sales::v1::Window& window, int64_t as_of_revision) {
  return WindowText(window) + ", as of revision " + std::to_string(as_of_revision);
}

}  // namespace salesctl
