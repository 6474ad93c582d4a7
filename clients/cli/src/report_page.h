// A report as people read it: what text, tables and pictures are made of, whether they go to a
// terminal or into a page.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_PAGE_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_PAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "clients/cli/src/table.h"

namespace salesctl {

// A figure with its name: "won", "10.53 % (842/8 000, …)".
struct Fact {
  std::string name;
  std::string value;
};

// A value for each hour of the week, Monday 00:00 first.
struct HeatMap {
  std::vector<double> values;
  // What is counted: "leads".
  std::string unit;
};

// A table, whose bars are a picture, or a map, and what is to be said of them.
struct Block {
  std::string heading;
  std::vector<Fact> facts = {};
  std::optional<HeatMap> heat = {};
  std::optional<Table> table = {};
  // Under the rest, for what figures do not say: "what becomes of them is not known yet".
  std::string note = {};
};

struct ReportPage {
  // "Funnel web-studio".
  std::string title;
  // Its window and revision.
  std::string scope;
  std::vector<Block> blocks;
};

// For a terminal: pictures are drawn with characters.
std::string ToText(const ReportPage& page);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_PAGE_H_
