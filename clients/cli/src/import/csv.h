// Reads a CSV file row by row, knowing where each row stands.
//
// The grammar is RFC 4180's, strictly: a quote inside a field is doubled and the field quoted.
// Lines end with LF or CRLF, a byte order mark is passed over. Memory is bounded by
// row_bytes_max, whatever the file holds.
#ifndef SALES_CLIENTS_CLI_SRC_IMPORT_CSV_H_
#define SALES_CLIENTS_CLI_SRC_IMPORT_CSV_H_

#include <cstdint>
#include <deque>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "clients/cli/src/failure.h"

namespace salesctl {

inline constexpr int64_t row_bytes_max = 1 << 20;
inline constexpr int columns_max = 10'000;

struct CsvRow {
  // Where it begins, from 1.
  int64_t line = 0;
  std::vector<std::string> fields;
  // If it is no row: "QUOTES_BAD", "ROW_TOO_LONG"; then `column` is the character at fault, from 1,
  // and `fields` the text up to the end of its line.
  std::string reason;
  std::string message;
  int64_t column = 0;
};

class CsvReader {
 public:
  // Errors: FILE_UNREADABLE, ENCODING_INVALID (UTF-16 or UTF-32).
  static Result<std::unique_ptr<CsvReader>> Open(const std::string& file, char delimiter);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // The next row or fault, passing over empty lines; false at the end. After a fault it goes on
  // with the next line.
  bool Next(CsvRow& row);

  // For progress.
  int64_t bytes_read() const { return bytes_read_; }
  int64_t bytes_total() const { return bytes_total_; }

 private:
  struct Parser;
  struct Line {
    int64_t number = 0;
    std::string text;
  };

  CsvReader();
  bool NextLine(Line& line);
  bool Fail(const std::string& reason, const std::string& message, int64_t column, CsvRow& row);

  std::ifstream in_;
  int64_t bytes_read_ = 0;
  int64_t bytes_total_ = 0;
  int64_t lines_read_ = 0;
  std::unique_ptr<Parser> parser_;
  // Lines of the row that is being read, and those to read again after a fault.
  std::vector<Line> pending_;
  std::deque<Line> again_;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_IMPORT_CSV_H_
