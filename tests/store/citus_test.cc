// service/deploy/citus.sql spreads every table that there is, in an order that works.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "src/sql/driver.h"
#include "src/store/migrations/migrations.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

struct Spread {
  std::string table;
  bool by_workspace = false;
};

std::vector<Spread> InTheScript() {
  static const std::regex statement(
      R"(SELECT create_(reference|distributed)_table\('(\w+)'(, 'workspace', )?.*\);)");
  std::vector<Spread> tables;
  std::ifstream file(SALES_CITUS);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.rfind("--", 0) == 0) continue;
    std::smatch match;
    EXPECT_TRUE(std::regex_match(line, match, statement)) << line;
    tables.push_back({match[2], match[1] == "distributed" && match[3].matched});
  }
  return tables;
}

class PostgresOnCitus : public testing::Test {
 protected:
  void SetUp() override {
    driver_ = *OpenDriver(scratch_.Options(), store::AllMigrations(), absl::Now());
    reader_ = *driver_->Connect(Connection::Mode::kRead);
  }

  // The texts of a query's first two columns, joined by a space.
  std::set<std::string> Read(const char* sql) {
    std::set<std::string> found;
    EXPECT_TRUE(reader_
                    ->Query(sql, {},
                            [&found](const Row& row) {
                              found.insert(std::string(row.Text(0)) + " " +
                                           std::string(row.Text(1)));
                            })
                    .ok());
    return found;
  }

  Scratch scratch_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> reader_;
};

TEST_F(PostgresOnCitus, EveryTableIsSpreadOnce) {
  std::set<std::string> told;
  for (const Spread& spread : InTheScript()) {
    EXPECT_TRUE(told.insert(spread.table + " ").second) << spread.table << " is told twice";
  }
  EXPECT_EQ(told, Read("SELECT relname::text, '' FROM pg_class WHERE relkind = 'r' AND "
                       "relnamespace = current_schema()::regnamespace"));
}

TEST_F(PostgresOnCitus, AUniqueIndexThatSpansWorkspacesIsOnEveryServer) {
  const std::set<std::string> spanning = Read(
      "SELECT DISTINCT c.relname::text, '' FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
      "WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique AND NOT EXISTS "
      "(SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace' "
      "AND a.attnum = ANY (i.indkey))");
  for (const Spread& spread : InTheScript()) {
    EXPECT_EQ(spread.by_workspace, spanning.count(spread.table + " ") == 0) << spread.table;
  }
}

TEST_F(PostgresOnCitus, ATableComesAfterThoseThatItRefersTo) {
  const std::set<std::string> references = Read(
      "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
      "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace");
  ASSERT_FALSE(references.empty());
  const std::vector<Spread> script = InTheScript();
  const auto place = [&script](const std::string& table) {
    return std::find_if(script.begin(), script.end(),
                        [&table](const Spread& spread) { return spread.table == table; });
  };
  for (const std::string& reference : references) {
    const size_t space = reference.find(' ');
    EXPECT_LE(place(reference.substr(space + 1)), place(reference.substr(0, space))) << reference;
  }
}

}  // namespace
}  // namespace sales::sql
