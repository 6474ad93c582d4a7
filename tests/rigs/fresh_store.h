// A store that nobody has used: a SQLite file, or a database on the PostgreSQL server that the
// environment names, so that one suite holds on both.
#ifndef SALES_TESTS_RIGS_FRESH_STORE_H_
#define SALES_TESTS_RIGS_FRESH_STORE_H_

#include <cstdint>
#include <string>

namespace sales::rigs {

// Whether SALES_TEST_POSTGRES names a file that says how libpq reaches a server, as
// postgres_server.py writes it. Its user may make databases.
bool OnPostgres();

class FreshStore {
 public:
  enum class Schema {
    // Where copying a migrated store is quicker than migrating, it has been: opening it finds
    // nothing to do.
    kMigrated,
    kNone,
  };

  // On SQLite `file` is where the store will be, and it is its folder's owner who removes it.
  explicit FreshStore(std::string file, Schema schema = Schema::kMigrated);
  FreshStore(const FreshStore&) = delete;
  FreshStore& operator=(const FreshStore&) = delete;
  // Drops the database, whoever still uses it.
  ~FreshStore();

  // As EngineOptions::store has it.
  const std::string& name() const { return name_; }

  // Runs one statement behind the engine's back; gives how many rows it changed. A statement that
  // fails fails the test.
  int64_t Run(const std::string& sql) const;

 private:
  std::string name_;
};

}  // namespace sales::rigs

#endif  // SALES_TESTS_RIGS_FRESH_STORE_H_
