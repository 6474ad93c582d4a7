#include "src/store/filter_sql.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "sales/limits.h"
#include "src/decide/filter.h"
#include "src/sql/driver.h"
#include "tests/unit/filter_fixture.h"

namespace sales {
namespace {

using store::FilterToSql;
using store::SqlCondition;

// Nothing, a number or a text.
using Cell = std::variant<std::monostate, int64_t, std::string>;
// In the order of kFields; several texts as one, a space between two.
using Line = std::vector<Cell>;

SqlCondition Condition(const std::string& filter, int first = 2) {
  const auto node = ParseFilter(filter, kFields, "studio");
  EXPECT_TRUE(node.ok()) << node.status();
  return FilterToSql(*node, first);
}

TEST(AnEmptyFilter, IsTrue) { EXPECT_EQ(Condition("").text, "TRUE"); }

TEST(EveryValue, IsBoundNeverSpliced) {
  const SqlCondition condition =
      Condition("stage=\"x' OR 1=1 --\" need:\"'; DROP TABLE leads\" interest>7", 4);
  EXPECT_EQ(condition.text,
            "((stage IS NOT NULL AND stage = $4) AND "
            "(need_folded IS NOT NULL AND need_folded LIKE $5 ESCAPE '\\') AND "
            "(interest IS NOT NULL AND interest > $6))");
  ASSERT_EQ(condition.values.size(), 3u);
  EXPECT_EQ(std::get<std::string>(condition.values[0]), "x' OR 1=1 --");
  EXPECT_EQ(std::get<int64_t>(condition.values[2]), 7);
}

TEST(Values, FollowThoseOfTheStatement) {
  const SqlCondition condition = Condition("stage=new interest=7", 2);
  std::vector<sql::Param> params = {std::string_view("studio")};
  condition.AppendTo(params);
  ASSERT_EQ(params.size(), 3u);
  EXPECT_EQ(std::get<std::string_view>(params[1]), "new");
  EXPECT_EQ(std::get<int64_t>(params[2]), 7);
}

TEST(AMember, IsLookedForInTheWorkspaceOfTheStatement) {
  const SqlCondition condition = Condition("tags:ab", 4);
  EXPECT_EQ(condition.text,
            "(line IN (SELECT line FROM line_tags WHERE workspace = $1 AND tag = $4))");
  EXPECT_EQ(std::get<std::string>(condition.values.at(0)), "ab");
}

bool HasTag(const Cell& tags, const std::string& tag) {
  if (std::holds_alternative<std::monostate>(tags)) return false;
  return (" " + std::get<std::string>(tags) + " ").find(" " + tag + " ") != std::string::npos;
}

// What a filter means, told without SQL.
bool TermHolds(const FilterNode& term, const Cell& cell) {
  if (term.field->type == FilterType::kSet && term.op == FilterOperator::kContains) {
    return HasTag(cell, std::get<std::string>(term.value));
  }
  const bool null = std::holds_alternative<std::monostate>(cell);
  if (const auto* wanted = std::get_if<std::string>(&term.value);
      wanted != nullptr && term.op != FilterOperator::kPresent) {
    const std::string text = null ? "" : std::get<std::string>(cell);
    if (term.op == FilterOperator::kContains) return text.find(*wanted) != std::string::npos;
    return (text == *wanted) == (term.op == FilterOperator::kEqual);
  }
  if (term.op == FilterOperator::kPresent) {
    const auto* text = std::get_if<std::string>(&cell);
    return !null && (text == nullptr || !text->empty());
  }
  if (null) return term.op == FilterOperator::kNotEqual;
  const int64_t number = std::get<int64_t>(cell);
  const int64_t wanted = std::get<int64_t>(term.value);
  switch (term.op) {
    case FilterOperator::kEqual:
      return number == wanted;
    case FilterOperator::kNotEqual:
      return number != wanted;
    case FilterOperator::kLess:
      return number < wanted;
    case FilterOperator::kLessOrEqual:
      return number <= wanted;
    case FilterOperator::kGreater:
      return number > wanted;
    default:
      return number >= wanted;
  }
}

bool Holds(const FilterNode& node, const Line& line) {
  switch (node.kind) {
    case FilterNode::Kind::kTerm:
      return TermHolds(node, line[static_cast<size_t>(node.field - kFields)]);
    case FilterNode::Kind::kNot:
      return !Holds(node.children[0], line);
    case FilterNode::Kind::kAnd:
      for (const FilterNode& child : node.children) {
        if (!Holds(child, line)) return false;
      }
      return true;
    case FilterNode::Kind::kOr:
      for (const FilterNode& child : node.children) {
        if (Holds(child, line)) return true;
      }
      return false;
  }
  return false;
}

class Database {
 public:
  Database() {
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(":memory:", &db), SQLITE_OK);
    db_.reset(db);
    Run("CREATE TABLE leads (line INTEGER PRIMARY KEY, state INTEGER, stage TEXT, channel TEXT, "
        "campaign TEXT, need_folded TEXT, city_folded TEXT, interest INTEGER, "
        "receive_time INTEGER, vip INTEGER) STRICT",
        {});
    Run("CREATE TABLE line_tags (workspace TEXT, tag TEXT, line INTEGER) STRICT", {});
  }

  void Insert(const Line& line) {
    std::vector<std::optional<std::variant<int64_t, std::string>>> values;
    for (size_t i = 0; i < std::size(kFields); ++i) {
      const Cell& cell = line[i];
      if (kFields[i].type == FilterType::kSet) continue;
      if (const auto* number = std::get_if<int64_t>(&cell)) {
        values.emplace_back(*number);
      } else if (const auto* text = std::get_if<std::string>(&cell)) {
        values.emplace_back(*text);
      } else {
        values.emplace_back();
      }
    }
    Run("INSERT INTO leads (state, stage, channel, campaign, need_folded, city_folded, interest, "
        "receive_time, vip) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values);
    ++lines_;
    for (const std::string& tag : kTags) {
      if (!HasTag(line[std::size(kFields) - 1], tag)) continue;
      Run("INSERT INTO line_tags (workspace, tag, line) VALUES ('studio', $1, $2)", {tag, lines_});
    }
    // Of another workspace: nothing finds it.
    Run("INSERT INTO line_tags (workspace, tag, line) VALUES ('other', 'a', $1)", {lines_});
  }

  // The lines, from 1, where the condition is true; NULL would be told as -1.
  std::vector<int64_t> Select(const SqlCondition& condition) {
    std::vector<std::optional<std::variant<int64_t, std::string>>> values = {"studio"};
    values.insert(values.end(), condition.values.begin(), condition.values.end());
    return Run("SELECT CASE WHEN (" + condition.text + ") IS NULL THEN -1 ELSE line END " +
                   "FROM leads WHERE (" + condition.text + ") OR (" + condition.text +
                   ") IS NULL ORDER BY line",
               values);
  }

 private:
  struct Closed {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };

  std::vector<int64_t> Run(
      const std::string& sql,
      const std::vector<std::optional<std::variant<int64_t, std::string>>>& values) {
    std::vector<int64_t> rows;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db_.get()) << " " << sql;
    for (size_t i = 0; i < values.size(); ++i) {
      const int place =
          sqlite3_bind_parameter_index(statement, ("$" + std::to_string(i + 1)).c_str());
      if (!values[i].has_value()) {
        sqlite3_bind_null(statement, place);
      } else if (const auto* number = std::get_if<int64_t>(&*values[i])) {
        sqlite3_bind_int64(statement, place, *number);
      } else {
        const std::string& text = std::get<std::string>(*values[i]);
        sqlite3_bind_text(statement, place, text.c_str(), -1, SQLITE_TRANSIENT);
      }
    }
    int result = SQLITE_OK;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
      rows.push_back(sqlite3_column_int64(statement, 0));
    }
    EXPECT_EQ(result, SQLITE_DONE) << sqlite3_errmsg(db_.get());
    sqlite3_finalize(statement);
    return rows;
  }

  std::unique_ptr<sqlite3, Closed> db_;
  int64_t lines_ = 0;
};

Line RandomLine(Random& random) {
  Line line;
  for (const FilterField& field : kFields) {
    if (Pick(random, 4) == 0) {
      line.emplace_back();
      continue;
    }
    switch (field.type) {
      case FilterType::kText:
      case FilterType::kFolded:
        line.emplace_back(kTexts[Pick(random, std::size(kTexts))]);
        break;
      case FilterType::kSet:
        line.emplace_back(Pick(random, 2) == 0 ? "a b" : "ab");
        break;
      case FilterType::kResource:
        line.emplace_back(kIds[Pick(random, std::size(kIds))]);
        break;
      case FilterType::kEnum:
        line.emplace_back(kStates[Pick(random, std::size(kStates))].number);
        break;
      case FilterType::kFlag:
        line.emplace_back(int64_t{Pick(random, 2)});
        break;
      case FilterType::kInteger:
      case FilterType::kTime:
        line.emplace_back(int64_t{Pick(random, 4)});
        break;
    }
  }
  return line;
}

TEST(AFilterInSql, FindsWhatItMeans) {
  Random random(7);
  Database database;
  std::vector<Line> lines;
  for (int i = 0; i < 200; ++i) {
    lines.push_back(RandomLine(random));
    database.Insert(lines.back());
  }
  for (int i = 0; i < 3'000; ++i) {
    const FilterNode filter = RandomFilter(random, 3);
    std::vector<int64_t> expected;
    for (size_t line = 0; line < lines.size(); ++line) {
      if (Holds(filter, lines[line])) expected.push_back(static_cast<int64_t>(line) + 1);
    }
    ASSERT_EQ(database.Select(FilterToSql(filter, 2)), expected) << FormatFilter(filter);
  }
}

TEST(ContainsInAnExactField, MindsCase) {
  Database database;
  Line line(std::size(kFields));
  line[1] = "Work";
  database.Insert(line);
  EXPECT_EQ(database.Select(Condition("stage:Wor")).size(), 1u);
  EXPECT_EQ(database.Select(Condition("stage:wor")).size(), 0u);
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(TheDeepestAndWidestFilters, AreWithinTheDatabasesBounds) {
  Database database;
  const int depth = limits::filter_depth_max;
  const std::string chains[] = {
      Repeat("NOT (vip OR ёлка OR ", depth) + "vip" + Repeat(")", depth),
      Repeat("(vip AND ёлка OR ", depth) + "vip" + Repeat(")", depth),
      Repeat("-(vip AND ёлка OR ", depth) + "vip" + Repeat(")", depth),
      Repeat("(", depth) + "vip" + Repeat(" AND ёлка OR vip)", depth),
      Repeat("vip AND (ёлка OR ", depth) + "NOT campaign=channels/a/campaigns/b" +
          Repeat(")", depth),
      "ёлка" + Repeat(" OR ёлка", limits::filter_terms_max - 1),
      "vip" + Repeat(" AND -ёлка", limits::filter_terms_max - 1),
  };
  for (const std::string& filter : chains) {
    EXPECT_EQ(database.Select(Condition(filter)).size(), 0u) << filter;
  }
}

// So many levels, each of which takes the parser one step deeper.
std::string Chain(int levels) {
  return Repeat("(vip AND vip OR ", levels) + "vip" + Repeat(")", levels);
}

TEST(TheNeediestFilters, AreWithinTheDatabasesBounds) {
  Database database;
  // At some levels stands another branch as needy as what is below it, for as long as terms last.
  for (int start = 0; start < limits::filter_depth_max; ++start) {
    for (int step = 1; step < 5; ++step) {
      std::string filter = "vip";
      int terms = 1;
      int need = 0;
      for (int level = 0; level < limits::filter_depth_max; ++level) {
        const int length = std::min(need, level);
        const int left = limits::filter_terms_max - terms - 2 * (limits::filter_depth_max - level);
        const bool branch = level >= start && level % step == 0 && 2 * length + 1 <= left;
        filter = "(vip AND " + filter + " OR " + (branch ? Chain(length) : "vip") + ")";
        terms += 2 + (branch ? 2 * length : 0);
        need += branch && length == need ? 3 : 1;
      }
      EXPECT_EQ(database.Select(Condition(filter)).size(), 0u) << start << " " << step;
    }
  }
}

TEST(RandomDeepFilters, AreWithinTheDatabasesBounds) {
  Random random(11);
  Database database;
  for (int i = 0; i < 20; ++i) {
    std::string filter;
    int open = 0;
    for (int term = 0; term < limits::filter_terms_max; ++term) {
      if (term > 0) filter += Pick(random, 2) == 0 ? " OR " : " AND ";
      while (open < limits::filter_depth_max && Pick(random, 2) == 0) {
        filter += Pick(random, 2) == 0 ? "(" : "NOT (";
        ++open;
      }
      filter += Pick(random, 4) == 0 ? "ёлка" : "vip";
      while (open > 0 && Pick(random, 3) == 0) {
        filter += ")";
        --open;
      }
    }
    database.Select(Condition(filter + Repeat(")", open)));
  }
}

}  // namespace
}  // namespace sales
