#include "tests/store/scratch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/time/time.h"

namespace sales::sql {

namespace {

std::string MakeDirectory() {
  std::string pattern = std::filesystem::temp_directory_path() / "sales-store-XXXXXX";
  return mkdtemp(pattern.data());
}

}  // namespace

Scratch::Scratch() : directory_(MakeDirectory()), store_(file(), rigs::FreshStore::Schema::kNone) {}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(directory_, ignored);
}

EngineOptions Scratch::Options() const {
  EngineOptions options;
  options.store = store_.name();
  return options;
}

absl::StatusOr<std::unique_ptr<Driver>> Scratch::Open(const EngineOptions& options) const {
  return OpenDriver(options, {TestMigrations(), TestMigrationsOfPostgres()},
                    absl::FromUnixSeconds(1'700'000'000));
}

const std::vector<Migration>& TestMigrations() {
  static const auto* const migrations = new std::vector<Migration>{
      {1, "Two tables",
       "CREATE TABLE whole (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
       "CREATE TABLE half (id INTEGER NOT NULL PRIMARY KEY REFERENCES whole (id),"
       " size INTEGER NOT NULL CONSTRAINT size_positive CHECK (size > 0)) STRICT;"}};
  return *migrations;
}

const std::vector<Migration>& TestMigrationsOfPostgres() {
  static const auto* const migrations = new std::vector<Migration>{
      {1, "Two tables",
       "CREATE TABLE whole (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
       "CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY REFERENCES whole (id),"
       " size BIGINT NOT NULL CONSTRAINT size_positive CHECK (size > 0));"}};
  return *migrations;
}

absl::Status InsertPair(Connection& connection, int64_t id) {
  const std::string text = std::to_string(id) + std::string(200, 'x');
  const Param whole[] = {id, std::string_view(text)};
  absl::Status status =
      connection.Execute("INSERT INTO whole (id, text) VALUES ($1, $2)", whole).status();
  if (!status.ok()) return status;
  const Param half[] = {id, int64_t{1}};
  return connection.Execute("INSERT INTO half (id, size) VALUES ($1, $2)", half).status();
}

std::vector<std::pair<int64_t, int64_t>> ReadPairs(Driver& driver) {
  auto connection = driver.Connect(Connection::Mode::kRead);
  EXPECT_TRUE(connection.ok()) << connection.status();
  std::vector<std::pair<int64_t, int64_t>> pairs;
  const absl::Status status =
      (*connection)
          ->Query(
              "SELECT id, count(*) FROM (SELECT id FROM whole UNION ALL "
              "SELECT id FROM half) AS both_tables GROUP BY id ORDER BY id",
              {}, [&pairs](const Row& row) { pairs.emplace_back(row.Int(0), row.Int(1)); });
  EXPECT_TRUE(status.ok()) << status;
  return pairs;
}

int64_t ReadInt(Connection& connection, const char* sql) {
  int64_t number = -1;
  const absl::Status status =
      connection.Query(sql, {}, [&number](const Row& row) { number = row.Int(0); });
  EXPECT_TRUE(status.ok()) << status;
  return number;
}

void AsNobody(const std::function<void()>& body) {
  constexpr uid_t kNobody = 65534;
  const uid_t user = geteuid();
  if (user == 0) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  body();
  if (user == 0) {
    ASSERT_EQ(seteuid(user), 0);
  }
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string ReadFile(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace sales::sql
