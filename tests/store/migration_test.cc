// What an older store's rows become.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/store/migrations/migrations.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

constexpr const char* kOldRows[] = {
    "INSERT INTO workspaces VALUES ('w', '', 'UTC', 'EUR', '', 'web-studio', 3, 1, 1, 0, 0)",
    "INSERT INTO contacts VALUES ('w', 'c', '', '', '', '', '[]', 2, 0, 0, 1)",
    "INSERT INTO channels VALUES ('w', 'unknown', '', 0, 0, 1)",
    "INSERT INTO leads VALUES ('w', 'open', 'c', 1, 'new', 'web-studio', 'unknown', '', '', '', 0, "
    "NULL, NULL, 0, '', '', NULL, NULL, '', 5, NULL, NULL, NULL, 5, 'new', 0, 1, '', 0, 0, 0, '', "
    "'new 5;', 0, 0, 0, 5, 5, 2)",
    "INSERT INTO leads VALUES ('w', 'won', 'c', 3, 'new', 'web-studio', 'unknown', '', '', '', 0, "
    "NULL, NULL, 0, '', '', NULL, NULL, '', 5, 9, 1, NULL, NULL, 'new', 1, 0, '', 0, 0, 0, '', "
    "'new 5 9;', 0, 0, 0, 5, 9, 3)",
    "INSERT INTO activities VALUES ('w', 'open', 'a1', 1, 2, 7, 0, '', 7, '')",
    "INSERT INTO activities VALUES ('w', 'open', 'a2', 1, 2, 6, 0, '', 8, '')",
};

TEST(Migration, GivesTheLeadsOfAnOlderStoreTheirClocks) {
  const Scratch scratch;
  const std::vector<Migration>& all = store::SqliteMigrations();
  {
    const std::vector<Migration> first(all.begin(), all.begin() + 1);
    auto driver = OpenDriver(scratch.Options(), first, absl::UnixEpoch());
    ASSERT_TRUE(driver.ok()) << driver.status();
    auto writer = (*driver)->Connect(Connection::Mode::kWrite);
    ASSERT_TRUE((*writer)->Begin(Connection::Mode::kWrite).ok());
    for (const char* sql : kOldRows) {
      const auto done = (*writer)->Execute(sql, {});
      ASSERT_TRUE(done.ok()) << done.status() << "\n" << sql;
    }
    ASSERT_TRUE((*writer)->Commit().ok());
  }
  auto driver = OpenDriver(scratch.Options(), all, absl::UnixEpoch());
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto reader = (*driver)->Connect(Connection::Mode::kRead);
  // The sweep is to look at the open lead, and to leave the won one alone.
  EXPECT_EQ(ReadInt(**reader, "SELECT due_time FROM lead_clocks WHERE lead = 'open'"), 1);
  EXPECT_EQ(ReadInt(**reader, "SELECT due_time IS NULL FROM lead_clocks WHERE lead = 'won'"), 1);
  EXPECT_EQ(ReadInt(**reader, "SELECT last_activity_time FROM lead_clocks WHERE lead = 'open'"), 7);
  EXPECT_EQ(ReadInt(**reader, "SELECT default_calendar = '' FROM workspaces"), 1);
}

}  // namespace
}  // namespace sales::sql
