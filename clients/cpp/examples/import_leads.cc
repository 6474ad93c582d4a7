// Imports leads with their past; doing it again changes nothing.
// Usage: import_leads [HOST:PORT] [WORKSPACE] < FILE.csv    (id,email,received,won,minor units)
#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/client.h"
#include "sales/v1/lead.pb.h"

namespace {

std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  cells.resize(5);
  return cells;
}

// [import]
using Row = absl::StatusOr<std::optional<sales::v1::ImportLeadsRequest>>;

Row NextRow() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  const std::vector<std::string> cells = CellsOf(line);
  absl::Time received;
  absl::Time won;
  if (!absl::ParseTime(absl::RFC3339_full, cells[2], &received, nullptr)) {
    return absl::InvalidArgumentError("no time: " + cells[2]);
  }
  sales::v1::ImportLeadsRequest row;
  row.set_row(std::atoll(cells[0].c_str()));
  sales::v1::CaptureLeadRequest& capture = *row.mutable_capture();
  capture.mutable_lead()->set_external_id(cells[0]);
  *capture.mutable_contact()->add_identities() = sales::client::Email(cells[1]);
  *capture.mutable_receive_time() = sales::client::ToTimestamp(received);
  if (absl::ParseTime(absl::RFC3339_full, cells[3], &won, nullptr)) {
    sales::v1::ImportStep& step = *row.add_steps();
    *step.mutable_occur_time() = sales::client::ToTimestamp(won);
    *step.mutable_win()->mutable_value() =
        sales::client::MinorUnits(std::atoll(cells[4].c_str()), "EUR");
    step.mutable_win()->set_override_reason("import");
  }
  return row;
}

int Import(const sales::client::Client& sales) {
  for (const auto& result : sales.ImportLeads(NextRow)) {
    if (!result.ok()) {
      std::cerr << result.status() << "\n";
      return 1;
    }
    std::cout << result->row() << " "
              << sales::v1::ImportLeadsResponse::Result_Name(result->result()) << " "
              << result->reason() << "\n";
  }
  return 0;
}
// [/import]

}  // namespace

int main(int argc, char** argv) {
  const auto sales = sales::client::Client::Connect(
      argc > 1 ? argv[1] : "localhost:8443",
      {.workspace = argc > 2 ? argv[2] : "studio", .actor = "import"});
  if (!sales.ok()) {
    std::cerr << sales.status() << "\n";
    return 1;
  }
  std::string header;
  std::getline(std::cin, header);
  return Import(*sales);
}
