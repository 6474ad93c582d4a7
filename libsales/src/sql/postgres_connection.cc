#include "src/sql/postgres_connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/sql/postgres_errors.h"

namespace sales::sql {
namespace {

// Types of PostgreSQL's catalogue.
constexpr Oid kBool = 16;
constexpr Oid kInt8 = 20;
constexpr Oid kText = 25;

// Every statement sees what was committed before it: whoever has the turn of a workspace sees what
// the one before him wrote.
constexpr char kBeginWrite[] = "BEGIN ISOLATION LEVEL READ COMMITTED";
constexpr char kBeginRead[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
// Locks the workspace's row until the transaction ends, whether or not the workspace exists.
constexpr char kTakeTurn[] =
    "INSERT INTO turns (workspace, taken) VALUES ($1, 1) "
    "ON CONFLICT (workspace) DO UPDATE SET taken = turns.taken + 1";
// Engines that speak the protocol need not have it.
constexpr char kCanTell[] = "SELECT count(*) FROM pg_proc WHERE proname = 'pg_notify'";
constexpr char kTell[] = "SELECT pg_notify($1, $2)";
constexpr char kSetTimeout[] = "SELECT set_config('statement_timeout', $1, true)";

// What this session asks of the server, as far as the server knows it. A client that has gone is
// noticed while a statement runs, and one that sleeps in its transaction (stopped, or cut off) does
// not keep the turn. The commit of a store whose writes are to survive is never left for later. No
// statement of ours is so long that helpers, or a compiler, would win back the time to start them.
// Where nobody chose otherwise, a look by a key counts as hardly more than the next row, since what
// is looked for is in memory as a rule, and long texts are kept so that they are soon read.
constexpr char kSetUp[] =
    "SELECT set_config(name, CASE name WHEN 'client_connection_check_interval' THEN '2s' "
    "WHEN 'idle_in_transaction_session_timeout' THEN $1 WHEN 'lock_timeout' THEN $2 "
    "WHEN 'jit' THEN 'off' WHEN 'max_parallel_workers_per_gather' THEN '0' "
    "WHEN 'random_page_cost' THEN '1.1' WHEN 'default_toast_compression' THEN 'lz4' "
    "ELSE $3 END, false) FROM pg_settings WHERE name IN ('client_connection_check_interval', "
    "'idle_in_transaction_session_timeout', 'lock_timeout', 'jit', "
    "'max_parallel_workers_per_gather') "
    "OR (setting = boot_val AND (name = 'random_page_cost' OR "
    "(name = 'default_toast_compression' AND CAST(enumvals AS TEXT) LIKE '%lz4%'))) "
    "OR (name = 'synchronous_commit' AND (setting = 'off' OR $3 = 'off'))";

// What libpq does unless the connection string says otherwise: notices within seconds that a host
// is gone.
constexpr std::array<std::pair<const char*, const char*>, 6> kDefaults = {{
    {"fallback_application_name", "libsales"},
    {"connect_timeout", "3"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
}};

// Answers that may wait unread; more would only fill buffers.
constexpr size_t kSentMax = 1024;
// How many of them a commit adds at most.
constexpr size_t kSentAtCommit = 8;
// How long the server is given to say itself that a deadline passed.
constexpr absl::Duration kGrace = absl::Seconds(1);

class PostgresRow final : public Row {
 public:
  explicit PostgresRow(const PGresult* result) : result_(result) {}
  void MoveTo(int row) { row_ = row; }

  bool IsNull(int column) const override { return PQgetisnull(result_, row_, column) == 1; }
  int64_t Int(int column) const override {
    const std::string_view text = Text(column);
    if (PQftype(result_, column) == kBool) return text == "t" ? 1 : 0;
    int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  std::string_view Text(int column) const override {
    return {PQgetvalue(result_, row_, column),
            static_cast<size_t>(PQgetlength(result_, row_, column))};
  }

 private:
  const PGresult* const result_;
  int row_ = 0;
};

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

// The values of a statement as libpq takes them. Numbers are sent as text, so that the server may
// have inferred any type for the placeholder; text is sent with its length.
class Values {
 public:
  explicit Values(absl::Span<const Param> params) : numbers_(params.size()) {
    for (size_t i = 0; i < params.size(); ++i) {
      const char* value = nullptr;
      int length = 0;
      int format = 0;
      if (const auto* number = std::get_if<int64_t>(&params[i])) {
        *std::to_chars(numbers_[i].data(), numbers_[i].data() + numbers_[i].size(), *number).ptr =
            '\0';
        value = numbers_[i].data();
      } else if (const auto* text = std::get_if<std::string_view>(&params[i])) {
        value = text->data() == nullptr ? "" : text->data();
        length = static_cast<int>(text->size());
        format = 1;
      }
      values_.push_back(value);
      lengths_.push_back(length);
      formats_.push_back(format);
    }
  }

  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  absl::InlinedVector<std::array<char, 24>, 16> numbers_;
  absl::InlinedVector<const char*, 16> values_;
  absl::InlinedVector<int, 16> lengths_;
  absl::InlinedVector<int, 16> formats_;
};

std::string Millis(absl::Duration duration) {
  return absl::StrCat(std::max<int64_t>(1, absl::ToInt64Milliseconds(duration)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(
    PostgresConnectionOptions options) {
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(std::move(options)));
  SALES_RETURN_IF_ERROR(connection->Connect());
  return connection;
}

PostgresConnection::~PostgresConnection() { Disconnect(); }

absl::Status PostgresConnection::Connect() {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : kDefaults) {
    keys.push_back(key);
    values.push_back(value);
  }
  keys.push_back("target_session_attrs");
  values.push_back(options_.target);
  // What comes later wins, and a connection string stands for all that it holds.
  keys.insert(keys.end(), {"dbname", "client_encoding", nullptr});
  values.insert(values.end(), {options_.dsn.c_str(), "UTF8", nullptr});
  connection_ = PQconnectdbParams(keys.data(), values.data(), /*expand_dbname=*/1);
  if (connection_ == nullptr || PQstatus(connection_) != CONNECTION_OK) {
    Disconnect();
    // libpq's message names hosts and users; who runs the program finds them in its settings.
    return PostgresUnavailable("reached; see that it runs and that the store's setting names it");
  }
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  PQsetnonblocking(connection_, 1);
  PQenterPipelineMode(connection_);
  return SetUp();
}

absl::Status PostgresConnection::SetUp() {
  const std::string lock = Millis(absl::Seconds(limits::store_turn_wait_seconds_max));
  // Nobody sleeps longer in a turn than others wait for it.
  const std::string idle = options_.mode == Mode::kWrite
                               ? lock
                               : Millis(absl::Seconds(limits::store_read_wait_seconds_max));
  Want want;
  SALES_RETURN_IF_ERROR(Run(kSetUp,
                            {std::string_view(idle), std::string_view(lock),
                             std::string_view(options_.relaxed ? "off" : "on")},
                            want));
  const auto note = [this](const Row& row) { can_tell_ = row.Int(0) > 0; };
  const OnRow on_row = note;
  want.on_row = &on_row;
  SALES_RETURN_IF_ERROR(Run(kCanTell, {}, want));
  SALES_RETURN_IF_ERROR(SendSync());
  return Settle(0);
}

void PostgresConnection::Disconnect() {
  PQfinish(connection_);
  connection_ = nullptr;
  in_transaction_ = false;
  sent_.clear();
  statements_.clear();
}

absl::Status PostgresConnection::Lost(absl::Status status) {
  Disconnect();
  return status;
}

// Whether nothing says that the server has hung up. It may have done so unheard.
bool PostgresConnection::LooksAlive() {
  if (connection_ == nullptr || PQstatus(connection_) != CONNECTION_OK) return false;
  // A farewell, then the end: two reads at most, and one for an answer that was not waited for.
  for (int i = 0; i < 3; ++i) {
    pollfd waiting = {PQsocket(connection_), POLLIN, 0};
    if (poll(&waiting, 1, 0) <= 0) return true;
    if (PQconsumeInput(connection_) == 0) return false;
    PQisBusy(connection_);
  }
  return PQstatus(connection_) == CONNECTION_OK;
}

absl::Status PostgresConnection::Begin(Mode mode, std::string_view turn) {
  if (deadline_ != absl::InfiniteFuture() && absl::Now() >= deadline_) {
    return MakeError(Reason::kDeadlineExceeded, "the deadline passed while the store worked");
  }
  if (in_transaction_) return MakeError(Reason::kInternal, "a transaction is open already");
  // What was left of the last transaction.
  if (connection_ != nullptr && LooksAlive()) Settle(0).IgnoreError();
  if (!LooksAlive()) {
    Disconnect();
    SALES_RETURN_IF_ERROR(Connect());
  }
  in_transaction_ = true;
  transaction_mode_ = mode;
  SALES_RETURN_IF_ERROR(Send(mode == Mode::kWrite ? kBeginWrite : kBeginRead, {}));
  if (mode == Mode::kWrite) {
    turn_ = turn;
    return turn.empty() ? absl::OkStatus() : Send(kTakeTurn, {Param(turn)});
  }
  if (deadline_ == absl::InfiniteFuture()) return absl::OkStatus();
  const std::string timeout = Millis(deadline_ - absl::Now());
  return Send(kSetTimeout, {Param(std::string_view(timeout))});
}

absl::Status PostgresConnection::Commit() {
  // The end of a transaction is not one caller's alone.
  const absl::Time deadline = std::exchange(deadline_, absl::InfiniteFuture());
  absl::Status status = CommitPastDeadlines();
  deadline_ = deadline;
  return status;
}

absl::Status PostgresConnection::CommitPastDeadlines() {
  if (sent_.size() + kSentAtCommit > kSentMax) {
    PQsendFlushRequest(connection_);
    SALES_RETURN_IF_ERROR(Settle(0));
  }
  Want commit;
  SALES_RETURN_IF_ERROR(Send("COMMIT", {}, &commit));
  const size_t place = sent_.size();
  // After the commit and outside of it: a transaction that notifies holds up the commits of all.
  if (transaction_mode_ == Mode::kWrite && !turn_.empty() && can_tell_) {
    SALES_RETURN_IF_ERROR(Send(kTell, {Param(kNoticeChannel), Param(turn_)}));
  }
  SALES_RETURN_IF_ERROR(SendSync());
  const absl::Status status = Settle(sent_.size() - place);
  // Whoever is not told looks for himself.
  if (connection_ != nullptr) Settle(0).IgnoreError();
  if (commit.tag == "COMMIT") {
    in_transaction_ = false;
    return absl::OkStatus();
  }
  if (connection_ == nullptr) {
    return MakeError(Reason::kStoreUnavailable,
                     "the connection to the database was lost during a commit; whether the write "
                     "was done is not known: ask again with the same request id");
  }
  // A transaction in which a statement failed is rolled back by a commit, which is no error then.
  in_transaction_ = PQtransactionStatus(connection_) != PQTRANS_IDLE;
  return status.ok() ? MakeError(Reason::kInternal, "a statement of the transaction failed")
                     : status;
}

void PostgresConnection::Rollback() {
  if (!in_transaction_) return;
  const absl::Time deadline = std::exchange(deadline_, absl::InfiniteFuture());
  RollbackPastDeadlines();
  deadline_ = deadline;
}

void PostgresConnection::RollbackPastDeadlines() {
  const bool waits = transaction_mode_ == Mode::kWrite;
  absl::Status status = absl::OkStatus();
  // The server skips all up to here after an error, known or not.
  if (waits) status = SendSync();
  if (status.ok()) status = Send("ROLLBACK", {});
  if (status.ok()) status = SendSync();
  if (!status.ok()) {
    Disconnect();
    return;
  }
  in_transaction_ = false;
  // What a reader's end has to say is read when the next transaction begins.
  if (waits) Settle(0).IgnoreError();
}

absl::Status PostgresConnection::Savepoint() { return Send("SAVEPOINT one", {}); }

absl::Status PostgresConnection::ReleaseSavepoint() {
  Want want;
  return Run("RELEASE SAVEPOINT one", {}, want);
}

absl::Status PostgresConnection::RollbackToSavepoint() {
  // Errors of what was sent ahead are those of what is undone.
  if (connection_ != nullptr) Resume();
  if (connection_ == nullptr) return PostgresUnavailable("reached; the connection was lost");
  SALES_RETURN_IF_ERROR(Send("ROLLBACK TO SAVEPOINT one", {}));
  return ReleaseSavepoint();
}

absl::Status PostgresConnection::Query(std::string_view sql, absl::Span<const Param> params,
                                       OnRow on_row) {
  Want want;
  want.on_row = &on_row;
  return Anyhow([&] { return Run(sql, params, want); });
}

absl::Status PostgresConnection::QueryAll(absl::Span<const Question> questions) {
  std::vector<Want> wants(questions.size());
  return Anyhow([&] {
    absl::Status status;
    for (size_t i = 0; i < questions.size() && status.ok(); ++i) {
      wants[i].on_row = &questions[i].on_row;
      status = Send(questions[i].sql, questions[i].params, &wants[i]);
    }
    status.Update(ReadAll());
    return status;
  });
}

absl::Status PostgresConnection::Scan(std::string_view sql, absl::Span<const Param> params,
                                      OnRow on_row) {
  Want want;
  want.on_row = &on_row;
  want.by_row = true;
  return Anyhow([&] { return Run(sql, params, want); });
}

absl::Status PostgresConnection::Apply(std::string_view sql, absl::Span<const Param> params) {
  if (!in_transaction_) return Execute(sql, params).status();
  return Send(sql, params);
}

absl::StatusOr<int64_t> PostgresConnection::Execute(std::string_view sql,
                                                    absl::Span<const Param> params) {
  Want want;
  SALES_RETURN_IF_ERROR(Anyhow([&] { return Run(sql, params, want); }));
  return want.changed;
}

absl::Status PostgresConnection::Anyhow(absl::FunctionRef<absl::Status()> run) {
  if (in_transaction_) return run();
  // A transaction of its own, which has what each of its kind promises.
  SALES_RETURN_IF_ERROR(Begin(options_.mode, {}));
  absl::Status status = run();
  if (status.ok() && options_.mode == Mode::kWrite) status = Commit();
  Rollback();
  return status;
}

absl::StatusOr<PostgresConnection::Statement*> PostgresConnection::Find(
    std::string_view sql, absl::Span<const Param> params) {
  const absl::string_view key(sql.data(), sql.size());
  auto found = statements_.find(key);
  if (found == statements_.end()) {
    if (statements_.size() >= limits::statements_cached_max) SALES_RETURN_IF_ERROR(DropLeastUsed());
    auto statement = std::make_unique<Statement>();
    statement->name = absl::StrCat("s", ++names_);
    found = statements_.emplace(std::string(sql), std::move(statement)).first;
  }
  Statement* const statement = found->second.get();
  statement->last_use = ++uses_;
  if (statement->prepared) return statement;
  absl::InlinedVector<Oid, 16> types;
  for (const Param& param : params) {
    // What a NULL is the server knows from where it stands.
    const bool is_null = std::holds_alternative<std::nullptr_t>(param);
    types.push_back(is_null ? 0 : std::holds_alternative<int64_t>(param) ? kInt8 : kText);
  }
  const std::string text(sql);
  if (PQsendPrepare(connection_, statement->name.c_str(), text.c_str(),
                    static_cast<int>(types.size()), types.data()) == 0) {
    return Lost(PostgresUnavailable("reached; the connection was lost"));
  }
  sent_.push_back({Sent::Kind::kPrepare, statement});
  statement->prepared = true;
  return statement;
}

absl::Status PostgresConnection::DropLeastUsed() {
  // What was sent may still name it.
  SALES_RETURN_IF_ERROR(SendSync());
  SALES_RETURN_IF_ERROR(Settle(0));
  const auto least = std::min_element(
      statements_.begin(), statements_.end(),
      [](const auto& a, const auto& b) { return a.second->last_use < b.second->last_use; });
  const std::string forget = absl::StrCat("DEALLOCATE ", least->second->name);
  statements_.erase(least);
  if (PQsendQueryParams(connection_, forget.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ==
      0) {
    return Lost(PostgresUnavailable("reached; the connection was lost"));
  }
  sent_.push_back({Sent::Kind::kRun, nullptr});
  return absl::OkStatus();
}

absl::Status PostgresConnection::Send(std::string_view sql, absl::Span<const Param> params,
                                      Want* want) {
  if (connection_ == nullptr) return PostgresUnavailable("reached; the connection was lost");
  SALES_ASSIGN_OR_RETURN(Statement * statement, Find(sql, params));
  const Values values(params);
  if (PQsendQueryPrepared(connection_, statement->name.c_str(), values.count(), values.values(),
                          values.lengths(), values.formats(), /*resultFormat=*/0) == 0) {
    return Lost(PostgresUnavailable("reached; the connection was lost"));
  }
  sent_.push_back({Sent::Kind::kRun, statement, want});
  if (sent_.size() < kSentMax) return absl::OkStatus();
  PQsendFlushRequest(connection_);
  return Settle(0);
}

absl::Status PostgresConnection::SendSync() {
  if (connection_ == nullptr || PQpipelineSync(connection_) == 0) {
    return Lost(PostgresUnavailable("reached; the connection was lost"));
  }
  sent_.push_back({Sent::Kind::kSync, nullptr});
  return Flush();
}

absl::Status PostgresConnection::Run(std::string_view sql, absl::Span<const Param> params,
                                     Want& want) {
  SALES_RETURN_IF_ERROR(Send(sql, params, &want));
  return ReadAll();
}

absl::Status PostgresConnection::ReadAll() {
  if (connection_ == nullptr) return PostgresUnavailable("reached; the connection was lost");
  PQsendFlushRequest(connection_);
  absl::Status status = Settle(0);
  if (!status.ok() && connection_ != nullptr) Resume();
  return status;
}

void PostgresConnection::Resume() {
  if (!SendSync().ok()) return;
  Settle(0).IgnoreError();
}

absl::Status PostgresConnection::Settle(size_t left) {
  SALES_RETURN_IF_ERROR(Flush());
  absl::Status first;
  while (sent_.size() > left) {
    const absl::Status status = ReadFirst();
    if (first.ok()) first = status;
    if (connection_ == nullptr) return first;
  }
  return first;
}

absl::Status PostgresConnection::ReadFirst() {
  const Sent sent = sent_.front();
  sent_.pop_front();
  Want* const want = sent.want;
  if (want != nullptr && want->by_row) PQsetSingleRowMode(connection_);
  absl::Status status;
  Result rows;
  bool reconnect = false;
  while (true) {
    SALES_ASSIGN_OR_RETURN(PGresult * next, NextResult());
    if (next == nullptr) break;
    Result result(next);
    const ExecStatusType kind = PQresultStatus(next);
    if (kind == PGRES_PIPELINE_SYNC) break;
    if (kind == PGRES_TUPLES_OK) {
      rows = std::move(result);
    } else if (kind == PGRES_SINGLE_TUPLE) {
      if (want != nullptr && want->on_row != nullptr) (*want->on_row)(PostgresRow(next));
    } else if (kind == PGRES_COMMAND_OK) {
      const std::string_view changed = PQcmdTuples(next);
      if (want != nullptr) {
        std::from_chars(changed.data(), changed.data() + changed.size(), want->changed);
        want->tag = PQcmdStatus(next);
      }
    } else {
      if (sent.kind == Sent::Kind::kPrepare) sent.statement->prepared = false;
      status = kind == PGRES_PIPELINE_ABORTED
                   ? MakeError(Reason::kStoreConflict, "a statement before this one failed")
                   : PostgresError(next);
      reconnect = kind != PGRES_PIPELINE_ABORTED && MustReconnect(next);
      if (PQstatus(connection_) == CONNECTION_BAD) break;
    }
  }
  if (reconnect || PQstatus(connection_) == CONNECTION_BAD) {
    return Lost(status.ok() ? PostgresUnavailable("reached; the connection was lost") : status);
  }
  if (rows == nullptr || want == nullptr || want->on_row == nullptr) return status;
  PostgresRow row(rows.get());
  const int count = PQntuples(rows.get());
  for (int i = 0; i < count; ++i) {
    row.MoveTo(i);
    (*want->on_row)(row);
  }
  return status;
}

absl::Time PostgresConnection::WaitEnd() const {
  if (deadline_ != absl::InfiniteFuture()) return deadline_ + kGrace;
  return absl::Now() + absl::Seconds(options_.mode == Mode::kWrite
                                         ? limits::store_write_wait_seconds_max
                                         : limits::store_read_wait_seconds_max);
}

absl::StatusOr<PGresult*> PostgresConnection::NextResult() {
  const absl::Time end = WaitEnd();
  while (PQisBusy(connection_) == 1) {
    SALES_RETURN_IF_ERROR(WaitForSocket(POLLIN, end));
    if (PQconsumeInput(connection_) == 0) {
      return Lost(PostgresUnavailable("reached; the connection was lost"));
    }
  }
  return PQgetResult(connection_);
}

absl::Status PostgresConnection::Flush() {
  const absl::Time end = WaitEnd();
  while (connection_ != nullptr) {
    const int left = PQflush(connection_);
    if (left == 0) return absl::OkStatus();
    if (left < 0) break;
    // The server may wait until its answers are taken before it reads on.
    SALES_RETURN_IF_ERROR(WaitForSocket(POLLIN | POLLOUT, end));
    if (PQconsumeInput(connection_) == 0) break;
  }
  return Lost(PostgresUnavailable("reached; the connection was lost"));
}

absl::Status PostgresConnection::WaitForSocket(short events, absl::Time until) {
  while (true) {
    const absl::Duration left = until - absl::Now();
    if (left <= absl::ZeroDuration()) {
      return Lost(
          deadline_ != absl::InfiniteFuture()
              ? MakeError(Reason::kDeadlineExceeded, "the deadline passed while the store worked")
              : PostgresUnavailable("waited for any longer"));
    }
    pollfd waiting = {PQsocket(connection_), events, 0};
    const int ready =
        poll(&waiting, 1,
             static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(left) + 1, 60'000)));
    if (ready > 0) return absl::OkStatus();
  }
}

absl::Status PostgresConnection::RunScript(const std::string& sql) {
  SALES_RETURN_IF_ERROR(SendSync());
  SALES_RETURN_IF_ERROR(Settle(0));
  PQexitPipelineMode(connection_);
  PQsetnonblocking(connection_, 0);
  const Result result(PQexec(connection_, sql.c_str()));
  const ExecStatusType kind = PQresultStatus(result.get());
  absl::Status status;
  if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK) status = PostgresError(result.get());
  if (PQstatus(connection_) != CONNECTION_OK) return Lost(std::move(status));
  PQsetnonblocking(connection_, 1);
  PQenterPipelineMode(connection_);
  return status;
}

absl::StatusOr<std::vector<std::string>> PostgresConnection::WaitForNotices(absl::Time until) {
  std::vector<std::string> told;
  while (true) {
    if (!LooksAlive()) return Lost(PostgresUnavailable("reached; the connection was lost"));
    while (PGnotify* const notice = PQnotifies(connection_)) {
      told.emplace_back(notice->extra);
      PQfreemem(notice);
    }
    const absl::Duration left = until - absl::Now();
    if (!told.empty() || left <= absl::ZeroDuration()) return told;
    pollfd waiting = {PQsocket(connection_), POLLIN, 0};
    poll(&waiting, 1, static_cast<int>(absl::ToInt64Milliseconds(left) + 1));
  }
}

}  // namespace sales::sql
