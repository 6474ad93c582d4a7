// Makes leads of rows.
#ifndef SALES_CLIENTS_CLI_SRC_IMPORT_ROWS_H_
#define SALES_CLIENTS_CLI_SRC_IMPORT_ROWS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "clients/cli/src/failure.h"
#include "clients/cli/src/import/csv.h"
#include "clients/cli/src/import/mapping.h"
#include "sales/v1/lead.pb.h"

namespace salesctl {

// Why a row is not taken.
struct Reject {
  int64_t line = 0;
  // The column at fault by name, or the character in the line; empty where it is the whole row.
  std::string column;
  std::string reason;
  std::string message;
};

// A channel or campaign that a row needs.
struct NeededChannel {
  std::string channel;
  std::string channel_title;
  std::string campaign;
  std::string campaign_title;
};

// The second file of a join, by key.
struct JoinTable {
  std::vector<std::string> header;
  std::unordered_map<std::string, std::vector<std::string>> rows;
};

// Errors: COLUMN_MISSING, JOIN_INVALID, and those of CsvReader.
Result<JoinTable> ReadJoin(const std::string& file, const std::string& key, char delimiter);

class RowMaker {
 public:
  // Errors: COLUMN_MISSING with every column that is, COLUMN_TWICE.
  static Result<RowMaker> Make(const Mapping& mapping, const std::string& workspace,
                               std::vector<std::string> header, JoinTable join);

  // Fills the request of a row, or says why not. Faults of encoding, of the number of columns and
  // of single values; what the record makes of the lead is the server's to say.
  std::optional<Reject> Fill(const CsvRow& row, sales::v1::ImportLeadsRequest& request,
                             NeededChannel& needed);

  const std::vector<std::string>& header() const { return header_; }

 private:
  struct Place {
    bool joined = false;
    size_t index = 0;
  };
  // One row with its part of the join.
  struct Cells;

  RowMaker(const Mapping& mapping, const std::string& workspace)
      : mapping_(mapping), parent_("workspaces/" + workspace) {}
  std::optional<Reject> CheckRow(const CsvRow& row) const;
  std::string Text(const TextSource& source, const Cells& cells) const;
  std::optional<Reject> Time(const TimeSource& source, const Cells& cells,
                             std::optional<absl::Time>& time) const;
  std::optional<Reject> Money(const MoneySource& source, const Cells& cells,
                              std::optional<sales::v1::Money>& money) const;
  std::optional<Reject> FillLead(const Cells& cells, sales::v1::Lead& lead) const;
  void FillContact(const Cells& cells, sales::v1::Contact& contact) const;
  void FillChannel(const Cells& cells, sales::v1::Lead& lead, NeededChannel& needed) const;
  bool Takes(const StepSource& source, const Cells& cells) const;
  std::optional<Reject> FillStep(const StepSource& source, const Cells& cells,
                                 sales::v1::ImportStep& step) const;
  std::optional<Reject> FillSteps(const Cells& cells, sales::v1::ImportLeadsRequest& request) const;
  std::string SellerName(const std::string& text) const;

  Mapping mapping_;
  std::string parent_;
  std::vector<std::string> header_;
  JoinTable join_;
  std::unordered_map<std::string, Place> places_;
  // External ids that were seen, with the line of the first.
  std::unordered_map<std::string, int64_t> seen_;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_IMPORT_ROWS_H_
