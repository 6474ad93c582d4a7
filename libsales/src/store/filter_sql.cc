#include "src/store/filter_sql.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/decide/filter.h"
#include "src/sql/driver.h"

namespace sales::store {
namespace {

// Makes every character of the text stand for itself in LIKE … ESCAPE '\'.
std::string LikePattern(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern + "%";
}

// A part of the condition. SQLite's parser has a stack of 100 entries, so parts are put together in
// the way that needs the fewest: NOT only before comparisons, joins of one kind flat, and of the
// parts joined the neediest first, before the others wait on the stack.
struct Part {
  enum class Kind { kTerm, kAnd, kOr };
  Kind kind = Kind::kTerm;
  std::string text;
  // How many entries it takes while it is read, over those of a comparison.
  int need = 0;
};

class Writer {
 public:
  explicit Writer(int first) : next_(first) {}

  Part Write(const FilterNode& node, bool negated) {
    switch (node.kind) {
      case FilterNode::Kind::kTerm:
        return {Part::Kind::kTerm, (negated ? "NOT (" : "(") + TermText(node) + ")", 0};
      case FilterNode::Kind::kNot:
        return Write(node.children.front(), !negated);
      case FilterNode::Kind::kAnd:
      case FilterNode::Kind::kOr:
        break;
    }
    const bool all = (node.kind == FilterNode::Kind::kAnd) != negated;
    if (node.children.empty()) return {Part::Kind::kTerm, all ? "TRUE" : "FALSE", 0};
    std::vector<Part> parts;
    for (const FilterNode& child : node.children) parts.push_back(Write(child, negated));
    return Join(all ? Part::Kind::kAnd : Part::Kind::kOr, std::move(parts));
  }

  std::vector<std::variant<int64_t, std::string>> TakeValues() { return std::move(values_); }

 private:
  static Part Join(Part::Kind kind, std::vector<Part> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.need > b.need; });
    Part joined;
    joined.kind = kind;
    for (size_t i = 0; i < parts.size(); ++i) {
      // AND binds tighter, and a join within one of its own kind needs no parentheses.
      const bool enclosed = parts[i].kind == Part::Kind::kOr && kind == Part::Kind::kAnd;
      if (i > 0) joined.text += kind == Part::Kind::kAnd ? " AND " : " OR ";
      joined.text += enclosed ? "(" + parts[i].text + ")" : parts[i].text;
      joined.need = std::max(joined.need, parts[i].need + (enclosed ? 1 : 0) + (i > 0 ? 2 : 0));
    }
    return joined;
  }

  // Never NULL, so that NOT of it is true where the column is NULL.
  std::string TermText(const FilterNode& node) {
    if (node.field->type == FilterType::kSet) return HasMember(node);
    const std::string column = node.field->column;
    const auto* text = std::get_if<std::string>(&node.value);
    // Nothing and the empty text are one to those who ask.
    const bool empty = text != nullptr && text->empty();
    switch (node.op) {
      case FilterOperator::kEqual:
        return empty ? "COALESCE(" + column + ", '') = ''" : Compared(column, "=", node.value);
      case FilterOperator::kNotEqual:
        return empty ? "COALESCE(" + column + ", '') <> ''"
                     : column + " IS DISTINCT FROM " + Bind(node.value);
      case FilterOperator::kLess:
        return Compared(column, "<", node.value);
      case FilterOperator::kLessOrEqual:
        return Compared(column, "<=", node.value);
      case FilterOperator::kGreater:
        return Compared(column, ">", node.value);
      case FilterOperator::kGreaterOrEqual:
        return Compared(column, ">=", node.value);
      case FilterOperator::kContains:
        return Contains(node, column);
      case FilterOperator::kPresent:
        break;
    }
    return IsText(node.field->type) ? "COALESCE(" + column + ", '') <> ''"
                                    : column + " IS NOT NULL";
  }

  static bool IsText(FilterType type) {
    return type == FilterType::kText || type == FilterType::kFolded ||
           type == FilterType::kResource;
  }

  // The members have an index of their own, so that what few have is found without looking at all.
  std::string HasMember(const FilterNode& node) {
    const std::string column = node.field->column;
    std::string text =
        column + " IN (SELECT " + column + " FROM " + node.field->members + " WHERE workspace = $1";
    if (node.op == FilterOperator::kContains) {
      text += std::string(" AND ") + node.field->member + " = " + Bind(node.value);
    }
    return text + ")";
  }

  std::string Contains(const FilterNode& node, const std::string& column) {
    const std::string& text = std::get<std::string>(node.value);
    if (node.field->type == FilterType::kFolded) {
      return column + " IS NOT NULL AND " + column + " LIKE " + Bind(LikePattern(text)) +
             " ESCAPE '\\'";
    }
    // LIKE minds case in one database and not in the other; replacing minds it in both.
    return column + " IS NOT NULL AND REPLACE(" + column + ", " + Bind(text) + ", '') <> " + column;
  }

  std::string Compared(const std::string& column, const std::string& op,
                       const std::variant<int64_t, std::string>& value) {
    return column + " IS NOT NULL AND " + column + " " + op + " " + Bind(value);
  }

  std::string Bind(std::variant<int64_t, std::string> value) {
    values_.push_back(std::move(value));
    return "$" + std::to_string(next_++);
  }

  int next_;
  std::vector<std::variant<int64_t, std::string>> values_;
};

}  // namespace

void SqlCondition::AppendTo(std::vector<sql::Param>& params) const {
  for (const auto& value : values) {
    if (const auto* bytes = std::get_if<std::string>(&value)) {
      params.emplace_back(std::string_view(*bytes));
    } else {
      params.emplace_back(std::get<int64_t>(value));
    }
  }
}

SqlCondition FilterToSql(const FilterNode& filter, int first) {
  Writer writer(first);
  Part part = writer.Write(filter, false);
  const bool joined = part.kind != Part::Kind::kTerm;
  return {joined ? "(" + part.text + ")" : std::move(part.text), writer.TakeValues()};
}

}  // namespace sales::store
