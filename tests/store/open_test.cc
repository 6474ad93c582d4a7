// What is refused when a store is opened, and that nothing is done to what is refused.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "sales/error.h"
#include "src/sql/driver.h"
#include "src/sql/sqlite.h"
#include "tests/store/fault_vfs.h"
#include "tests/store/scratch.h"

namespace sales::sql {
namespace {

using Access = EngineOptions::Access;
using Mode = Connection::Mode;

Reason ReasonOfOpening(const Scratch& scratch, const EngineOptions& options) {
  return ReasonOf(scratch.Open(options).status());
}

Reason ReasonOfOpening(const EngineOptions& options, const std::vector<Migration>& migrations) {
  return ReasonOf(OpenDriver(options, {migrations, migrations}, absl::UnixEpoch()).status());
}

void Change(const Scratch& scratch, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(scratch.file().c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_close(db);
}

void Fill(const Scratch& scratch, int64_t pairs) {
  auto driver = scratch.Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto writer = (*driver)->Connect(Mode::kWrite);
  ASSERT_TRUE((*writer)->Begin(Mode::kWrite).ok());
  for (int64_t id = 1; id <= pairs; ++id) ASSERT_TRUE(InsertPair(**writer, id).ok());
  ASSERT_TRUE((*writer)->Commit().ok());
}

TEST(OpenStore, NamesTheSchemesThatItKnows) {
  for (const char* store : {"", "studio.db", "mysql:x", "postgres", "sqlite", "SQLITE:x"}) {
    EngineOptions options;
    options.store = store;
    const absl::Status status = OpenDriver(options, {}, absl::Now()).status();
    EXPECT_EQ(ReasonOf(status), Reason::kSettingInvalid) << store;
    EXPECT_NE(status.message().find("sqlite:FILE"), absl::string_view::npos);
  }
}

TEST(OpenStore, NeedsAFile) {
  for (const char* store : {"sqlite:", "sqlite::memory:"}) {
    EngineOptions options;
    options.store = store;
    EXPECT_EQ(ReasonOfOpening(options, TestMigrations()), Reason::kSettingInvalid) << store;
  }
}

TEST(OpenStore, MakesANewOne) {
  const Scratch scratch;
  auto driver = scratch.Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto reader = (*driver)->Connect(Mode::kRead);
  EXPECT_EQ(ReadInt(**reader, "PRAGMA application_id"), kSqliteApplicationId);
  EXPECT_EQ(ReadInt(**reader, "PRAGMA user_version"), 1);
  EXPECT_EQ(ReadInt(**reader, "SELECT apply_time FROM migrations"), 1'700'000'000'000'000);
}

TEST(OpenStore, TakesAnEmptyFileForANewOne) {
  const Scratch scratch;
  WriteFile(scratch.file(), "");
  EXPECT_TRUE(scratch.Open().ok());
}

TEST(OpenStore, OpensItAgain) {
  const Scratch scratch;
  Fill(scratch, 3);
  EngineOptions options = scratch.Options();
  options.migrate = false;
  auto driver = scratch.Open(options);
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_EQ(ReadPairs(**driver).size(), 3u);
}

TEST(OpenStore, MissesAFileThatItMayNotMake) {
  const Scratch scratch;
  EngineOptions options = scratch.Options();
  options.migrate = false;
  EXPECT_EQ(ReasonOfOpening(scratch, options), Reason::kStoreMissing);
  options.migrate = true;
  options.access = Access::kReadOnly;
  EXPECT_EQ(ReasonOfOpening(scratch, options), Reason::kStoreMissing);
  EXPECT_EQ(access(scratch.file().c_str(), 0), -1);
  EXPECT_EQ(access((scratch.file() + "-lock").c_str(), 0), -1);
}

TEST(OpenStore, MissesADirectory) {
  const Scratch scratch;
  EngineOptions options;
  options.store = "sqlite:" + scratch.directory() + "/no/where/store.db";
  EXPECT_EQ(ReasonOfOpening(scratch, options), Reason::kStoreMissing);
}

TEST(OpenStore, RefusesADirectory) {
  const Scratch scratch;
  EngineOptions options;
  options.store = "sqlite:" + scratch.directory();
  EXPECT_EQ(ReasonOfOpening(scratch, options), Reason::kStoreForeign);
}

TEST(OpenStore, RefusesAndKeepsAFileThatIsNoDatabase) {
  for (const std::string& content :
       {std::string("x"), std::string("name,email\nsecret,s@example.com\n"),
        std::string(10'000, '\0'), std::string("SQLite format 2\0", 16)}) {
    const Scratch scratch;
    WriteFile(scratch.file(), content);
    const absl::Status status = scratch.Open().status();
    EXPECT_EQ(ReasonOf(status), Reason::kStoreForeign);
    EXPECT_EQ(status.ToString().find("secret"), std::string::npos);
    EXPECT_EQ(ReadFile(scratch.file()), content);
    EXPECT_EQ(access((scratch.file() + "-lock").c_str(), 0), -1);
  }
}

TEST(OpenStore, RefusesAndKeepsTheDatabaseOfAnotherProgram) {
  const Scratch scratch;
  Change(scratch, "CREATE TABLE theirs (a)");
  const std::string content = ReadFile(scratch.file());
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreForeign);
  EXPECT_EQ(ReadFile(scratch.file()), content);
  Change(scratch, "DROP TABLE theirs; PRAGMA application_id = 7");
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreForeign);
}

TEST(OpenStore, RefusesASchemaThatIsNewer) {
  const Scratch scratch;
  Fill(scratch, 1);
  Change(scratch, "PRAGMA user_version = 99");
  const absl::Status status = scratch.Open().status();
  EXPECT_EQ(ReasonOf(status), Reason::kStoreNewer);
  EXPECT_EQ(DetailOf(status).metadata["store_schema"], "99");
  EXPECT_EQ(DetailOf(status).metadata["known_schema"], "1");
}

TEST(OpenStore, RefusesACopyThatFollowsAFile) {
  const Scratch scratch;
  EngineOptions options = scratch.Options();
  options.read_store = "sqlite:" + scratch.directory() + "/copy.db";
  EXPECT_EQ(ReasonOfOpening(scratch, options), Reason::kSettingInvalid);
}

TEST(OpenStore, MigratesOnlyWhereTold) {
  const Scratch scratch;
  Fill(scratch, 2);
  std::vector<Migration> longer = TestMigrations();
  longer.push_back({2, "A column", "ALTER TABLE half ADD COLUMN note TEXT NOT NULL DEFAULT ''"});
  EngineOptions options = scratch.Options();
  options.migrate = false;
  EXPECT_EQ(ReasonOfOpening(options, longer), Reason::kStoreNotMigrated);
  options.migrate = true;
  options.access = Access::kReadOnly;
  EXPECT_EQ(ReasonOfOpening(options, longer), Reason::kStoreNotMigrated);
  options.access = Access::kReadWrite;
  auto driver = OpenDriver(options, {longer, longer}, absl::Now());
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_EQ(ReadPairs(**driver).size(), 2u);
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreNewer);
}

TEST(OpenStore, MigratesWholeOrNotAtAll) {
  const Scratch scratch;
  Fill(scratch, 2);
  std::vector<Migration> broken = TestMigrations();
  broken.push_back({2, "Broken", "DELETE FROM half; SELECT nonsense FROM nowhere"});
  EXPECT_EQ(ReasonOfOpening(scratch.Options(), broken), Reason::kInternal);
  auto driver = scratch.Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_EQ(ReadPairs(**driver), (std::vector<std::pair<int64_t, int64_t>>{{1, 2}, {2, 2}}));
}

TEST(OpenStore, RefusesAMigrationThatBreaksReferences) {
  const Scratch scratch;
  Fill(scratch, 2);
  std::vector<Migration> broken = TestMigrations();
  broken.push_back({2, "Loses rows", "DELETE FROM whole"});
  EXPECT_EQ(ReasonOfOpening(scratch.Options(), broken), Reason::kStoreCorrupt);
  EXPECT_TRUE(scratch.Open().ok());
}

TEST(OpenStore, RefusesAHistoryThatWasEdited) {
  const Scratch scratch;
  Fill(scratch, 1);
  std::vector<Migration> edited = TestMigrations();
  const std::string ddl = std::string(edited[0].ddl) + " ";
  edited[0].ddl = ddl.c_str();
  EXPECT_EQ(ReasonOfOpening(scratch.Options(), edited), Reason::kStoreForeign);
  Change(scratch, "DROP TABLE migrations");
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreForeign);
}

TEST(OpenStore, FindsDamage) {
  const Scratch scratch;
  Fill(scratch, 2000);
  const std::string sound = ReadFile(scratch.file());
  // The first page's header stays; the tables' pages are overwritten.
  WriteFile(scratch.file(), sound.substr(0, 100) + std::string(sound.size() - 100, '\x5a'));
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreCorrupt);
  // Later pages only: opening does not read them, the check does.
  WriteFile(scratch.file(), sound.substr(0, 40'960) + std::string(sound.size() - 40'960, '\x5a'));
  auto driver = scratch.Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto faults = (*driver)->CheckIntegrity();
  ASSERT_TRUE(faults.ok()) << faults.status();
  ASSERT_FALSE(faults->empty());
  EXPECT_EQ((*faults)[0].kind, "integrity");
}

TEST(OpenStore, RefusesATruncatedFile) {
  const Scratch scratch;
  Fill(scratch, 2000);
  WriteFile(scratch.file(), ReadFile(scratch.file()).substr(0, 5'000));
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreCorrupt);
}

TEST(OpenStore, FindsRowsThatReferToNothing) {
  const Scratch scratch;
  Fill(scratch, 3);
  Change(scratch, "PRAGMA foreign_keys = OFF; DELETE FROM whole WHERE id = 2");
  auto driver = scratch.Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  auto faults = (*driver)->CheckIntegrity();
  ASSERT_TRUE(faults.ok()) << faults.status();
  ASSERT_EQ(faults->size(), 1u);
  EXPECT_EQ((*faults)[0].kind, "foreign_key");
  EXPECT_EQ((*faults)[0].description, "a row of half refers to a missing row of whole");
}

TEST(OpenStore, RefusesAFileThatCannotBeWritten) {
  const Scratch scratch;
  Fill(scratch, 1);
  chmod(scratch.file().c_str(), 0444);
  chmod((scratch.file() + "-lock").c_str(), 0666);
  chmod(scratch.directory().c_str(), 0777);
  AsNobody([&scratch] { EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreReadOnly); });
}

TEST(OpenStore, RefusesADirectoryThatCannotBeWritten) {
  const Scratch scratch;
  Fill(scratch, 1);
  std::remove((scratch.file() + "-lock").c_str());
  chmod(scratch.file().c_str(), 0666);
  chmod(scratch.directory().c_str(), 0555);
  AsNobody([&scratch] { EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreReadOnly); });
}

TEST(OpenStore, ForReadingOnlyWritesNothing) {
  const Scratch scratch;
  Fill(scratch, 1);
  EngineOptions options = scratch.Options();
  options.access = Access::kReadOnly;
  auto driver = scratch.Open(options);
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_EQ(ReadPairs(**driver).size(), 1u);
  EXPECT_EQ(ReasonOf((*driver)->Connect(Mode::kWrite).status()), Reason::kStoreReadOnly);
  EXPECT_EQ(ReasonOf((*driver)->Checkpoint()), Reason::kStoreReadOnly);
  EXPECT_TRUE((*driver)->CheckIntegrity()->empty());
}

TEST(OpenStore, IsTakenAloneOrShared) {
  struct Case {
    Access first;
    Access second;
    bool together;
  };
  for (const Case& pair : {Case{Access::kExclusive, Access::kExclusive, false},
                           Case{Access::kExclusive, Access::kReadWrite, false},
                           Case{Access::kReadWrite, Access::kExclusive, false},
                           Case{Access::kReadWrite, Access::kReadWrite, true},
                           Case{Access::kExclusive, Access::kReadOnly, true}}) {
    const Scratch scratch;
    EngineOptions options = scratch.Options();
    options.access = pair.first;
    auto first = scratch.Open(options);
    ASSERT_TRUE(first.ok()) << first.status();
    options.access = pair.second;
    auto second = scratch.Open(options);
    EXPECT_EQ(second.ok(), pair.together) << second.status();
    if (pair.together) continue;
    EXPECT_EQ(ReasonOf(second.status()), Reason::kStoreInUse);
    first->reset();
    EXPECT_TRUE(scratch.Open(options).ok());
  }
}

TEST(OpenStore, IsSharedWithAServerByWhoDoesNotMigrate) {
  const Scratch scratch;
  EngineOptions options = scratch.Options();
  options.access = Access::kExclusive;
  auto server = scratch.Open(options);
  ASSERT_TRUE(server.ok()) << server.status();
  options.access = Access::kReadWrite;
  options.migrate = false;
  const auto guest = scratch.Open(options);
  EXPECT_TRUE(guest.ok()) << guest.status();
}

TEST(OpenStore, OnAFullVolumeSaysSo) {
  FaultVfs vfs;
  const Scratch scratch;
  vfs.Arm(Fault::kFull, 4);
  EXPECT_EQ(ReasonOf(scratch.Open().status()), Reason::kStoreFull);
  EXPECT_TRUE(vfs.Disarm());
  EXPECT_TRUE(scratch.Open().ok());
}

// However far opening came, the next one finishes it.
TEST(OpenStore, SurvivesAnyFailure) {
  FaultVfs vfs;
  for (const Fault fault : {Fault::kOnce, Fault::kForGood, Fault::kFull}) {
    bool failed = true;
    for (int n = 1; failed; ++n) {
      ASSERT_LT(n, 10'000);
      const Scratch scratch;
      vfs.Arm(fault, n);
      { const auto driver = scratch.Open(); }
      failed = vfs.Disarm();
      auto driver = scratch.Open();
      ASSERT_TRUE(driver.ok()) << n << ": " << driver.status();
      EXPECT_TRUE(ReadPairs(**driver).empty());
      EXPECT_TRUE((*driver)->CheckIntegrity()->empty());
    }
  }
}

}  // namespace
}  // namespace sales::sql
