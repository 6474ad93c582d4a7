// How the columns of a file make leads.
//
//   external_id: mql_id                     a column
//   join: {file: deals.csv, on: mql_id, key: mql_id}
//   receive_time: {column: first_contact_date, format: date, zone: America/Sao_Paulo}
//   channel: {column: origin, when_empty: not-recorded, create: true}
//   contact: {identities: [{kind: external, source: olist, value: mql_id}]}
//   steps:
//     - do: win
//       time: {column: won_date, format: "%Y-%m-%d %H:%M:%S", zone: America/Sao_Paulo}
//       value: {column: declared_monthly_revenue, currency: BRL}
//
// A text is a column's name, or {column: …, when_empty: …, values: {raw: other}}, or {text: …} for
// the same in every row. README.md has the whole list.
#ifndef SALES_CLIENTS_CLI_SRC_IMPORT_MAPPING_H_
#define SALES_CLIENTS_CLI_SRC_IMPORT_MAPPING_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "clients/cli/src/failure.h"
#include "sales/v1/contact.pb.h"
#include "sales/v1/lead.pb.h"

namespace salesctl {

struct TextSource {
  // Empty: `constant` in every row.
  std::string column;
  std::string constant;
  std::string when_empty;
  // What stands in the file → what is meant; others stay as they are.
  std::map<std::string, std::string> values;
};

struct TimeSource {
  std::string column;
  std::string format = "rfc3339";
  absl::TimeZone zone = absl::UTCTimeZone();
};

struct MoneySource {
  std::string column;
  std::string currency_code;
  char decimal_mark = '.';
};

struct IdentitySource {
  sales::v1::Identity::Kind kind = sales::v1::Identity::KIND_UNSPECIFIED;
  std::string source;
  TextSource value;
};

// A row takes a step only if its column has one of these values; none: if it is not empty.
struct When {
  std::string column;
  std::vector<std::string> values;
};

struct StepSource {
  // "advance", "win", …: as the verbs of `salesctl lead`.
  std::string verb;
  // A row without this time does not take the step.
  TimeSource time;
  std::optional<When> when;
  std::string stage;
  sales::v1::Activity::Kind kind = sales::v1::Activity::KIND_UNSPECIFIED;
  sales::v1::Activity::Direction direction = sales::v1::Activity::DIRECTION_UNSPECIFIED;
  sales::v1::AnswerProposalRequest::Answer answer =
      sales::v1::AnswerProposalRequest::ANSWER_UNSPECIFIED;
  sales::v1::Stance stance = sales::v1::STANCE_UNSPECIFIED;
  // "reason", "text", "scope", "seller", "competitor", "better", "price", "differ",
  // "alternatives", "override", "wake", "expectation".
  std::map<std::string, TextSource> texts;
  // Of a proposal or a win.
  std::optional<MoneySource> amount;
};

struct JoinSource {
  std::string file;
  // The column of the first file, and that of the second, which have the same ids.
  std::string on;
  std::string key;
};

struct Mapping {
  char delimiter = ',';
  std::string funnel;
  TextSource external_id;
  std::optional<JoinSource> join;
  TextSource display_name;
  TextSource organization;
  std::vector<IdentitySource> identities;
  TimeSource receive_time;
  TextSource channel;
  TextSource campaign;
  // Whether channels and campaigns that do not exist yet are made.
  bool create_channels = false;
  TextSource seller;
  TextSource need;
  TextSource interest;
  // Each row may have each; made into ids.
  std::vector<TextSource> labels;
  std::map<std::string, TextSource> attributes;
  std::optional<MoneySource> expected_value;
  std::optional<MoneySource> budget;
  std::vector<StepSource> steps;

  // Every column that it names, but those of the join's own key.
  std::vector<std::string> Columns() const;
};

// Errors: MAPPING_INVALID with the line of each fault, FILE_UNREADABLE.
Result<Mapping> ReadMapping(const std::string& file);
Result<Mapping> ParseMapping(const std::string& yaml);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_IMPORT_MAPPING_H_
