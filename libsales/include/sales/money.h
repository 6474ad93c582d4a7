#ifndef SALES_MONEY_H_
#define SALES_MONEY_H_

#include <cstdint>
#include <string>

namespace sales {

// An amount of money: whole minor units of one currency (12.34 EUR is {"EUR", 1234}), never a
// fraction. Amounts are from 0 to limits::money_minor_units_max.
struct Money {
  std::string currency_code;
  int64_t minor_units = 0;

  friend bool operator==(const Money& a, const Money& b) {
    return a.currency_code == b.currency_code && a.minor_units == b.minor_units;
  }
};

}  // namespace sales

#endif  // SALES_MONEY_H_
