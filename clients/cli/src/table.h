// Text in columns, aligned by what a terminal shows rather than by bytes.
#ifndef SALES_CLIENTS_CLI_SRC_TABLE_H_
#define SALES_CLIENTS_CLI_SRC_TABLE_H_

#include <string>
#include <vector>

namespace salesctl {

// How many columns of a terminal the UTF-8 text takes.
int DisplayWidth(const std::string& text);

// The text without what could steer a terminal: control characters become spaces, bytes that are
// not UTF-8 become U+FFFD.
std::string ForTerminal(const std::string& text);

// At most `width` columns; the rest is left out with an ellipsis.
std::string Shortened(const std::string& text, int width);

// The cell of a bar, and what it stands for; empty cells are no bars.
std::string BarCell(double share);
double ShareOf(const std::string& cell);

class Table {
 public:
  // kBar: the cells are shares from 0 to 1, made by BarCell, and are drawn as bars.
  enum class Align { kLeft, kRight, kBar };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // Cells that are missing are empty.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  // Leaves out the columns in which every row has this text.
  void DropColumnsOf(const std::string& text);
  // Every line begins with `indent` and ends with a newline.
  std::string ToText(const std::string& indent = "") const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_TABLE_H_
