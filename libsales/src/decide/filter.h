// Filters and orders of lists: a subset of AIP-160, read against what the list can be filtered by.
//
//   state = OPEN AND (channel = "ads" OR interest >= 50) -need:logo
//
// Comparisons are = != < <= > >= and `:`, which means "contains" for text and = otherwise; `f:*`
// means that f is set; of several texts it finds one whole. AND, OR, NOT (or a leading "-"),
// parentheses; a space is AND. As AIP-160 has it, OR binds tighter than AND. Values are bare words
// or in quotes, where a backslash makes the next character literal. A flag's name alone means that
// it is true; any other word alone is looked for in every folded field.
#ifndef SALES_SRC_DECIDE_FILTER_H_
#define SALES_SRC_DECIDE_FILTER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace sales {

enum class FilterType {
  kText,    // compared as it is
  kFolded,  // compared as FoldText gives it; its column holds folded text
  kInteger,
  kTime,      // RFC 3339; its column holds microseconds since the epoch
  kEnum,      // names; its column holds numbers
  kFlag,      // true, false; its column holds 1 and 0
  kResource,  // an id, or the resource name that ends in it; its column holds the id
  kSet,       // texts, of which `:` finds one
};

struct FilterEnumName {
  const char* name;
  int64_t number;
};

// What a list can be filtered by: constants of the code, which outlive every filter read by them.
struct FilterField {
  const char* name;
  FilterType type;
  // For whom evaluates the filter; nothing here reads it.
  const char* column;
  // Of kEnum.
  absl::Span<const FilterEnumName> enum_names = {};
  // Of kResource: the collection in its resource names, "campaigns".
  const char* collection = "";
  // Of kResource: the name of the field that holds the parent, "channel"; empty: the workspace is
  // the parent. A resource name asks for the parent too, a bare id does not.
  const char* parent = "";
  // Of kSet: the table that has a row for each text, and the text's column in it. Its rows are told
  // by the workspace and by `column`, which both tables have.
  const char* members = "";
  const char* member = "";
};

using FilterSchema = absl::Span<const FilterField>;

enum class FilterOperator {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kContains,  // of kText, kFolded and kSet
  kPresent,   // without a value
};

// An expression. Its depth is bounded by a few times limits::filter_depth_max.
struct FilterNode {
  enum class Kind { kAnd, kOr, kNot, kTerm };
  Kind kind = Kind::kAnd;
  // Of kAnd and kOr any number, of kNot one. kAnd without children is true.
  std::vector<FilterNode> children;
  // Of kTerm. The value is text for kText, kFolded (folded), kSet and kResource (the id, may be
  // empty), else a number.
  const FilterField* field = nullptr;
  FilterOperator op = FilterOperator::kEqual;
  std::variant<int64_t, std::string> value;

  friend bool operator==(const FilterNode& a, const FilterNode& b);
};

// Reads a filter; empty text is true. `workspace` is the one that resource names must be of, where
// they say one. Errors: TEXT_TOO_LONG, TEXT_INVALID, FILTER_TOO_DEEP (metadata `limit`),
// FILTER_INVALID (metadata `position`: byte offset).
absl::StatusOr<FilterNode> ParseFilter(std::string_view text, FilterSchema schema,
                                       std::string_view workspace);

// Writes a filter so that ParseFilter gives the same node back.
std::string FormatFilter(const FilterNode& node);

struct OrderField {
  const char* name;
  const char* column;
};

struct Order {
  const char* column = "";
  bool descending = false;
};

// Reads "field" or "field desc"; empty text is `fallback`. Errors: ORDER_BY_INVALID (metadata
// `fields`).
absl::StatusOr<Order> ParseOrderBy(std::string_view text, absl::Span<const OrderField> allowed,
                                   Order fallback);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_FILTER_H_
