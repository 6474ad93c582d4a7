// Each test has a store to itself, whatever the database.
#include "tests/rigs/fresh_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace sales::rigs {
namespace {

class AFreshStore : public testing::Test {
 protected:
  AFreshStore() { std::filesystem::create_directories(folder_); }
  ~AFreshStore() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("sales-fresh-" + std::to_string(getpid()));
};

TEST_F(AFreshStore, HoldsNothingOfAnother) {
  const FreshStore one(folder_ / "one.db", FreshStore::Schema::kNone);
  const FreshStore other(folder_ / "other.db", FreshStore::Schema::kNone);
  EXPECT_NE(one.name(), other.name());
  for (const FreshStore* store : {&one, &other}) {
    store->Run("CREATE TABLE notes (note TEXT)");
    EXPECT_EQ(store->Run("INSERT INTO notes (note) VALUES ('a'), ('b')"), 2);
  }
  EXPECT_EQ(one.Run("DELETE FROM notes"), 2);
  EXPECT_EQ(other.Run("DELETE FROM notes"), 2);
}

TEST_F(AFreshStore, IsOfTheKindThatTheEnvironmentAsksFor) {
  const FreshStore store(folder_ / "store.db", FreshStore::Schema::kNone);
  EXPECT_EQ(store.name().rfind(OnPostgres() ? "postgres:" : "sqlite:", 0), 0u) << store.name();
}

}  // namespace
}  // namespace sales::rigs
