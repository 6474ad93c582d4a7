// One connection to a PostgreSQL server.
//
// Statements are sent in a pipeline: what gives no rows is sent along with what comes next, and
// questions that are asked together go together, so that a caller waits for the network only where
// he needs an answer to go on. A connection that was lost is made anew when the next transaction
// begins.
#ifndef SALES_SRC_SQL_POSTGRES_CONNECTION_H_
#define SALES_SRC_SQL_POSTGRES_CONNECTION_H_

#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/sql/driver.h"

namespace sales::sql {

// What a committed write is told on, with its turn.
inline constexpr std::string_view kNoticeChannel = "sales_commit";

struct PostgresConnectionOptions {
  // What libpq connects by; may hold a password.
  std::string dsn;
  Connection::Mode mode = Connection::Mode::kRead;
  // Which of several hosts, as libpq's target_session_attrs has it, unless `dsn` says. The one that
  // takes writes is the one that has them all.
  const char* target = "read-write";
  bool relaxed = false;
};

class PostgresConnection final : public Connection {
 public:
  // Errors: STORE_UNAVAILABLE, SETTING_INVALID (store).
  static absl::StatusOr<std::unique_ptr<PostgresConnection>> Open(
      PostgresConnectionOptions options);

  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override;

  absl::Status Begin(Mode mode, std::string_view turn) override;
  absl::Status Commit() override;
  void Rollback() override;
  bool InTransaction() const override { return in_transaction_; }
  absl::Status Savepoint() override;
  absl::Status ReleaseSavepoint() override;
  absl::Status RollbackToSavepoint() override;
  absl::Status Query(std::string_view sql, absl::Span<const Param> params, OnRow on_row) override;
  absl::Status QueryAll(absl::Span<const Question> questions) override;
  absl::Status Scan(std::string_view sql, absl::Span<const Param> params, OnRow on_row) override;
  absl::Status Apply(std::string_view sql, absl::Span<const Param> params) override;
  absl::StatusOr<int64_t> Execute(std::string_view sql, absl::Span<const Param> params) override;
  bool has_lateral() const override { return true; }
  void SetDeadline(absl::Time deadline) override { deadline_ = deadline; }

  // Runs statements that have neither parameters nor rows.
  absl::Status RunScript(const std::string& sql);

  bool can_tell() const { return can_tell_; }
  // Waits until the server tells of something it was asked to LISTEN for, or `until` has come.
  // Gives what was told, empty where nothing was. Outside of a transaction.
  absl::StatusOr<std::vector<std::string>> WaitForNotices(absl::Time until);

 private:
  struct Statement {
    std::string name;
    // Whether the server has it; not where its preparation was skipped after an error.
    bool prepared = false;
    uint64_t last_use = 0;
  };
  // What becomes of the rows of a statement that is waited for.
  struct Want {
    const OnRow* on_row = nullptr;
    // Whether each row is taken as it comes.
    bool by_row = false;
    int64_t changed = 0;
    // What the server says it did.
    std::string tag;
  };
  // What was sent and not yet answered, in order.
  struct Sent {
    enum class Kind { kPrepare, kRun, kSync };
    Kind kind = Kind::kRun;
    Statement* statement = nullptr;
    // Null: nobody asks what came of it, but for an error.
    Want* want = nullptr;
  };

  explicit PostgresConnection(PostgresConnectionOptions options) : options_(std::move(options)) {}

  absl::Status Connect();
  // Asks of a new session what every one is asked for.
  absl::Status SetUp();
  void Disconnect();
  bool LooksAlive();

  absl::StatusOr<Statement*> Find(std::string_view sql, absl::Span<const Param> params);
  absl::Status DropLeastUsed();
  // `want` must live until the answer was read.
  absl::Status Send(std::string_view sql, absl::Span<const Param> params, Want* want = nullptr);
  absl::Status SendSync();
  absl::Status CommitPastDeadlines();
  void RollbackPastDeadlines();
  // Runs statements in the transaction that is open, or in one of their own.
  absl::Status Anyhow(absl::FunctionRef<absl::Status()> run);
  // Sends a statement and reads its answer, after those of all before it.
  absl::Status Run(std::string_view sql, absl::Span<const Param> params, Want& want);
  // Has the answers to all that was sent, and reads them; brings the pipeline in order after an
  // error.
  absl::Status ReadAll();
  // Reads the answers to all but the last `left`; gives the first error among them.
  absl::Status Settle(size_t left);
  // Reads the answer to what was sent first.
  absl::Status ReadFirst();
  // After an error: brings the pipeline to where it takes statements again.
  void Resume();
  absl::StatusOr<PGresult*> NextResult();
  absl::Status WaitForSocket(short events, absl::Time until);
  absl::Status Flush();
  absl::Time WaitEnd() const;
  absl::Status Lost(absl::Status status);

  const PostgresConnectionOptions options_;
  PGconn* connection_ = nullptr;
  bool in_transaction_ = false;
  Mode transaction_mode_ = Mode::kRead;
  absl::Time deadline_ = absl::InfiniteFuture();
  std::string turn_;
  // Whether the server passes notices on.
  bool can_tell_ = false;
  std::deque<Sent> sent_;
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
  uint64_t uses_ = 0;
  uint64_t names_ = 0;
};

}  // namespace sales::sql

#endif  // SALES_SRC_SQL_POSTGRES_CONNECTION_H_
