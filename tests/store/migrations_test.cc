// A store of an earlier schema is brought up to date with what it holds.
#include "src/store/migrations/migrations.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "sales/engine.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

// A store as the first schema had it, with a workspace and two contacts of one person.
void MakeFirstStore(const Scratch& scratch) {
  const auto driver = OpenDriver(
      scratch.Options(), absl::MakeConstSpan(store::SqliteMigrations()).subspan(0, 1), absl::Now());
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

}  // namespace
}  // namespace sales::sql
