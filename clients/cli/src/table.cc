#include "clients/cli/src/table.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

#include "clients/cli/src/plot.h"

namespace salesctl {
namespace {

constexpr int kBarWidth = 24;

// Calls `visit(code point, first byte, bytes)` for each character; -1 for a byte that is none.
template <typename Visit>
void ForEachCharacter(const std::string& text, Visit visit) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  for (utf8proc_ssize_t at = 0; at < size;) {
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(bytes + at, size - at, &code);
    const size_t length = used > 0 ? static_cast<size_t>(used) : 1;
    visit(used > 0 ? code : -1, static_cast<size_t>(at), length);
    at += static_cast<utf8proc_ssize_t>(length);
  }
}

bool IsControl(utf8proc_int32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  // Line and paragraph separators, and what turns the direction of writing.
  return code == 0x2028 || code == 0x2029 || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

void AppendPadded(const std::string& cell, int width, Table::Align align, bool last,
                  std::string& line) {
  const std::string padding(static_cast<size_t>(std::max(0, width - DisplayWidth(cell))), ' ');
  if (align == Table::Align::kRight) line += padding;
  line += cell;
  if (align != Table::Align::kRight && !last) line += padding;
}

}  // namespace

std::string BarCell(double share) { return std::to_string(share); }

double ShareOf(const std::string& cell) { return cell.empty() ? 0 : std::stod(cell); }

int DisplayWidth(const std::string& text) {
  int width = 0;
  ForEachCharacter(text, [&width](utf8proc_int32_t code, size_t, size_t) {
    width += code < 0 ? 1 : utf8proc_charwidth(code);
  });
  return width;
}

std::string ForTerminal(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  ForEachCharacter(text, [&](utf8proc_int32_t code, size_t at, size_t length) {
    if (code < 0) {
      out += "\uFFFD";
    } else if (IsControl(code)) {
      out += ' ';
    } else {
      out.append(text, at, length);
    }
  });
  return out;
}

std::string Shortened(const std::string& text, int width) {
  if (DisplayWidth(text) <= width) return text;
  std::string out;
  int used = 0;
  bool full = false;
  ForEachCharacter(text, [&](utf8proc_int32_t code, size_t at, size_t length) {
    const int wide = code < 0 ? 1 : utf8proc_charwidth(code);
    full = full || used + wide > width - 1;
    if (full) return;
    used += wide;
    out.append(text, at, length);
  });
  return out + "…";
}

void Table::DropColumnsOf(const std::string& text) {
  for (size_t i = columns_.size(); i-- > 0;) {
    const bool same = std::all_of(rows_.begin(), rows_.end(), [&](const auto& row) {
      return i < row.size() && row[i] == text;
    });
    if (!same || rows_.empty()) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    columns_.erase(columns_.begin() + at);
    for (std::vector<std::string>& row : rows_) row.erase(row.begin() + at);
  }
}

std::string Table::ToText(const std::string& indent) const {
  std::vector<int> widths;
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.title));
  std::vector<std::vector<std::string>> rows = rows_;
  for (std::vector<std::string>& row : rows) {
    row.resize(columns_.size());
    for (size_t i = 0; i < row.size(); ++i) {
      const bool bar = columns_[i].align == Align::kBar;
      row[i] = bar ? Bar(ShareOf(row[i]), kBarWidth) : ForTerminal(row[i]);
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  std::string text;
  const auto append_line = [&](const std::vector<std::string>& cells) {
    std::string line = indent;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += "  ";
      AppendPadded(cells[i], widths[i], columns_[i].align, i + 1 == cells.size(), line);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  append_line(titles);
  for (const std::vector<std::string>& row : rows) append_line(row);
  return text;
}

}  // namespace salesctl
