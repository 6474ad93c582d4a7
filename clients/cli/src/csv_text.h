// Answers as CSV (RFC 4180), with bare numbers, for spreadsheets and programs.
#ifndef SALES_CLIENTS_CLI_SRC_CSV_TEXT_H_
#define SALES_CLIENTS_CLI_SRC_CSV_TEXT_H_

#include <string>

#include "clients/cli/src/failure.h"
#include "google/protobuf/message.h"

namespace salesctl {

// A line for each message of one of the answer's lists, with a column for each of its fields; parts
// of a field have their path as a title: "conversion.numerator". Amounts are in minor units,
// durations in seconds, times in RFC 3339; what is not set is empty. `rows` names the list; empty:
// the
// answer's first. A record is one line. Errors: usage, for a list that it does
// not have.
Result<std::string> ToCsv(const google::protobuf::Message& answer, const std::string& rows);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_CSV_TEXT_H_
