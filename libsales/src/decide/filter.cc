#include "src/decide/filter.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/errors.h"
#include "src/decide/identity.h"

namespace sales {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kComparators = "=<>!";
// What ends a word; within a value a colon does not (times have them).
constexpr std::string_view kWordEnds = " \t\r\n()\"',=<>!:";
constexpr std::string_view kValueEnds = " \t\r\n()\"',=<>!";

bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool IsKeyword(std::string_view word) { return word == "AND" || word == "OR" || word == "NOT"; }

const FilterField* FindField(FilterSchema schema, std::string_view name) {
  for (const FilterField& field : schema) {
    if (name == field.name) return &field;
  }
  return nullptr;
}

FilterNode Term(const FilterField& field, FilterOperator op,
                std::variant<int64_t, std::string> value) {
  FilterNode node;
  node.kind = FilterNode::Kind::kTerm;
  node.field = &field;
  node.op = op;
  node.value = std::move(value);
  return node;
}

FilterNode Not(FilterNode child) {
  FilterNode node;
  node.kind = FilterNode::Kind::kNot;
  node.children.push_back(std::move(child));
  return node;
}

// The one child itself, else all under a node of the kind.
FilterNode Join(FilterNode::Kind kind, std::vector<FilterNode> children) {
  if (children.size() == 1) return std::move(children.front());
  FilterNode node;
  node.kind = kind;
  node.children = std::move(children);
  return node;
}

std::string EnumNames(const FilterField& field) {
  std::string names;
  for (const FilterEnumName& entry : field.enum_names) {
    if (!names.empty()) names += ", ";
    names += entry.name;
  }
  return names;
}

// A value as it stands in the filter.
struct Value {
  std::string text;
  size_t position = 0;
  // "*" without quotes.
  bool star = false;
};

// A recursive descent over the grammar of AIP-160; recursion is only through parentheses, whose
// depth is bounded. No message repeats what was typed: filters name people.
class Parser {
 public:
  Parser(std::string_view text, FilterSchema schema, std::string_view workspace)
      : text_(text), schema_(schema), workspace_(workspace) {}

  absl::StatusOr<FilterNode> Parse() {
    SkipSpaces();
    if (AtEnd()) return FilterNode{};
    SALES_ASSIGN_OR_RETURN(FilterNode node, Expression());
    if (!AtEnd()) return Expected("AND, OR or the end");
    return node;
  }

 private:
  // Factors joined by AND or by nothing.
  absl::StatusOr<FilterNode> Expression() {
    std::vector<FilterNode> factors;
    do {
      SALES_ASSIGN_OR_RETURN(FilterNode factor, Factor());
      factors.push_back(std::move(factor));
    } while (TakeKeyword("AND") || (!AtEnd() && text_[at_] != ')'));
    return Join(FilterNode::Kind::kAnd, std::move(factors));
  }

  // Terms joined by OR.
  absl::StatusOr<FilterNode> Factor() {
    std::vector<FilterNode> terms;
    do {
      SALES_ASSIGN_OR_RETURN(FilterNode term, MaybeNegated());
      terms.push_back(std::move(term));
    } while (TakeKeyword("OR"));
    return Join(FilterNode::Kind::kOr, std::move(terms));
  }

  absl::StatusOr<FilterNode> MaybeNegated() {
    const bool negated = TakeKeyword("NOT") || Take('-');
    SALES_ASSIGN_OR_RETURN(FilterNode node, Simple());
    return negated ? Not(std::move(node)) : std::move(node);
  }

  absl::StatusOr<FilterNode> Simple() {
    if (!Take('(')) return Restriction();
    if (++depth_ > limits::filter_depth_max) {
      const std::string limit = std::to_string(limits::filter_depth_max);
      return WithMetadata(FieldError(Reason::kFilterTooDeep, "filter",
                                     "parentheses are nested more than " + limit + " deep"),
                          "limit", limit);
    }
    SALES_ASSIGN_OR_RETURN(FilterNode node, Expression());
    if (!Take(')')) return Expected("AND, OR or ')'");
    --depth_;
    return node;
  }

  // A comparison, a flag, or a word to look for.
  absl::StatusOr<FilterNode> Restriction() {
    if (++terms_ > limits::filter_terms_max) {
      return CheckList("filter", static_cast<size_t>(terms_), limits::filter_terms_max);
    }
    const size_t start = at_;
    if (!AtEnd() && IsOneOf(text_[at_], "\"'")) {
      SALES_ASSIGN_OR_RETURN(Value value, Quoted());
      SkipSpaces();
      return Search(value);
    }
    const std::string_view word = TakeWhileNot(kWordEnds);
    if (word.empty() || word.front() == '-' || IsKeyword(word)) {
      return ExpectedAt(start, "a comparison, NOT or '('");
    }
    SkipSpaces();
    const FilterField* field = FindField(schema_, word);
    const bool compared = !AtEnd() && (IsOneOf(text_[at_], kComparators) || text_[at_] == ':');
    if (!compared) {
      if (field == nullptr) return Search({std::string(word), start});
      if (field->type == FilterType::kFlag) return Term(*field, FilterOperator::kEqual, 1);
      return Expected("one of = != < <= > >= : after the field");
    }
    if (field == nullptr) return UnknownField(start);
    SALES_ASSIGN_OR_RETURN(const FilterOperator op, Operator());
    SkipSpaces();
    SALES_ASSIGN_OR_RETURN(const Value value, ValueOf());
    SkipSpaces();
    return Compare(*field, op, value, start);
  }

  absl::StatusOr<FilterOperator> Operator() {
    const size_t start = at_;
    const char first = text_[at_++];
    if (first == ':') return FilterOperator::kContains;
    const bool equal = !AtEnd() && text_[at_] == '=';
    if (first == '=') return FilterOperator::kEqual;
    if (equal) ++at_;
    if (first == '<') return equal ? FilterOperator::kLessOrEqual : FilterOperator::kLess;
    if (first == '>') return equal ? FilterOperator::kGreaterOrEqual : FilterOperator::kGreater;
    if (!equal) return ExpectedAt(start, "one of = != < <= > >= :");
    return FilterOperator::kNotEqual;
  }

  absl::StatusOr<Value> ValueOf() {
    if (!AtEnd() && IsOneOf(text_[at_], "\"'")) return Quoted();
    Value value;
    value.position = at_;
    value.text = std::string(TakeWhileNot(kValueEnds));
    if (value.text.empty() || IsKeyword(value.text)) {
      return ExpectedAt(value.position, "a value (in quotes if it has spaces or signs)");
    }
    value.star = value.text == "*";
    return value;
  }

  absl::StatusOr<Value> Quoted() {
    Value value;
    value.position = at_;
    const char quote = text_[at_++];
    while (!AtEnd() && text_[at_] != quote) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
      value.text.push_back(text_[at_++]);
    }
    if (AtEnd()) return ExpectedAt(value.position, "a closing quote to this one");
    ++at_;
    return value;
  }

  // Looks in every folded field.
  absl::StatusOr<FilterNode> Search(const Value& value) {
    const std::string folded = FoldText(value.text);
    if (folded.empty()) return ExpectedAt(value.position, "a text to look for");
    std::vector<FilterNode> places;
    for (const FilterField& field : schema_) {
      if (field.type != FilterType::kFolded) continue;
      places.push_back(Term(field, FilterOperator::kContains, folded));
    }
    if (places.empty()) return UnknownField(value.position);
    return Join(FilterNode::Kind::kOr, std::move(places));
  }

  absl::StatusOr<FilterNode> Compare(const FilterField& field, FilterOperator op,
                                     const Value& value, size_t start) {
    if (value.star && op == FilterOperator::kContains) {
      return Term(field, FilterOperator::kPresent, 0);
    }
    const bool ordered = field.type == FilterType::kInteger || field.type == FilterType::kTime;
    const bool text = field.type == FilterType::kText || field.type == FilterType::kFolded ||
                      field.type == FilterType::kSet;
    if (field.type == FilterType::kSet && op != FilterOperator::kContains) {
      return ExpectedAt(start, ": with this field");
    }
    if (op == FilterOperator::kContains && !text) op = FilterOperator::kEqual;
    if (!ordered && op != FilterOperator::kEqual && op != FilterOperator::kNotEqual &&
        op != FilterOperator::kContains) {
      return ExpectedAt(start, "=, != or : with this field");
    }
    if (field.type == FilterType::kResource) return CompareResource(field, op, value);
    if (!text) {
      SALES_ASSIGN_OR_RETURN(const int64_t number, NumberOf(field, value));
      return Term(field, op, number);
    }
    std::string wanted = field.type == FilterType::kFolded ? FoldText(value.text) : value.text;
    if (op == FilterOperator::kContains && wanted.empty()) {
      return ExpectedAt(value.position, "a text to look for");
    }
    return Term(field, op, std::move(wanted));
  }

  absl::StatusOr<int64_t> NumberOf(const FilterField& field, const Value& value) {
    switch (field.type) {
      case FilterType::kTime: {
        const std::optional<absl::Time> time = ParseInstant(value.text);
        if (time.has_value() && CheckTime("", *time).ok()) return ToMicros(*time);
        return ExpectedAt(value.position,
                          "an RFC 3339 time from 1970 up to 2200, such as 2026-01-31T09:30:00Z");
      }
      case FilterType::kEnum:
        for (const FilterEnumName& entry : field.enum_names) {
          if (value.text == entry.name) return entry.number;
        }
        return ExpectedAt(value.position, "one of " + EnumNames(field));
      case FilterType::kFlag:
        if (value.text == "true") return 1;
        if (value.text == "false") return 0;
        return ExpectedAt(value.position, "true or false");
      default: {
        int64_t number = 0;
        const bool digits = value.text.find_first_not_of("-0123456789") == std::string::npos;
        if (digits && absl::SimpleAtoi(value.text, &number)) return number;
        return ExpectedAt(value.position, "a whole number of at most 64 bits");
      }
    }
  }

  // A bare id asks for the id alone; a name asks for its parent too.
  absl::StatusOr<FilterNode> CompareResource(const FilterField& field, FilterOperator op,
                                             const Value& value) {
    const std::vector<std::string_view> parts = Split(value.text);
    if (parts.size() == 1 && (value.text.empty() || IsId(parts[0]))) {
      return Term(field, op, value.text);
    }
    const FilterField* parent = FindField(schema_, field.parent);
    size_t at = 0;
    const auto take_id = [&](std::string_view collection) -> std::string_view {
      if (at + 2 > parts.size() || parts[at] != collection || !IsId(parts[at + 1])) return {};
      at += 2;
      return parts[at - 1];
    };
    const bool foreign = [&] {
      const std::string_view workspace = take_id("workspaces");
      return !workspace.empty() && workspace != workspace_;
    }();
    const std::string_view parent_id = parent == nullptr ? "" : take_id(parent->collection);
    const std::string_view id = take_id(field.collection);
    if (foreign || id.empty() || at != parts.size() || (parent != nullptr && parent_id.empty())) {
      std::string form = std::string(field.collection) + "/{id}";
      if (parent != nullptr) form = std::string(parent->collection) + "/{id}/" + form;
      return ExpectedAt(value.position, "an id, or " + form + " in this workspace");
    }
    if (parent == nullptr) return Term(field, op, std::string(id));
    FilterNode both =
        Join(FilterNode::Kind::kAnd, {Term(*parent, FilterOperator::kEqual, std::string(parent_id)),
                                      Term(field, FilterOperator::kEqual, std::string(id))});
    return op == FilterOperator::kNotEqual ? Not(std::move(both)) : std::move(both);
  }

  static std::vector<std::string_view> Split(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
      const size_t slash = text.find('/');
      parts.push_back(text.substr(0, slash));
      if (slash == std::string_view::npos) return parts;
      text.remove_prefix(slash + 1);
    }
  }

  bool AtEnd() const { return at_ >= text_.size(); }

  void SkipSpaces() {
    while (!AtEnd() && IsOneOf(text_[at_], kSpaces)) ++at_;
  }

  bool Take(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    SkipSpaces();
    return true;
  }

  std::string_view TakeWhileNot(std::string_view ends) {
    const size_t start = at_;
    while (!AtEnd() && !IsOneOf(text_[at_], ends)) ++at_;
    return text_.substr(start, at_ - start);
  }

  bool TakeKeyword(std::string_view keyword) {
    const size_t start = at_;
    if (TakeWhileNot(kWordEnds) != keyword) {
      at_ = start;
      return false;
    }
    SkipSpaces();
    return true;
  }

  absl::Status ExpectedAt(size_t position, const std::string& what) const {
    const std::string at = std::to_string(position);
    return WithMetadata(
        FieldError(Reason::kFilterInvalid, "filter", "at byte " + at + ": expected " + what),
        "position", at);
  }
  absl::Status Expected(const std::string& what) const { return ExpectedAt(at_, what); }

  absl::Status UnknownField(size_t position) const {
    std::string names;
    for (const FilterField& field : schema_) {
      if (!names.empty()) names += ", ";
      names += field.name;
    }
    return ExpectedAt(position, "one of the fields " + names);
  }

  std::string_view text_;
  FilterSchema schema_;
  std::string_view workspace_;
  size_t at_ = 0;
  int depth_ = 0;
  int terms_ = 0;
};

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

const char* OperatorText(FilterOperator op) {
  switch (op) {
    case FilterOperator::kEqual:
      return "=";
    case FilterOperator::kNotEqual:
      return "!=";
    case FilterOperator::kLess:
      return "<";
    case FilterOperator::kLessOrEqual:
      return "<=";
    case FilterOperator::kGreater:
      return ">";
    case FilterOperator::kGreaterOrEqual:
      return ">=";
    case FilterOperator::kContains:
    case FilterOperator::kPresent:
      break;
  }
  return ":";
}

std::string FormatTerm(const FilterNode& node) {
  const std::string start = std::string(node.field->name) + OperatorText(node.op);
  if (node.op == FilterOperator::kPresent) return start + "*";
  if (const auto* text = std::get_if<std::string>(&node.value)) return start + Quote(*text);
  const int64_t number = std::get<int64_t>(node.value);
  switch (node.field->type) {
    case FilterType::kTime:
      return start + FormatInstant(FromMicros(number));
    case FilterType::kFlag:
      return start + (number == 0 ? "false" : "true");
    case FilterType::kEnum:
      for (const FilterEnumName& entry : node.field->enum_names) {
        if (entry.number == number) return start + entry.name;
      }
      [[fallthrough]];
    default:
      return start + std::to_string(number);
  }
}

}  // namespace

absl::StatusOr<FilterNode> ParseFilter(std::string_view text, FilterSchema schema,
                                       std::string_view workspace) {
  SALES_RETURN_IF_ERROR(CheckText("filter", text, limits::filter_bytes_max));
  return Parser(text, schema, workspace).Parse();
}

std::string FormatFilter(const FilterNode& node) {
  if (node.kind == FilterNode::Kind::kTerm) return FormatTerm(node);
  const bool negation = node.kind == FilterNode::Kind::kNot;
  std::string text = negation ? "NOT " : "";
  for (size_t i = 0; i < node.children.size(); ++i) {
    const FilterNode& child = node.children[i];
    if (i > 0) text += node.kind == FilterNode::Kind::kOr ? " OR " : " AND ";
    // Tightest first: a comparison, NOT, OR, AND.
    const bool bare = child.kind == FilterNode::Kind::kTerm ||
                      (child.kind == FilterNode::Kind::kNot && !negation) ||
                      (child.kind == FilterNode::Kind::kOr && node.kind == FilterNode::Kind::kAnd);
    text += bare ? FormatFilter(child) : "(" + FormatFilter(child) + ")";
  }
  return text;
}

bool operator==(const FilterNode& a, const FilterNode& b) {
  return a.kind == b.kind && a.field == b.field && a.op == b.op && a.value == b.value &&
         a.children == b.children;
}

absl::StatusOr<Order> ParseOrderBy(std::string_view text, absl::Span<const OrderField> allowed,
                                   Order fallback) {
  std::vector<std::string_view> words;
  for (size_t at = text.find_first_not_of(' '); at != std::string_view::npos && words.size() < 3;
       at = text.find_first_not_of(' ', at)) {
    const size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  if (words.empty()) return fallback;
  std::string names;
  for (const OrderField& field : allowed) {
    if (words[0] == field.name &&
        (words.size() == 1 || (words.size() == 2 && words[1] == "desc"))) {
      return Order{field.column, words.size() == 2};
    }
    if (!names.empty()) names += ", ";
    names += field.name;
  }
  return WithMetadata(FieldError(Reason::kOrderByInvalid, "order_by",
                                 "it is not one of " + names + ", with or without ' desc'"),
                      "fields", names);
}

}  // namespace sales
