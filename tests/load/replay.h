// The limit that the engine is measured against: the statements that its writes ran, replayed by
// bare SQLite with nothing in between.
#ifndef SALES_TESTS_LOAD_REPLAY_H_
#define SALES_TESTS_LOAD_REPLAY_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sales::load {

using Literal = std::variant<std::nullptr_t, int64_t, std::string>;

// One statement that changed rows; an empty template is a commit.
struct Statement {
  int sql = -1;  // index into Recording::sql
  std::vector<Literal> values;
};

struct Recording {
  std::vector<std::string> sql;
  std::vector<Statement> statements;
  int64_t commits = 0;
};

// Records the statements of every SQLite connection that is opened from now on until Stop.
class Recorder {
 public:
  // From here on, connections are watched.
  static void Watch();
  static void Start();
  static Recording Stop();
};

// Runs the recorded statements with their commits in a copy of the store that they were recorded
// on, prepared once and bound, durable as the engine is. Gives the seconds it took.
double Replay(const Recording& recording, const std::string& store_before);

// The same on PostgreSQL, by bare libpq: each transaction's statements are sent in one pipeline.
// `store_before`: how libpq reaches a database that holds what the recorded store held.
double ReplayOnPostgres(const Recording& recording, const std::string& store_before);

}  // namespace sales::load

#endif  // SALES_TESTS_LOAD_REPLAY_H_
