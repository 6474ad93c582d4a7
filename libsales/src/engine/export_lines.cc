#include "src/engine/export_lines.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "sales/limits.h"
#include "src/decide/errors.h"

namespace sales::internal {
namespace {

using nlohmann::json;

constexpr char kFormat[] = "libsales workspace";
// A piece is given on when it is this long.
constexpr size_t kPieceBytes = 64 << 10;

void AppendText(std::string_view text, std::string& out) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      absl::StrAppend(&out, "\\u00", std::string(1, kDigits[byte >> 4]),
                      std::string(1, kDigits[byte & 15]));
    } else {
      out += c;
    }
  }
  out += '"';
}

void AppendCell(const store::CopiedColumn& column, const sql::Row& row, int index,
                std::string& out) {
  if (row.IsNull(index)) {
    out += "null";
  } else if (column.is_integer) {
    absl::StrAppend(&out, row.Int(index));
  } else {
    AppendText(row.Text(index), out);
  }
}

// The tables of a header, as every export of this schema has them.
json TablesJson(const std::vector<int64_t>& rows) {
  json list = json::array();
  for (size_t i = 0; i < rows.size(); ++i) {
    const store::CopiedTable& table = store::CopiedTables()[i];
    json columns = json::array();
    for (const store::CopiedColumn& column : table.columns) columns.push_back(column.name);
    list.push_back({{"table", table.name}, {"columns", std::move(columns)}, {"rows", rows[i]}});
  }
  return list;
}

bool IsCount(const json& value) { return value.is_number_unsigned() && value <= INT64_MAX; }

// A text that no store can hold: SQLite would cut it at a NUL.
bool Fits(const std::string& text) { return text.find('\0') == std::string::npos; }

bool ReadCell(const json& value, const store::CopiedColumn& column, ExportValue& out) {
  if (value.is_null()) {
    out = std::monostate{};
    return column.nullable;
  }
  if (column.is_integer) {
    if (!value.is_number_integer()) return false;
    if (value.is_number_unsigned() && value > INT64_MAX) return false;
    out = value.get<int64_t>();
    return true;
  }
  if (!value.is_string() || !Fits(value.get_ref<const std::string&>())) return false;
  out = value.get<std::string>();
  return true;
}

}  // namespace

absl::Status ExportWriter::WriteHeader(const ExportHeader& header) {
  // Members in the order of the alphabet, as everywhere in this text.
  piece_ += json{{"format", kFormat},           {"version", header.version},
                 {"schema", header.schema},     {"workspace", header.workspace},
                 {"revision", header.revision}, {"tables", TablesJson(header.rows)}}
                .dump();
  return EndLine();
}

absl::Status ExportWriter::WriteRow(const store::CopiedTable& table, const sql::Row& row) {
  absl::StrAppend(&piece_, "[\"", table.name, "\"");
  for (size_t i = 0; i < table.columns.size(); ++i) {
    piece_ += ',';
    AppendCell(table.columns[i], row, static_cast<int>(i), piece_);
  }
  piece_ += ']';
  ++rows_;
  return EndLine();
}

absl::Status ExportWriter::Finish() {
  absl::StrAppend(&piece_, "{\"rows\":", rows_, ",\"sha256\":\"", digest_.Hex(), "\"}\n");
  return Flush();
}

absl::Status ExportWriter::EndLine() {
  piece_ += '\n';
  digest_.Add(std::string_view(piece_).substr(line_start_));
  line_start_ = piece_.size();
  return piece_.size() < kPieceBytes ? absl::OkStatus() : Flush();
}

absl::Status ExportWriter::Flush() {
  absl::Status status = on_text_(piece_);
  piece_.clear();
  line_start_ = 0;
  return status;
}

absl::Status ExportReader::Fault(const std::string& fault, const std::string& description) const {
  ErrorDetail detail;
  detail.reason = Reason::kExportInvalid;
  detail.metadata["line"] = std::to_string(line_number_);
  detail.metadata["fault"] = fault;
  return MakeError(std::move(detail), absl::StrCat("The export is not as it left: line ",
                                                   line_number_, " ", description, "."));
}

absl::Status ExportReader::ReadLine() {
  if (line_number_ > 0) {
    digest_.Add(line_);
    digest_.Add("\n");
  }
  ++line_number_;
  size_t end = text_.find('\n', at_);
  while (end == std::string::npos && !ended_) {
    text_.erase(0, at_);
    at_ = 0;
    if (text_.size() > limits::export_line_bytes_max) return Fault("SYNTAX", "is too long");
    const size_t looked_at = text_.size();
    SALES_ASSIGN_OR_RETURN(const std::string piece, on_read_());
    ended_ = piece.empty();
    text_ += piece;
    end = text_.find('\n', looked_at);
  }
  if (end == std::string::npos) return Fault("TRUNCATED", "is where the text ends too early");
  line_ = text_.substr(at_, end - at_);
  at_ = end + 1;
  if (!line_.empty() && line_.back() == '\r') {
    return Fault("CRLF", "ends as lines of Windows do; something rewrote the text on its way");
  }
  return absl::OkStatus();
}

absl::StatusOr<ExportHeader> ExportReader::ReadHeader(int schema) {
  SALES_RETURN_IF_ERROR(ReadLine());
  const json value = json::parse(line_, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object() || value.value("format", json()) != kFormat ||
      !IsCount(value.value("version", json())) || !IsCount(value.value("schema", json())) ||
      !IsCount(value.value("revision", json())) || !value.value("workspace", json()).is_string()) {
    return Fault("SYNTAX", "is not the header of an exported workspace");
  }
  ExportHeader header;
  const auto given_version = value["version"].get<int64_t>();
  const auto given_schema = value["schema"].get<int64_t>();
  if (given_version > kExportVersion || given_schema > schema || given_schema < schema) {
    ErrorDetail detail;
    const bool newer = given_version > kExportVersion || given_schema > schema;
    detail.reason = newer ? Reason::kExportNewer : Reason::kExportOlder;
    detail.metadata["export_schema"] = std::to_string(given_schema);
    detail.metadata["known_schema"] = std::to_string(schema);
    return MakeError(std::move(detail), absl::StrCat("The export is of schema ", given_schema,
                                                     ", the store of schema ", schema, "."));
  }
  header.schema = schema;
  header.workspace = value["workspace"].get<std::string>();
  header.revision = value["revision"].get<int64_t>();
  const json tables = value.value("tables", json());
  for (size_t i = 0; tables.is_array() && i < tables.size(); ++i) {
    const json& table = tables[i];
    const json rows = table.is_object() ? table.value("rows", json()) : json();
    header.rows.push_back(IsCount(rows) ? rows.get<int64_t>() : -1);
  }
  if (header.rows.size() != store::CopiedTables().size() || TablesJson(header.rows) != tables ||
      std::any_of(header.rows.begin(), header.rows.end(), [](int64_t n) { return n < 0; })) {
    return Fault("SYNTAX", "does not list the tables of its schema");
  }
  return header;
}

absl::StatusOr<ExportRow> ExportReader::ReadRow(const store::CopiedTable& table) {
  SALES_RETURN_IF_ERROR(ReadLine());
  const json value = json::parse(line_, nullptr, /*allow_exceptions=*/false);
  if (value.is_object() && value.contains("sha256")) {
    return Fault("COUNT",
                 absl::StrCat("is the last one, but rows of ", table.name, " are missing"));
  }
  if (!value.is_array() || value.empty() || !value[0].is_string()) {
    return Fault("SYNTAX", "is no row");
  }
  if (value[0] != table.name) {
    return Fault("ORDER", absl::StrCat("is of another table than ", table.name,
                                       ", of which a row is to come here"));
  }
  if (value.size() != table.columns.size() + 1) return Fault("VALUE", "has another length");
  ExportRow row(table.columns.size());
  for (size_t i = 0; i < row.size(); ++i) {
    if (!ReadCell(value[i + 1], table.columns[i], row[i])) {
      return Fault("VALUE", absl::StrCat("has a wrong value of ", table.columns[i].name));
    }
  }
  SALES_RETURN_IF_ERROR(CheckOrder(table, row));
  ++rows_;
  return row;
}

absl::Status ExportReader::CheckOrder(const store::CopiedTable& table, const ExportRow& row) {
  const auto key_end = [&table](const ExportRow& of) {
    return of.cbegin() + static_cast<std::ptrdiff_t>(table.key_columns);
  };
  const bool ascends =
      table_ != table.name || table.key_columns == 0 ||
      std::lexicographical_compare(last_.cbegin(), key_end(last_), row.cbegin(), key_end(row));
  table_ = table.name;
  last_ = row;
  return ascends ? absl::OkStatus() : Fault("ORDER", "does not follow the one before it");
}

absl::Status ExportReader::Finish() {
  SALES_RETURN_IF_ERROR(ReadLine());
  const json value = json::parse(line_, nullptr, /*allow_exceptions=*/false);
  if (value.is_array()) return Fault("COUNT", "is a row more than the header tells of");
  if (!value.is_object() || !IsCount(value.value("rows", json()))) {
    return Fault("SYNTAX", "is not the last line of an export");
  }
  if (value["rows"] != rows_) return Fault("COUNT", "tells of another number of rows");
  if (value.value("sha256", json()) != digest_.Hex()) {
    return Fault("DIGEST", "holds another digest than that of the lines before it");
  }
  if (at_ < text_.size()) return Fault("SYNTAX", "is not the last one");
  SALES_ASSIGN_OR_RETURN(const std::string rest, ended_ ? std::string() : on_read_());
  return rest.empty() ? absl::OkStatus() : Fault("SYNTAX", "is not the last one");
}

}  // namespace sales::internal
