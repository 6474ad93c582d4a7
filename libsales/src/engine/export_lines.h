// The text of an exported workspace: a JSON value a line (libsales/EXPORT.md).
#ifndef SALES_SRC_ENGINE_EXPORT_LINES_H_
#define SALES_SRC_ENGINE_EXPORT_LINES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/engine.h"
#include "src/decide/digest.h"
#include "src/sql/driver.h"
#include "src/store/table_copy.h"

namespace sales::internal {

// Changes when lines mean something else; what the tables are is told by the schema's number.
inline constexpr int kExportVersion = 1;

// The first line.
struct ExportHeader {
  int version = kExportVersion;
  int schema = 0;
  std::string workspace;
  int64_t revision = 0;
  // Rows of each of store::CopiedTables.
  std::vector<int64_t> rows;
};

// A value of a row; NULL, a number or a text.
using ExportValue = std::variant<std::monostate, int64_t, std::string>;
using ExportRow = std::vector<ExportValue>;

// Gives lines to whoever takes the text, in pieces of some size.
class ExportWriter {
 public:
  explicit ExportWriter(const Desk::WriteText& on_text) : on_text_(on_text) {}

  absl::Status WriteHeader(const ExportHeader& header);
  absl::Status WriteRow(const store::CopiedTable& table, const sql::Row& row);
  // The last line, with the number of rows and the digest of everything before it.
  absl::Status Finish();

 private:
  absl::Status EndLine();
  absl::Status Flush();

  const Desk::WriteText& on_text_;
  Digest digest_;
  std::string piece_;
  size_t line_start_ = 0;
  int64_t rows_ = 0;
};

// Reads lines of a text that comes in pieces. Every error is EXPORT_INVALID with metadata `line`
// and `fault`: CRLF, TRUNCATED, SYNTAX, ORDER, COUNT, DIGEST or VALUE; EXPORT_NEWER and
// EXPORT_OLDER; or the source's own.
class ExportReader {
 public:
  explicit ExportReader(const Engine::ReadText& on_read) : on_read_(on_read) {}

  // `schema` is this library's.
  absl::StatusOr<ExportHeader> ReadHeader(int schema);
  // A row of the table; after it, ascending by key.
  absl::StatusOr<ExportRow> ReadRow(const store::CopiedTable& table);
  // The last line, and that nothing follows.
  absl::Status Finish();

  // EXPORT_INVALID about the line read last.
  absl::Status Fault(const std::string& fault, const std::string& description) const;

 private:
  // The next line without its end.
  absl::Status ReadLine();
  absl::Status CheckOrder(const store::CopiedTable& table, const ExportRow& row);

  const Engine::ReadText& on_read_;
  Digest digest_;
  std::string text_;
  size_t at_ = 0;
  bool ended_ = false;
  // The line read last, not yet in the digest.
  std::string line_;
  int64_t line_number_ = 0;
  int64_t rows_ = 0;
  // The table and row read last.
  std::string table_;
  ExportRow last_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_EXPORT_LINES_H_
