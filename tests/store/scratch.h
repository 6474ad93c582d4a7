// A directory of its own for each test, and a small schema to write in.
#ifndef SALES_TESTS_STORE_SCRATCH_H_
#define SALES_TESTS_STORE_SCRATCH_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/engine.h"
#include "src/sql/driver.h"
#include "tests/rigs/fresh_store.h"

namespace sales::sql {

// Removed, with what it holds, at the end.
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  const std::string& directory() const { return directory_; }
  // The store's file, which may not exist yet.
  std::string file() const { return directory_ + "/store.db"; }
  EngineOptions Options() const;
  // With TestMigrations.
  absl::StatusOr<std::unique_ptr<Driver>> Open() const { return Open(Options()); }
  absl::StatusOr<std::unique_ptr<Driver>> Open(const EngineOptions& options) const;

 private:
  const std::string directory_;
  const rigs::FreshStore store_;
};

// A table `whole` and a table `half`; a write fills both with one id.
const std::vector<Migration>& TestMigrations();
const std::vector<Migration>& TestMigrationsOfPostgres();

// Inserts `id` into both tables.
absl::Status InsertPair(Connection& connection, int64_t id);
// Gives each id that is in either table and how many of the two hold it.
std::vector<std::pair<int64_t, int64_t>> ReadPairs(Driver& driver);
// The only number that a query gives.
int64_t ReadInt(Connection& connection, const char* sql);

// Runs the body as a user who is not root, where the test itself is run by root.
void AsNobody(const std::function<void()>& body);

void WriteFile(const std::string& path, const std::string& content);
std::string ReadFile(const std::string& path);

}  // namespace sales::sql

#endif  // SALES_TESTS_STORE_SCRATCH_H_
