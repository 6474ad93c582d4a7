#include "src/store/filter_sql.h"

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

class Writer {
 public:
  explicit Writer(int first) : next_(first) {}

  void Write(const FilterNode& node) {
    switch (node.kind) {
      case FilterNode::Kind::kAnd:
        return WriteJoined(node.children, " AND ", "TRUE");
      case FilterNode::Kind::kOr:
        return WriteJoined(node.children, " OR ", "FALSE");
      case FilterNode::Kind::kNot:
        condition_.text += "NOT ";
        return Write(node.children.front());
      case FilterNode::Kind::kTerm:
        return WriteTerm(node);
    }
  }

  SqlCondition Finish() { return std::move(condition_); }

 private:
  void WriteJoined(const std::vector<FilterNode>& nodes, const char* join, const char* none) {
    if (nodes.empty()) {
      condition_.text += none;
      return;
    }
    condition_.text += "(";
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (i > 0) condition_.text += join;
      Write(nodes[i]);
    }
    condition_.text += ")";
  }

  void WriteTerm(const FilterNode& node) {
    const std::string column = node.field->column;
    const auto* text = std::get_if<std::string>(&node.value);
    switch (node.op) {
      case FilterOperator::kEqual:
        // Nothing and the empty text are one to those who ask.
        if (text != nullptr && text->empty()) return Put("COALESCE(" + column + ", '') = ''");
        return Compare(column, " = ", node.value);
      case FilterOperator::kNotEqual:
        if (text != nullptr && text->empty()) return Put("COALESCE(" + column + ", '') <> ''");
        return Put(column + " IS DISTINCT FROM " + Bind(node.value));
      case FilterOperator::kLess:
        return Compare(column, " < ", node.value);
      case FilterOperator::kLessOrEqual:
        return Compare(column, " <= ", node.value);
      case FilterOperator::kGreater:
        return Compare(column, " > ", node.value);
      case FilterOperator::kGreaterOrEqual:
        return Compare(column, " >= ", node.value);
      case FilterOperator::kContains:
        return WriteContains(node, column);
      case FilterOperator::kPresent:
        return WritePresent(node, column);
    }
  }

  void WriteContains(const FilterNode& node, const std::string& column) {
    const std::string& text = std::get<std::string>(node.value);
    if (node.field->type == FilterType::kFolded) {
      return Put(column + " IS NOT NULL AND " + column + " LIKE " + Bind(LikePattern(text)) +
                 " ESCAPE '\\'");
    }
    // LIKE minds case in one database and not in the other; replacing minds it in both.
    Put(column + " IS NOT NULL AND REPLACE(" + column + ", " + Bind(text) + ", '') <> " + column);
  }

  void WritePresent(const FilterNode& node, const std::string& column) {
    const FilterType type = node.field->type;
    const bool text =
        type == FilterType::kText || type == FilterType::kFolded || type == FilterType::kResource;
    Put(text ? "COALESCE(" + column + ", '') <> ''" : column + " IS NOT NULL");
  }

  // Never NULL, so that NOT of it is true where the column is NULL.
  void Compare(const std::string& column, const char* op,
               const std::variant<int64_t, std::string>& value) {
    Put(column + " IS NOT NULL AND " + column + op + Bind(value));
  }

  void Put(const std::string& text) { condition_.text += "(" + text + ")"; }

  std::string Bind(std::variant<int64_t, std::string> value) {
    condition_.values.push_back(std::move(value));
    return "$" + std::to_string(next_++);
  }

  int next_;
  SqlCondition condition_;
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
  writer.Write(filter);
  return writer.Finish();
}

}  // namespace sales::store
