// A store of an earlier schema is brought up to date with what it holds.
#include "src/store/migrations/migrations.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "sales/duplicate.h"
#include "sales/engine.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

// A store as the first schema had it, with a workspace and two contacts of one person.
void MakeFirstStore(const Scratch& scratch) {
  const auto driver =
      OpenDriver(scratch.Options(),
                 {absl::MakeConstSpan(store::SqliteMigrations()).subspan(0, 1), {}}, absl::Now());
  ASSERT_TRUE(driver.ok()) << driver.status();
  const auto writer = (*driver)->Connect(Connection::Mode::kWrite);
  ASSERT_TRUE((*writer)->Begin(Connection::Mode::kWrite).ok());
  const auto run = [&](std::string_view sql) {
    const auto done = (*writer)->Execute(sql, {});
    EXPECT_TRUE(done.ok()) << done.status();
  };
  run("INSERT INTO workspaces (workspace, display_name, time_zone, currency_code, default_region, "
      "default_funnel, revision, changed_revision, funnel_revision, create_time, update_time) "
      "VALUES ('studio', '', 'UTC', 'EUR', '', 'web-studio', 1, 1, 1, 0, 0)");
  for (const char* id : {"'a'", "'b'"}) {
    run(std::string("INSERT INTO contacts (workspace, contact, display_name, display_name_folded, "
                    "organization, organization_folded, identities, lead_count, create_time, "
                    "update_time, revision) VALUES ('studio', ") +
        id + ", 'Anna Ivanova', 'anna ivanova', 'Daisy', 'daisy', '[]', 0, 0, 0, 1)");
  }
  ASSERT_TRUE((*writer)->Commit().ok());
}

TEST(Migrations, GiveContactsOfBeforeTheKeysOfDuplicates) {
  const Scratch scratch;
  MakeFirstStore(scratch);
  const auto engine = Engine::Open(scratch.Options());
  ASSERT_TRUE(engine.ok()) << engine.status();
  const auto duplicates = engine->At("studio").ListDuplicates({});
  ASSERT_TRUE(duplicates.ok()) << duplicates.status();
  ASSERT_EQ(duplicates->items.size(), 1u);
  EXPECT_EQ(duplicates->items[0].contact, "a");
  EXPECT_EQ(duplicates->items[0].other, "b");
}

TEST(Migrations, LeaveContactsAsTheyWere) {
  const Scratch scratch;
  MakeFirstStore(scratch);
  const auto engine = Engine::Open(scratch.Options());
  ASSERT_TRUE(engine.ok()) << engine.status();
  const auto contact = engine->At("studio").GetContact("a");
  ASSERT_TRUE(contact.ok()) << contact.status();
  EXPECT_EQ(contact->display_name, "Anna Ivanova");
  EXPECT_FALSE(contact->do_not_email.refused);
  EXPECT_FALSE(contact->erase_time.has_value());
  EXPECT_EQ(contact->merged_into, "");
}

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

// A store as the first schema had it, with leads.
void MakeOldLeads(const Scratch& scratch) {
  const std::vector<Migration>& all = store::SqliteMigrations();
  const std::vector<Migration> first(all.begin(), all.begin() + 1);
  auto driver = OpenDriver(scratch.Options(), {first, {}}, absl::UnixEpoch());
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto writer = (*driver)->Connect(Connection::Mode::kWrite);
  ASSERT_TRUE((*writer)->Begin(Connection::Mode::kWrite).ok());
  for (const char* sql : kOldRows) {
    const auto done = (*writer)->Execute(sql, {});
    ASSERT_TRUE(done.ok()) << done.status() << "\n" << sql;
  }
  ASSERT_TRUE((*writer)->Commit().ok());
}

TEST(Migrations, GiveTheLeadsOfAnOlderStoreTheirClocks) {
  const Scratch scratch;
  MakeOldLeads(scratch);
  auto driver = OpenDriver(scratch.Options(), store::AllMigrations(), absl::UnixEpoch());
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto reader = (*driver)->Connect(Connection::Mode::kRead);
  // The sweep is to look at the open lead, and to leave the won one alone.
  EXPECT_EQ(ReadInt(**reader, "SELECT due_time FROM lead_clocks WHERE lead = 'open'"), 1);
  EXPECT_EQ(ReadInt(**reader, "SELECT due_time IS NULL FROM lead_clocks WHERE lead = 'won'"), 1);
  EXPECT_EQ(ReadInt(**reader, "SELECT last_activity_time FROM lead_clocks WHERE lead = 'open'"), 7);
  EXPECT_EQ(ReadInt(**reader, "SELECT default_calendar = '' FROM workspaces"), 1);
}

TEST(Migrations, GiveOlderLeadsNeitherStanceNorLabels) {
  const Scratch scratch;
  MakeOldLeads(scratch);
  const auto engine = Engine::Open(scratch.Options());
  ASSERT_TRUE(engine.ok()) << engine.status();
  const Desk desk = engine->At("w");
  ListQuery query;
  query.filter = "labels:* OR stance = PURSUE";
  const auto marked = desk.ListLeads(query);
  ASSERT_TRUE(marked.ok()) << marked.status();
  EXPECT_TRUE(marked->items.empty());
  EXPECT_EQ(desk.ListLeads({})->items.size(), 2u);
  EXPECT_TRUE(desk.GetWorkspace()->lead_attributes.empty());
}

// How SQLite would read it.
std::string PlanOf(Connection& db, const std::string& sql) {
  std::string plan;
  const absl::Status read =
      db.Query("EXPLAIN QUERY PLAN " + sql, {}, [&](const Row& row) { plan += row.Text(3); });
  EXPECT_TRUE(read.ok()) << read;
  return plan;
}

TEST(Migrations, LeadQueriesToTheFewRowsOfAContactALeadOrASeller) {
  const Scratch scratch;
  const auto driver = OpenDriver(scratch.Options(), store::AllMigrations(), absl::Now());
  ASSERT_TRUE(driver.ok()) << driver.status();
  const auto reader = (*driver)->Connect(Connection::Mode::kRead);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(PlanOf(**reader,
                   "SELECT need FROM leads WHERE workspace = 'w' AND contact = 'c' "
                   "ORDER BY receive_time DESC, lead DESC LIMIT 51"),
            "SEARCH leads USING INDEX leads_by_contact (workspace=? AND contact=?)"
            "USE TEMP B-TREE FOR ORDER BY");
  EXPECT_EQ(PlanOf(**reader,
                   "SELECT type FROM events WHERE workspace = 'w' AND revision > 1 AND "
                   "lead <> '' AND lead = 'l' ORDER BY revision, ordinal LIMIT 51"),
            "SEARCH events USING INDEX events_by_lead (workspace=? AND lead=? AND revision>?)");
  EXPECT_EQ(PlanOf(**reader,
                   "SELECT need FROM leads WHERE workspace = 'w' AND state = 1 "
                   "ORDER BY receive_time DESC, lead DESC LIMIT 51"),
            "SEARCH leads USING INDEX leads_by_receive_time (workspace=?)");
  EXPECT_EQ(PlanOf(**reader,
                   "SELECT need FROM leads WHERE workspace = 'w' AND (state = 1 AND seller <> '' "
                   "AND seller IN ('s')) ORDER BY receive_time DESC, lead DESC LIMIT 51"),
            "SEARCH leads USING INDEX leads_by_seller (workspace=? AND seller=?)");
}

}  // namespace
}  // namespace sales::sql
