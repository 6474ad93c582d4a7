#include "clients/cli/src/import/csv.h"

#include <csv.h>

#include <filesystem>
#include <new>
#include <utility>

namespace salesctl {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

int NoSpace(unsigned char) { return 0; }

// Characters of the text's first `bytes`, from 1: continuation bytes do not count.
int64_t CharacterAt(const std::string& text, size_t bytes) {
  int64_t count = 1;
  for (size_t i = 0; i < bytes && i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++count;
  }
  return count;
}

}  // namespace

// The library's parser with what it has found so far.
struct CsvReader::Parser {
  explicit Parser(char delimiter_mark) : delimiter(delimiter_mark) { Start(); }
  ~Parser() { csv_free(&state); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void Start() {
    if (csv_init(&state, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_delim(&state, static_cast<unsigned char>(delimiter));
    // Spaces belong to their field.
    csv_set_space_func(&state, NoSpace);
  }

  void Restart() {
    csv_free(&state);
    Start();
    fields.clear();
    complete = false;
  }

  static void OnField(void* text, size_t size, void* self) {
    static_cast<Parser*>(self)->fields.emplace_back(static_cast<const char*>(text), size);
  }
  static void OnRow(int, void* self) { static_cast<Parser*>(self)->complete = true; }

  char delimiter;
  csv_parser state;
  std::vector<std::string> fields;
  bool complete = false;
};

CsvReader::CsvReader() = default;
CsvReader::~CsvReader() = default;

Result<std::unique_ptr<CsvReader>> CsvReader::Open(const std::string& file, char delimiter) {
  std::unique_ptr<CsvReader> reader(new CsvReader());
  std::error_code error;
  reader->in_.open(file, std::ios::binary);
  if (!reader->in_ || std::filesystem::is_directory(file, error)) {
    return Refused("FILE_UNREADABLE", "cannot read " + file, "Check the path and its permissions.");
  }
  reader->bytes_total_ = static_cast<int64_t>(std::filesystem::file_size(file, error));
  if (error) reader->bytes_total_ = 0;
  std::string start(4, '\0');
  reader->in_.read(start.data(), 4);
  start.resize(static_cast<size_t>(reader->in_.gcount()));
  const auto begins = [&start](const std::string& mark) {
    return start.compare(0, mark.size(), mark) == 0;
  };
  if (begins("\xFF\xFE") || begins("\xFE\xFF") || begins(std::string("\0\0\xFE\xFF", 4)) ||
      start.find('\0') != std::string::npos) {
    return Refused("ENCODING_INVALID", file + " is not in UTF-8 but seems to be UTF-16 or UTF-32",
                   "Save it as CSV in UTF-8.");
  }
  reader->in_.clear();
  reader->in_.seekg(begins(kByteOrderMark) ? sizeof kByteOrderMark - 1 : 0);
  reader->parser_ = std::make_unique<Parser>(delimiter);
  return reader;
}

bool CsvReader::NextLine(Line& line) {
  if (!again_.empty()) {
    line = std::move(again_.front());
    again_.pop_front();
    return true;
  }
  line.text.clear();
  // Not std::getline: a line without an end may be as long as the file, and may end with CR alone.
  std::streambuf& bytes = *in_.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  while (static_cast<int64_t>(line.text.size()) <= row_bytes_max) {
    const int c = bytes.sbumpc();
    if (c == kEnd) break;
    line.text += static_cast<char>(c);
    if (c == '\n' || (c == '\r' && bytes.sgetc() != '\n')) break;
  }
  bytes_read_ += static_cast<int64_t>(line.text.size());
  if (line.text.empty()) return false;
  line.number = ++lines_read_;
  return true;
}

bool CsvReader::Fail(const std::string& reason, const std::string& message, int64_t column,
                     CsvRow& row) {
  row.line = pending_.front().number;
  row.reason = reason;
  row.message = message;
  row.column = column;
  std::string text = pending_.front().text.substr(0, 1000);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  row.fields = {text};
  // Only the line on which the row began is lost: those after it are read anew.
  again_.insert(again_.begin(), std::make_move_iterator(pending_.begin() + 1),
                std::make_move_iterator(pending_.end()));
  pending_.clear();
  parser_->Restart();
  return true;
}

bool CsvReader::Next(CsvRow& row) {
  row = CsvRow();
  int64_t bytes = 0;
  while (true) {
    Line line;
    if (!NextLine(line)) break;
    bytes += static_cast<int64_t>(line.text.size());
    const size_t size = line.text.size();
    pending_.push_back(std::move(line));
    const std::string& text = pending_.back().text;
    if (bytes > row_bytes_max) {
      // The rest of an overlong line is no row of its own.
      char c = text.back();
      while (c != '\n' && in_.get(c)) ++bytes_read_;
      return Fail(
          "ROW_TOO_LONG",
          "the row is longer than " + std::to_string(row_bytes_max) + " bytes; is a quote missing?",
          1, row);
    }
    const size_t parsed = csv_parse(&parser_->state, text.data(), size, Parser::OnField,
                                    Parser::OnRow, parser_.get());
    if (parsed != size) {
      const bool first = pending_.size() == 1;
      return Fail("QUOTES_BAD",
                  first ? "a quote stands where none may: double it and quote the whole field"
                        : "a quoted field of this line does not end before line " +
                              std::to_string(pending_.back().number) +
                              ", where a quote stands "
                              "that may not",
                  first ? CharacterAt(text, parsed)
                        : CharacterAt(pending_.front().text, pending_.front().text.rfind('"')),
                  row);
    }
    if (!parser_->complete && !parser_->fields.empty()) continue;
    if (!parser_->complete) {
      // An empty line, or one inside the first field of a row.
      const bool blank = text == "\n" || text == "\r\n" || text == "\r";
      if (blank && pending_.size() == 1) {
        pending_.clear();
        bytes = 0;
      }
      continue;
    }
    row.line = pending_.front().number;
    row.fields = std::move(parser_->fields);
    parser_->fields.clear();
    parser_->complete = false;
    pending_.clear();
    return true;
  }
  if (pending_.empty()) return false;
  if (csv_fini(&parser_->state, Parser::OnField, Parser::OnRow, parser_.get()) != 0) {
    return Fail("QUOTES_BAD", "a quoted field does not end",
                CharacterAt(pending_.front().text, pending_.front().text.rfind('"')), row);
  }
  row.line = pending_.front().number;
  row.fields = std::move(parser_->fields);
  pending_.clear();
  parser_->Restart();
  return !row.fields.empty();
}

}  // namespace salesctl
