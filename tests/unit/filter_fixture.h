// A schema with a field of every type, and random filters over it.
#ifndef SALES_TESTS_UNIT_FILTER_FIXTURE_H_
#define SALES_TESTS_UNIT_FILTER_FIXTURE_H_

#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <utility>

#include "src/decide/filter.h"

namespace sales {

inline constexpr FilterEnumName kStates[] = {{"OPEN", 1}, {"WON", 3}, {"LOST", 5}};

inline constexpr FilterField kFields[] = {
    {"state", FilterType::kEnum, "state", kStates},
    {"stage", FilterType::kText, "stage"},
    {"channel", FilterType::kResource, "channel", {}, "channels"},
    {"campaign", FilterType::kResource, "campaign", {}, "campaigns", "channel"},
    {"need", FilterType::kFolded, "need_folded"},
    {"city", FilterType::kFolded, "city_folded"},
    {"interest", FilterType::kInteger, "interest"},
    {"receive_time", FilterType::kTime, "receive_time"},
    {"vip", FilterType::kFlag, "vip"},
    {"tags", FilterType::kSet, "line", {}, "", "", "line_tags", "tag"},
};

// The values that random filters and rows have in common, so that they meet.
inline const std::string kTexts[] = {"",   "a",    "b",    "ab",  "a%", "a_b",
                                     "\\", "100%", "ёлка", "ё b", "'",  "\""};
inline const std::string kTags[] = {"a", "ab", "b"};
inline const std::string kIds[] = {"", "a", "b", "ads", "spring"};

using Random = std::mt19937_64;

inline int Pick(Random& random, int count) {
  return static_cast<int>(random() % static_cast<uint64_t>(count));
}

inline FilterNode RandomTerm(Random& random) {
  FilterNode node;
  node.kind = FilterNode::Kind::kTerm;
  node.field = &kFields[Pick(random, std::size(kFields))];
  const FilterOperator ordered[] = {FilterOperator::kLess, FilterOperator::kLessOrEqual,
                                    FilterOperator::kGreater, FilterOperator::kGreaterOrEqual};
  node.op = Pick(random, 2) == 0 ? FilterOperator::kEqual : FilterOperator::kNotEqual;
  if (Pick(random, 8) == 0) {
    node.op = FilterOperator::kPresent;
    return node;
  }
  switch (node.field->type) {
    case FilterType::kText:
    case FilterType::kFolded:
      node.value = kTexts[Pick(random, std::size(kTexts))];
      if (Pick(random, 2) == 0 && node.value != decltype(node.value)("")) {
        node.op = FilterOperator::kContains;
      }
      break;
    case FilterType::kSet:
      node.value = kTags[Pick(random, std::size(kTags))];
      node.op = FilterOperator::kContains;
      break;
    case FilterType::kResource:
      node.value = kIds[Pick(random, std::size(kIds))];
      break;
    case FilterType::kEnum:
      node.value = kStates[Pick(random, std::size(kStates))].number;
      break;
    case FilterType::kFlag:
      node.value = int64_t{Pick(random, 2)};
      break;
    case FilterType::kInteger:
    case FilterType::kTime:
      node.value = int64_t{Pick(random, 4)};
      if (Pick(random, 2) == 0) node.op = ordered[Pick(random, std::size(ordered))];
      break;
  }
  return node;
}

inline FilterNode RandomFilter(Random& random, int depth) {
  const int kind = depth == 0 ? 3 : Pick(random, 4);
  if (kind == 3) return RandomTerm(random);
  FilterNode node;
  node.kind = static_cast<FilterNode::Kind>(kind);
  const int children = node.kind == FilterNode::Kind::kNot ? 1 : 2 + Pick(random, 2);
  for (int i = 0; i < children; ++i) node.children.push_back(RandomFilter(random, depth - 1));
  return node;
}

}  // namespace sales

#endif  // SALES_TESTS_UNIT_FILTER_FIXTURE_H_
