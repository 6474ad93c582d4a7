// Hours of work as people write them.
#ifndef SALES_CLIENTS_CLI_SRC_HOURS_H_
#define SALES_CLIENTS_CLI_SRC_HOURS_H_

#include <string>

#include "sales/v1/team.pb.h"

namespace salesctl {

// Adds "mon-fri 09:00-12:00,13:00-17:30" or "sat,sun 22:00-06:00" to the week. False if it is not
// so written; whether the hours make sense is the server's to say.
bool AddWeekHours(const std::string& text, sales::v1::Calendar& calendar);

// Adds a closed day "2026-12-25", or a day with other hours "2026-12-24 09:00-12:00", to the
// exceptions; what follows '#' is its title.
bool AddException(const std::string& text, sales::v1::Calendar& calendar);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_HOURS_H_
